export { type BlankDefaults, createBlankDocx } from './blank.js';
export { compareDocuments } from './compare/compare-documents.js';
export type * from './compare/comparison.js';
export { applyDocumentSettings, type DocumentSettings } from './document-settings.js';
export type { DocumentFacts } from './facts.js';
export { exportHtml, type HtmlExport } from './html-export.js';
export { type HtmlImport, importHtml } from './html-import.js';
export {
  type ImportRefusal,
  type ImportResult,
  importDocx,
  type VetResult,
  vetDocx,
} from './import.js';
export { type OoxmlPackage, openPackage, type StoryKind, storyParts } from './package.js';
export { drawFirstPage } from './page-picture.js';
export { findPaperSize, PAPER_SIZES, type PaperSize, readLength } from './page-setup.js';
export { exportText, importText } from './plain-text.js';
export { type ReviewTraces, settleReview } from './review-traces.js';
export { type SaveInput, writeDocx } from './save.js';
export { documentText, type StoryText } from './text.js';
