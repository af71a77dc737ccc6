export * from './callback-settings.js';
export { createSaves, DEFAULT_SAVE_LIMITS, type SavePipeline } from './create-saves.js';
export type * from './deliverer.js';
export { DEFAULT_RETRY_LIMITS, type RetryLimits } from './retry-policy.js';
export { canSendAgain, eachSave, sendAgain, sendHostAgain } from './retry-save.js';
export type * from './save.js';
export type { SaveLimits, SaveMeter, SavesDeps, SaveTrouble } from './save-deps.js';
export type * from './saves.js';
export { fileNameOf, hostOf, mediaTypeOf, targetIdOf } from './target.js';
