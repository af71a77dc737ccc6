import { Inflate, inflateSync, strFromU8 } from 'fflate';
import { crc32 } from './crc32.js';
import type { PackageLimits } from './limits.js';

export type ZipRefusal =
  | 'not-a-zip'
  | 'too-large'
  | 'too-many-entries'
  | 'bad-name'
  | 'duplicate-name'
  | 'encrypted'
  | 'malformed';

/** A file that cannot be read as a zip within the limits: which rule refused it, and where. */
export class ZipError extends Error {
  constructor(
    readonly reason: ZipRefusal,
    detail: string,
  ) {
    super(detail);
    this.name = 'ZipError';
  }
}

/** One file of an archive, as its central directory describes it. */
export interface ZipEntry {
  /** Normalised: no leading "/", checked for "..", backslashes and control characters. */
  readonly name: string;
  /** The name as the archive spells it. */
  readonly rawName: string;
  readonly isFolder: boolean;
  /** 0 stored, 8 deflated; nothing else is accepted. */
  readonly method: 0 | 8;
  readonly crc: number;
  readonly compressedSize: number;
  readonly size: number;
  /** Offsets into the archive: the local record runs to the next one, the payload lies in it. */
  readonly localOffset: number;
  readonly localEnd: number;
  readonly payloadOffset: number;
  readonly centralOffset: number;
  readonly centralEnd: number;
}

export interface ZipArchive {
  readonly bytes: Uint8Array;
  /** In the order of the central directory. */
  readonly entries: readonly ZipEntry[];
  readonly comment: Uint8Array;
}

const END_SIGNATURE = 0x06054b50;
const END_SIZE = 22;
const CENTRAL_SIGNATURE = 0x02014b50;
const CENTRAL_SIZE = 46;
const LOCAL_SIGNATURE = 0x04034b50;
const LOCAL_SIZE = 30;
const ZIP64_END_SIGNATURE = 0x06064b50;
const ZIP64_LOCATOR_SIGNATURE = 0x07064b50;
const ZIP64_LOCATOR_SIZE = 20;
const ZIP64_EXTRA = 0x0001;
const FLAG_ENCRYPTED = 1;
const FLAG_UTF8 = 1 << 11;
const MAX_COMMENT = 0xffff;
/** Deflate expands by at most 1032 : 1, so a piece of this size yields 33 MB at worst before we look again. */
const INFLATE_PIECE = 32 * 1024;

/**
 * Walks the central directory and checks everything that can be checked before a byte is inflated: number and names of entries,
 * declared sizes, ratios, overlaps. Throws `ZipError`. PKWARE APPNOTE 6.3.
 */
export function readZipDirectory(bytes: Uint8Array, limits: PackageLimits): ZipArchive {
  if (bytes.length > limits.maxFileBytes) {
    throw new ZipError(
      'too-large',
      `the file has ${bytes.length} bytes, the limit is ${limits.maxFileBytes}`,
    );
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = findEnd(view);
  const directory = readEnd(view, end);
  if (directory.count > limits.maxEntries) {
    throw new ZipError('too-many-entries', `${directory.count} entries, the limit is ${limits.maxEntries}`);
  }
  const listed: ListedEntry[] = [];
  let offset = directory.offset;
  for (let index = 0; index < directory.count; index += 1) {
    const entry = readCentral(view, bytes, offset, directory.end);
    listed.push(entry);
    offset = entry.centralEnd;
  }
  checkSizes(listed, limits);
  checkNames(listed);
  const entries = locate(view, bytes, listed, directory.offset);
  return { bytes, entries, comment: bytes.subarray(end + END_SIZE) };
}

/** The inflated bytes of one entry, never more than it declared; wrong length or checksum is `malformed`. */
export function inflateEntry(archive: ZipArchive, entry: ZipEntry): Uint8Array {
  const payload = payloadOf(archive, entry);
  const content = entry.method === 0 ? payload : inflate(payload, entry);
  if (content.length !== entry.size || crc32(content) !== entry.crc) {
    throw new ZipError('malformed', `${entry.name} does not hold what the directory declares`);
  }
  return content;
}

/** The entry's bytes as they lie in the archive. */
export function payloadOf(archive: ZipArchive, entry: ZipEntry): Uint8Array {
  return archive.bytes.subarray(entry.payloadOffset, entry.payloadOffset + entry.compressedSize);
}

type ListedEntry = Omit<ZipEntry, 'localEnd' | 'payloadOffset'>;

function findEnd(view: DataView): number {
  const last = view.byteLength - END_SIZE;
  for (let offset = last; offset >= Math.max(0, last - MAX_COMMENT); offset -= 1) {
    if (view.getUint32(offset, true) !== END_SIGNATURE) continue;
    if (offset + END_SIZE + view.getUint16(offset + 20, true) === view.byteLength) return offset;
  }
  const startsLikeZip = view.byteLength >= 4 && view.getUint32(0, true) === LOCAL_SIGNATURE;
  if (startsLikeZip) throw new ZipError('malformed', 'the zip directory at the end of the file is missing');
  throw new ZipError('not-a-zip', 'the file is not a zip archive');
}

function readEnd(view: DataView, end: number): { count: number; offset: number; end: number } {
  let count = view.getUint16(end + 10, true);
  let size = view.getUint32(end + 12, true);
  let offset = view.getUint32(end + 16, true);
  let limit = end;
  const locator = end - ZIP64_LOCATOR_SIZE;
  if (
    (count === 0xffff || size === 0xffffffff || offset === 0xffffffff) &&
    locator >= 0 &&
    view.getUint32(locator, true) === ZIP64_LOCATOR_SIGNATURE
  ) {
    const zip64 = readUint64(view, locator + 8);
    if (zip64 + 56 > locator || view.getUint32(zip64, true) !== ZIP64_END_SIGNATURE) {
      throw new ZipError('malformed', 'the zip64 directory end is damaged');
    }
    count = readUint64(view, zip64 + 32);
    size = readUint64(view, zip64 + 40);
    offset = readUint64(view, zip64 + 48);
    limit = zip64;
  }
  if (offset + size > limit) throw new ZipError('malformed', 'the zip directory lies outside the file');
  return { count, offset, end: offset + size };
}

function readCentral(view: DataView, bytes: Uint8Array, offset: number, limit: number): ListedEntry {
  if (offset + CENTRAL_SIZE > limit || view.getUint32(offset, true) !== CENTRAL_SIGNATURE) {
    throw new ZipError('malformed', 'the zip directory is cut short');
  }
  const flags = view.getUint16(offset + 8, true);
  const method = view.getUint16(offset + 10, true);
  const nameLength = view.getUint16(offset + 28, true);
  const extraLength = view.getUint16(offset + 30, true);
  const centralEnd = offset + CENTRAL_SIZE + nameLength + extraLength + view.getUint16(offset + 32, true);
  if (centralEnd > limit) throw new ZipError('malformed', 'the zip directory is cut short');
  const nameStart = offset + CENTRAL_SIZE;
  const rawName = strFromU8(bytes.subarray(nameStart, nameStart + nameLength), (flags & FLAG_UTF8) === 0);
  if (flags & FLAG_ENCRYPTED) throw new ZipError('encrypted', `${rawName} is encrypted`);
  if (method !== 0 && method !== 8) throw new ZipError('malformed', `${rawName} uses compression ${method}`);
  let size = view.getUint32(offset + 24, true);
  let compressedSize = view.getUint32(offset + 20, true);
  let localOffset = view.getUint32(offset + 42, true);
  for (let extra = nameStart + nameLength; extra + 4 <= nameStart + nameLength + extraLength; ) {
    const length = view.getUint16(extra + 2, true);
    if (view.getUint16(extra, true) === ZIP64_EXTRA) {
      let field = extra + 4;
      const next = (): number => {
        if (field + 8 > extra + 4 + length)
          throw new ZipError('malformed', `${rawName} has a damaged zip64 field`);
        field += 8;
        return readUint64(view, field - 8);
      };
      if (size === 0xffffffff) size = next();
      if (compressedSize === 0xffffffff) compressedSize = next();
      if (localOffset === 0xffffffff) localOffset = next();
    }
    extra += 4 + length;
  }
  if (method === 0 && size !== compressedSize)
    throw new ZipError('malformed', `${rawName} declares two sizes`);
  return {
    name: normalizeEntryName(rawName),
    rawName,
    isFolder: rawName.endsWith('/'),
    method,
    crc: view.getUint32(offset + 16, true),
    compressedSize,
    size,
    localOffset,
    centralOffset: offset,
    centralEnd,
  };
}

/** Removes a leading "/"; refuses what could reach outside the package or hide another entry. */
export function normalizeEntryName(rawName: string): string {
  const name = rawName.replace(/^\/+/, '');
  const segments = name.replace(/\/$/, '').split('/');
  const isBad =
    name === '' ||
    name.includes('\\') ||
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters in names are what is refused
    /[\u0000-\u001f\u007f]/.test(name) ||
    /^[A-Za-z]:/.test(name) ||
    segments.some((segment) => segment === '' || segment === '.' || segment === '..');
  if (isBad)
    throw new ZipError('bad-name', `the entry name ${JSON.stringify(rawName.slice(0, 200))} is not allowed`);
  return name;
}

function checkSizes(entries: readonly ListedEntry[], limits: PackageLimits): void {
  let total = 0;
  for (const entry of entries) {
    total += entry.size;
    if (entry.size > limits.maxEntryBytes) {
      throw new ZipError(
        'too-large',
        `${entry.name} inflates to ${entry.size} bytes, the limit is ${limits.maxEntryBytes}`,
      );
    }
    if (entry.size > limits.ratioFloorBytes && entry.size > entry.compressedSize * limits.maxRatio) {
      throw new ZipError('too-large', `${entry.name} inflates more than ${limits.maxRatio} times`);
    }
  }
  if (total > limits.maxInflatedBytes) {
    throw new ZipError(
      'too-large',
      `the content inflates to ${total} bytes, the limit is ${limits.maxInflatedBytes}`,
    );
  }
}

function checkNames(entries: readonly ListedEntry[]): void {
  const seen = new Set<string>();
  for (const entry of entries) {
    // OPC part names are equal when they differ in ASCII case only (ISO/IEC 29500-2, 6.3.5).
    const key = entry.name.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
    if (seen.has(key)) throw new ZipError('duplicate-name', `the entry ${entry.name} is there twice`);
    seen.add(key);
  }
}

/** Follows every entry to its local record; overlapping records (a known way to multiply a bomb) are refused. */
function locate(
  view: DataView,
  bytes: Uint8Array,
  listed: readonly ListedEntry[],
  directoryOffset: number,
): ZipEntry[] {
  const byOffset = [...listed].sort((a, b) => a.localOffset - b.localOffset);
  const located = new Map<ListedEntry, ZipEntry>();
  byOffset.forEach((entry, index) => {
    const start = entry.localOffset;
    const localEnd = byOffset[index + 1]?.localOffset ?? directoryOffset;
    if (start + LOCAL_SIZE > bytes.length || view.getUint32(start, true) !== LOCAL_SIGNATURE) {
      throw new ZipError('malformed', `${entry.name} has no local record`);
    }
    const payloadOffset =
      start + LOCAL_SIZE + view.getUint16(start + 26, true) + view.getUint16(start + 28, true);
    if (payloadOffset + entry.compressedSize > localEnd) {
      throw new ZipError('malformed', `${entry.name} runs into the next entry`);
    }
    located.set(entry, { ...entry, localEnd, payloadOffset });
  });
  return listed.map((entry) => located.get(entry) as ZipEntry);
}

/** Inflates piece by piece so that a stream which lies about its size costs one piece too many, not the machine. */
function inflate(payload: Uint8Array, entry: ZipEntry): Uint8Array {
  try {
    const out = new Uint8Array(entry.size);
    if (payload.length <= INFLATE_PIECE) return inflateSync(payload, { out });
    let filled = 0;
    const stream = new Inflate((chunk) => {
      if (filled + chunk.length > out.length)
        throw new ZipError('malformed', `${entry.name} inflates to more than declared`);
      out.set(chunk, filled);
      filled += chunk.length;
    });
    for (let start = 0; start < payload.length; start += INFLATE_PIECE) {
      stream.push(payload.subarray(start, start + INFLATE_PIECE), start + INFLATE_PIECE >= payload.length);
    }
    return out.subarray(0, filled);
  } catch (cause) {
    if (cause instanceof ZipError) throw cause;
    throw new ZipError('malformed', `${entry.name} cannot be inflated`);
  }
}

function readUint64(view: DataView, offset: number): number {
  if (offset < 0 || offset + 8 > view.byteLength)
    throw new ZipError('malformed', 'a zip64 field lies outside the file');
  return view.getUint32(offset + 4, true) * 0x1_0000_0000 + view.getUint32(offset, true);
}
