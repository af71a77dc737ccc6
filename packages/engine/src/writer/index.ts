export { type BlankDefaults, createBlankDocx } from './blank.js';
export type { DocumentFacts } from './facts.js';
export { type ImportRefusal, type ImportResult, importDocx } from './import.js';
export { type OoxmlPackage, openPackage, type StoryKind, storyParts } from './package.js';
export { findPaperSize, PAPER_SIZES, type PaperSize, readLength } from './page-setup.js';
export { exportText, importText } from './plain-text.js';
export { type SaveInput, writeDocx } from './save.js';
export { documentText, type StoryText } from './text.js';
