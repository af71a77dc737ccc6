import { encodeUtf8, writeZip } from '@officina/engine/kit';
import {
  drawFirstPage,
  exportHtml,
  exportText,
  importDocx,
  openPackage,
  settleReview,
} from '@officina/engine/writer';
import type { Job, JobAnswer } from './jobs.js';

/** Makes a page or a text of a docx. Runs where files from outside are read: the docx may come straight from a caller. */
export function performExport(
  docx: Uint8Array,
  { format, title, traces }: Extract<Job, { kind: 'export' }>,
): { answer: JobAnswer; blobs: readonly Uint8Array[] } {
  const given = importDocx(docx);
  const file = given.ok ? settleReview(docx, traces) : docx;
  const imported = file === docx ? given : importDocx(file);
  if (!imported.ok) {
    const message = `The document cannot be read: ${imported.detail}.`;
    return { answer: { kind: 'refused', code: 'format_unsupported', message }, blobs: [] };
  }
  if (format === 'docx') return { answer: { kind: 'exported', packaging: 'plain' }, blobs: [file] };
  const pkg = openPackage(imported.value.base);
  if (format === 'txt') return plain(exportText(pkg));
  if (format === 'svg') return plain(drawFirstPage(pkg));
  const { html, pictures } = exportHtml(pkg, title);
  if (pictures.length === 0 && format === 'html') return plain(html);
  const files = [{ name: PAGE_NAME, bytes: encodeUtf8(html) }, ...pictures];
  const zip = writeZip(files.map(({ name, bytes }) => ({ kind: 'added', name, content: bytes })));
  return { answer: { kind: 'exported', packaging: 'zip' }, blobs: [zip] };
}

/** The page's own name in the zip that it shares with its pictures. */
const PAGE_NAME = 'index.html';

function plain(text: string): { answer: JobAnswer; blobs: readonly Uint8Array[] } {
  return { answer: { kind: 'exported', packaging: 'plain' }, blobs: [encodeUtf8(text)] };
}
