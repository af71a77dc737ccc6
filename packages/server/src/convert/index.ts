export {
  createDocumentEngine,
  type DocumentEngineOptions,
  type EngineLimits,
  type ForeignConverter,
  type PageExporter,
} from './create-document-engine.js';
export type { ForeignFormat } from './jobs.js';
