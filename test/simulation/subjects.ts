import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createBlankDocx } from '@officina/engine/writer';
import type { Subject } from './run.js';

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

/** Documents to run on: made ones always, those of the corpus folder when it is there. */
export function subjects(corpus: string | undefined): readonly Subject[] {
  const made: Subject[] = [{ name: 'blank', bytes: createBlankDocx() }];
  const folder = corpus ? join(corpus, 'docx') : null;
  if (!folder || !existsSync(folder)) return made;
  const there = new Set(readdirSync(folder));
  const found = CORPUS_FILES.filter((name) => there.has(name)).map((name) => ({
    name,
    bytes: new Uint8Array(readFileSync(join(folder, name))),
  }));
  return [...made, ...found];
}
