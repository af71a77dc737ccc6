export {
  createDocumentEngine,
  type DocumentEngineOptions,
  type EngineLimits,
  type ForeignConverter,
  type PageExporter,
} from './create-document-engine.js';
export { createFormatMaker } from './create-format-maker.js';
export type { ForeignFormat } from './jobs.js';
