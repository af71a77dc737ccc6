import { DEFAULT_PACKAGE_LIMITS, readZipDirectory, ZipError } from '@officina/engine/kit';

/**
 * Size from which the editor opens a file by and by: it reads it in slices, asks for the fonts that it names before it
 * lays anything out, and shows the first pages while the others follow. Below it lays the whole file out at once with
 * estimated widths, and again when the fonts have come, which with fifty pages is seconds.
 */
const OPENED_BY_AND_BY = 512 * 1024;
/** APPNOTE.TXT 4.3.16: the record at the end is 22 bytes and a comment, and names where the directory begins. */
const END_LENGTH = 22;
const DIRECTORY_OFFSET_AT = 16;

/** The same zip file with so much room before its directory that the editor opens it by and by. */
export function roomyDocx(docx: Uint8Array): Uint8Array {
  const missing = OPENED_BY_AND_BY - docx.byteLength;
  const place = missing > 0 ? directoryOf(docx) : null;
  if (place === null) return docx;
  const roomy = new Uint8Array(OPENED_BY_AND_BY);
  roomy.set(docx.subarray(0, place.start));
  roomy.set(docx.subarray(place.start), place.start + missing);
  new DataView(roomy.buffer).setUint32(place.namedAt + missing, place.start + missing, true);
  return roomy;
}

/** Where the directory begins, and where the file says so; null in what is no plain zip file. */
function directoryOf(docx: Uint8Array): { start: number; namedAt: number } | null {
  try {
    const { entries, comment } = readZipDirectory(docx, DEFAULT_PACKAGE_LIMITS);
    const start = entries[0]?.centralOffset;
    const namedAt = docx.byteLength - comment.byteLength - END_LENGTH + DIRECTORY_OFFSET_AT;
    const view = new DataView(docx.buffer, docx.byteOffset, docx.byteLength);
    // A zip64 file names it elsewhere.
    return start !== undefined && view.getUint32(namedAt, true) === start ? { start, namedAt } : null;
  } catch (error) {
    if (error instanceof ZipError) return null;
    throw error;
  }
}
