/**
 * Size from which the editor opens a file by and by: it reads it in slices, asks for the fonts that it names before it
 * lays anything out, and shows the first pages while the others follow. Below it lays the whole file out at once with
 * estimated widths, and again when the fonts have come, which with fifty pages is seconds.
 */
const OPENED_BY_AND_BY = 512 * 1024;
/** APPNOTE.TXT 4.3.16: the end of the central directory, 22 bytes and a comment of at most 65,535. */
const END_SIGNATURE = 0x06054b50;
const END_LENGTH = 22;
const COMMENT_LIMIT = 0xffff;
const DIRECTORY_OFFSET_AT = 16;

/** The same zip file with so much room before its directory that the editor opens it by and by. */
export function roomyDocx(docx: Uint8Array): Uint8Array {
  const missing = OPENED_BY_AND_BY - docx.byteLength;
  const end = missing > 0 ? endOfDirectory(docx) : null;
  if (end === null) return docx;
  const view = new DataView(docx.buffer, docx.byteOffset, docx.byteLength);
  const directory = view.getUint32(end + DIRECTORY_OFFSET_AT, true);
  if (directory > end) return docx;
  const roomy = new Uint8Array(OPENED_BY_AND_BY);
  roomy.set(docx.subarray(0, directory));
  roomy.set(docx.subarray(directory), directory + missing);
  new DataView(roomy.buffer).setUint32(end + missing + DIRECTORY_OFFSET_AT, directory + missing, true);
  return roomy;
}

/** Where the record stands that ends the file; null in what is no zip file. */
function endOfDirectory(docx: Uint8Array): number | null {
  const view = new DataView(docx.buffer, docx.byteOffset, docx.byteLength);
  const last = docx.byteLength - END_LENGTH;
  for (let at = last; at >= 0 && at >= last - COMMENT_LIMIT; at--)
    if (view.getUint32(at, true) === END_SIGNATURE) return at;
  return null;
}
