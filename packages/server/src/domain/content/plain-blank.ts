import type { BlankDefaults } from './document-engine.js';

/** A blank document of which nobody has said anything. */
export const PLAIN_BLANK: BlankDefaults = {
  orientation: 'portrait',
  paperSize: 'Letter',
  fontName: 'Arial',
  fontSizePt: 12,
  marginsMm: { top: 25.4, right: 25.4, bottom: 25.4, left: 25.4 },
  trackChanges: false,
  language: null,
  dateFormat: null,
};
