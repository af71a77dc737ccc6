import type { Save } from '../domain/saving/save.js';
import { fileNameOf, isZippedPage, mediaTypeOf } from '../domain/saving/target.js';

export interface MultipartBody {
  contentType: string;
  /** Known beforehand, so that simple receivers need not understand chunked bodies. */
  contentLength: number;
  /** The body from its start; a large file is handed out in pieces of the given bytes, never copied. */
  content(): Uint8Array | AsyncIterable<Uint8Array>;
}

const FILE_PART = 'content';
const PIECE_BYTES = 256 * 1024;

/**
 * The body of a save callback: the caller's fields with their `$variables` filled in, then the file. `filename` and
 * `format` are there unless the caller uses the names otherwise; a field whose value is `$content` renames the file's part.
 */
export function composeSaveBody(save: Save, bytes: Uint8Array): MultipartBody {
  const { format, params } = save.target;
  const isZip = isZippedPage(format, bytes);
  const fileName = isZip ? fileNameOf(save).replace(/\.\w+$/, '.zip') : fileNameOf(save);
  const variables: Readonly<Record<string, string>> = {
    $filename: fileName,
    $format: format,
    $session_id: save.sessionId,
    $document_id: save.documentId,
  };
  const fields = new Map<string, string>([
    ['filename', fileName],
    ['format', format],
  ]);
  let filePart = FILE_PART;
  for (const [name, value] of Object.entries(params)) {
    if (value === '$content') filePart = name;
    else fields.set(name, variables[String(value)] ?? String(value));
  }
  fields.delete(filePart);

  // The file's own hash cannot stand inside the file.
  const boundary = `officina-${(save.sha256 ?? save.id).slice(0, 40)}`;
  const parts = [...fields].map(
    ([name, value]) =>
      `--${boundary}\r\nContent-Disposition: form-data; name="${escapeName(name)}"\r\n\r\n${value}\r\n`,
  );
  parts.push(
    `--${boundary}\r\nContent-Disposition: form-data; name="${escapeName(filePart)}"; filename="${escapeName(fileName)}"\r\n` +
      `Content-Type: ${isZip ? 'application/zip' : mediaTypeOf(format)}\r\n\r\n`,
  );
  const head = Buffer.from(parts.join(''), 'utf8');
  const tail = Buffer.from(`\r\n--${boundary}--\r\n`, 'utf8');
  async function* pieces() {
    yield head;
    for (let at = 0; at < bytes.length; at += PIECE_BYTES) yield bytes.subarray(at, at + PIECE_BYTES);
    yield tail;
  }
  return {
    contentType: `multipart/form-data; boundary=${boundary}`,
    contentLength: head.length + bytes.length + tail.length,
    content: () => (bytes.length > PIECE_BYTES ? pieces() : Buffer.concat([head, bytes, tail])),
  };
}

/** As browsers do it (WHATWG HTML, multipart/form-data encoding algorithm). */
function escapeName(name: string): string {
  return name.replaceAll('\n', '%0A').replaceAll('\r', '%0D').replaceAll('"', '%22');
}
