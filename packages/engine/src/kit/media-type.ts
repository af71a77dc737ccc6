import { DEFAULT_PACKAGE_LIMITS } from './limits.js';
import { decodeUtf8 } from './text-codec.js';
import { inflateEntry, readZipDirectory, type ZipArchive, ZipError } from './zip-read.js';

export type MediaKind =
  | 'docx'
  | 'encrypted-docx'
  | 'xlsx'
  | 'pptx'
  | 'doc'
  | 'ole'
  | 'odt'
  | 'sxw'
  | 'rtf'
  | 'html'
  | 'txt'
  | 'pdf'
  | 'zip'
  | 'png'
  | 'jpeg'
  | 'gif'
  | 'empty'
  | 'unknown';

/** What the bytes are, judged by content alone; a name or a declared type is never believed. Never throws. */
export function sniffMedia(bytes: Uint8Array): MediaKind {
  if (bytes.length === 0) return 'empty';
  for (const [kind, signature] of SIGNATURES) {
    if (signature.every((byte, index) => bytes[index] === byte)) return kind;
  }
  if (startsWith(bytes, OLE_SIGNATURE)) return sniffOle(bytes);
  if (startsWith(bytes, ZIP_SIGNATURE)) return sniffZip(bytes);
  return sniffText(bytes);
}

const SIGNATURES: readonly (readonly [MediaKind, readonly number[]])[] = [
  ['pdf', [0x25, 0x50, 0x44, 0x46, 0x2d]],
  ['rtf', [0x7b, 0x5c, 0x72, 0x74, 0x66]],
  ['png', [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]],
  ['jpeg', [0xff, 0xd8, 0xff]],
  ['gif', [0x47, 0x49, 0x46, 0x38]],
];
const OLE_SIGNATURE = [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];
const ZIP_SIGNATURE = [0x50, 0x4b];
const MAX_DIRECTORY_SECTORS = 64;
const OLE_ENTRY_SIZE = 128;
const TEXT_SAMPLE = 64 * 1024;
const MAX_NAMED_BYTES = 256 * 1024;

function startsWith(bytes: Uint8Array, signature: readonly number[]): boolean {
  return signature.every((byte, index) => bytes[index] === byte);
}

/** Names of the streams in a compound file's directory ([MS-CFB] 2.6), following its chain for a bounded number of sectors. */
function sniffOle(bytes: Uint8Array): MediaKind {
  const names = oleStreamNames(bytes);
  if (names.has('EncryptedPackage')) return 'encrypted-docx';
  if (names.has('WordDocument')) return 'doc';
  return 'ole';
}

function oleStreamNames(bytes: Uint8Array): Set<string> {
  const names = new Set<string>();
  if (bytes.length < 512) return names;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const sectorShift = view.getUint16(30, true);
  if (sectorShift !== 9 && sectorShift !== 12) return names;
  const sectorSize = 1 << sectorShift;
  let sector = view.getUint32(48, true);
  for (let count = 0; count < MAX_DIRECTORY_SECTORS && sector < 0xfffffffa; count += 1) {
    const start = (sector + 1) * sectorSize;
    if (start + sectorSize > bytes.length) break;
    for (let entry = start; entry < start + sectorSize; entry += OLE_ENTRY_SIZE) {
      const length = Math.min(view.getUint16(entry + 64, true), 64);
      let name = '';
      for (let at = 0; at + 2 < length; at += 2)
        name += String.fromCharCode(view.getUint16(entry + at, true));
      if (name !== '') names.add(name);
    }
    sector = nextSector(view, sector, sectorSize);
  }
  return names;
}

function nextSector(view: DataView, sector: number, sectorSize: number): number {
  const perSector = sectorSize / 4;
  const block = Math.floor(sector / perSector);
  if (block >= 109) return 0xfffffffe;
  const fatSector = view.getUint32(76 + block * 4, true);
  const at = (fatSector + 1) * sectorSize + (sector % perSector) * 4;
  return at + 4 <= view.byteLength ? view.getUint32(at, true) : 0xfffffffe;
}

function sniffZip(bytes: Uint8Array): MediaKind {
  let archive: ZipArchive;
  try {
    archive = readZipDirectory(bytes, { ...DEFAULT_PACKAGE_LIMITS, maxFileBytes: Number.POSITIVE_INFINITY });
  } catch (cause) {
    if (cause instanceof ZipError) return 'zip';
    throw cause;
  }
  const names = new Set(archive.entries.map((entry) => entry.name.toLowerCase()));
  if (names.has('mimetype')) return sniffOpenDocument(archive);
  if (!names.has('[content_types].xml')) return 'zip';
  if ([...names].some((name) => name.startsWith('xl/'))) return 'xlsx';
  if ([...names].some((name) => name.startsWith('ppt/'))) return 'pptx';
  return 'docx';
}

function sniffOpenDocument(archive: ZipArchive): MediaKind {
  const entry = archive.entries.find((each) => each.name === 'mimetype');
  if (!entry || entry.size > MAX_NAMED_BYTES) return 'zip';
  try {
    const declared = decodeUtf8(inflateEntry(archive, entry))?.trim() ?? '';
    if (declared.startsWith('application/vnd.oasis.opendocument.text')) return 'odt';
    if (declared.startsWith('application/vnd.sun.xml.writer')) return 'sxw';
  } catch (cause) {
    if (!(cause instanceof ZipError)) throw cause;
  }
  return 'zip';
}

function sniffText(bytes: Uint8Array): MediaKind {
  const sample = bytes.subarray(0, TEXT_SAMPLE);
  const isUtf16 = (sample[0] === 0xff && sample[1] === 0xfe) || (sample[0] === 0xfe && sample[1] === 0xff);
  let controls = 0;
  let head = '';
  for (const byte of sample) {
    if (byte < 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0c && byte !== 0x0d && byte !== 0x1b)
      controls += 1;
    if (head.length < 1024 && byte !== 0) head += String.fromCharCode(byte);
  }
  const isPage =
    /^[\s\u00ef\u00bb\u00bf\u00fe\u00ff]*(?:<\?xml[^>]*>\s*)?(?:<!--[\s\S]*?-->\s*)*<(?:!doctype\s+html|html|head|body)[\s>]/i.test(
      head,
    );
  // A page says what it is; LibreOffice leaves a few controls in those that it writes.
  if (controls > 0 && !isUtf16) return isPage && !sample.includes(0) ? 'html' : 'unknown';
  return isPage ? 'html' : 'txt';
}
