import { type MediaKind, sniffMedia } from '@officina/engine/kit';
import { type ImportRefusal, importDocx, importHtml, importText } from '@officina/engine/writer';
import type { ErrorCode } from '@officina/protocol';
import type { ForeignFormat, JobAnswer } from './jobs.js';

const CODE_OF_REFUSAL: Readonly<Record<ImportRefusal, ErrorCode>> = {
  'not-a-document': 'format_unsupported',
  malformed: 'format_unsupported',
  'forbidden-content': 'format_unsupported',
  'too-large': 'upload_too_large',
  encrypted: 'password_required',
};

const FOREIGN: ReadonlySet<MediaKind> = new Set<ForeignFormat>([
  'doc',
  'odt',
  'rtf',
  'sxw',
  'pdf',
  'encrypted-docx',
]);

/** Any bytes could be called text, so only a name makes them a text document. */
const TEXT_NAME = /\.(txt|text)$/i;
const PAGE_NAME = /\.x?html?$/i;

/** Reads a file from outside. Runs where a crash or a flood of memory harms nobody. */
export function performImport(
  bytes: Uint8Array,
  fileName: string | null,
): { answer: JobAnswer; blobs: readonly Uint8Array[] } {
  const kind = sniffMedia(bytes);
  if (isForeign(kind)) return { answer: { kind: 'foreign', format: kind }, blobs: [] };
  const name = fileName ?? '';
  if ((kind === 'txt' || kind === 'html') && TEXT_NAME.test(name)) {
    const original = importText(bytes);
    return present(importDocx(original), [original]);
  }
  // A fragment is known by its name alone.
  if (kind === 'html' || (kind === 'txt' && PAGE_NAME.test(name))) {
    const { docx, warnings } = importHtml(bytes);
    return present(importDocx(docx), [docx], warnings);
  }
  return present(importDocx(bytes), []);
}

function present(
  result: ReturnType<typeof importDocx>,
  made: readonly Uint8Array[],
  warnings: readonly string[] = [],
): { answer: JobAnswer; blobs: readonly Uint8Array[] } {
  if (!result.ok) return refuse(CODE_OF_REFUSAL[result.reason], result.detail);
  const answer: JobAnswer = { kind: 'imported', warnings: [...warnings, ...result.warnings] };
  return { answer, blobs: [result.value.base, ...made] };
}

function refuse(code: ErrorCode, detail: string): { answer: JobAnswer; blobs: readonly Uint8Array[] } {
  return { answer: { kind: 'refused', code, message: `The file cannot be opened: ${detail}.` }, blobs: [] };
}

function isForeign(kind: MediaKind): kind is ForeignFormat {
  return FOREIGN.has(kind);
}
