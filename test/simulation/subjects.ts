import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createBlankDocx } from '@officina/engine/writer';
import { type CorpusName, makeDocument } from '../corpus/make.js';
import type { Subject } from './run.js';
import { workshop } from './workshop.js';

/** Real files that bring what made ones lack: tables, lists, notes, tracked changes, headers, controls, images. */
const CORPUS_FILES = [
  'delins.docx',
  'ComplexNumberedLists.docx',
  'footnotes.docx',
  'SampleDoc.docx',
  'endnotes.docx',
  'headerFooter.docx',
  'TestTableColumns.docx',
  'bookmarks.docx',
  'comment.docx',
  'FldSimple.docx',
  'checkboxes.docx',
  'Numbering.docx',
  'bug56075-changeTracking_on.docx',
  'WithGIF.docx',
];

const MADE: readonly CorpusName[] = [
  'plain',
  'tables',
  'nested-lists',
  'notes',
  'headers-footers',
  'comments',
  'tracked-changes',
  'fields',
  'content-controls',
  'text-boxes',
  'images',
  'right-to-left',
  'sections-columns',
  'equations',
  'links-bookmarks',
  'broken-identities',
];

/** Documents to run on: made ones always, those of the corpus folder when it is there. */
export function subjects(corpus: string | undefined): readonly Subject[] {
  const made: Subject[] = [
    { name: 'blank', bytes: createBlankDocx() },
    { name: 'workshop', bytes: workshop() },
    ...MADE.map((name) => ({ name, bytes: makeDocument(name) })),
  ];
  const folder = corpus ? join(corpus, 'docx') : null;
  if (!folder || !existsSync(folder)) return made;
  const there = new Set(readdirSync(folder));
  const found = CORPUS_FILES.filter((name) => there.has(name)).map((name) => ({
    name,
    bytes: new Uint8Array(readFileSync(join(folder, name))),
  }));
  return [...made, ...found];
}
