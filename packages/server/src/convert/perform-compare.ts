import { encodeUtf8 } from '@officina/engine/kit';
import { compareDocuments, importDocx, type OoxmlPackage, openPackage } from '@officina/engine/writer';
import type { JobAnswer } from './jobs.js';

/** Says how one docx became another. Runs where files from outside are read. */
export function performCompare([before, after]: readonly Uint8Array[]): {
  answer: JobAnswer;
  blobs: readonly Uint8Array[];
} {
  if (!before || !after) throw new Error('A comparison lacks its documents.');
  const opened: OoxmlPackage[] = [];
  for (const docx of [before, after]) {
    const imported = importDocx(docx);
    if (!imported.ok) {
      const message = `The document cannot be read: ${imported.detail}.`;
      return { answer: { kind: 'refused', code: 'format_unsupported', message }, blobs: [] };
    }
    opened.push(openPackage(imported.value.base));
  }
  const [old, now] = opened as [OoxmlPackage, OoxmlPackage];
  const json = encodeUtf8(JSON.stringify(compareDocuments(old, now)));
  return { answer: { kind: 'compared' }, blobs: [json] };
}
