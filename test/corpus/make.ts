import { hugeTable, threeHundredPages } from './large-documents.js';
import { headersAndFooters, sectionsAndColumns, tables } from './layout-documents.js';
import { chart, embedded, images, textBoxes } from './object-documents.js';
import { comments, contentControls, oldComments, trackedChanges } from './review-documents.js';
import {
  equations,
  fields,
  linksAndBookmarks,
  nestedLists,
  notes,
  plain,
  rightToLeft,
} from './text-documents.js';
import {
  brokenIdentities,
  oddArchive,
  oddSpelling,
  otherPrefixes,
  unknownElements,
  utf16,
} from './unusual-documents.js';

export { bigPicture } from './object-documents.js';

export interface CorpusDocument {
  readonly name: string;
  readonly bytes: Uint8Array;
}

const BUILDERS = {
  plain,
  tables,
  images,
  'nested-lists': nestedLists,
  notes,
  'headers-footers': headersAndFooters,
  comments,
  'old-comments': oldComments,
  'tracked-changes': trackedChanges,
  fields,
  'content-controls': contentControls,
  'text-boxes': textBoxes,
  chart,
  'right-to-left': rightToLeft,
  'sections-columns': sectionsAndColumns,
  equations,
  'links-bookmarks': linksAndBookmarks,
  embedded,
  'unknown-elements': unknownElements,
  'odd-spelling': oddSpelling,
  'other-prefixes': otherPrefixes,
  'utf-16': utf16,
  'odd-archive': oddArchive,
  'broken-identities': brokenIdentities,
  'three-hundred-pages': threeHundredPages,
  'huge-table': hugeTable,
} satisfies Record<string, () => Uint8Array>;

export type CorpusName = keyof typeof BUILDERS;

/** Every document of the corpus, written in memory; the same bytes on every run and machine. */
export function makeCorpus(): CorpusDocument[] {
  return (Object.keys(BUILDERS) as CorpusName[]).map((name) => ({ name, bytes: makeDocument(name) }));
}

export function makeDocument(name: CorpusName): Uint8Array {
  return BUILDERS[name]();
}
