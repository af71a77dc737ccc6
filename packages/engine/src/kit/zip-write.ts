import { deflateSync, strToU8 } from 'fflate';
import { crc32 } from './crc32.js';
import { payloadOf, type ZipArchive, type ZipEntry } from './zip-read.js';

export type ZipPiece =
  /** The local record, payload and directory record of an archive's entry, byte for byte. */
  | { readonly kind: 'copied'; readonly archive: ZipArchive; readonly entry: ZipEntry }
  /** The compressed payload of an archive's entry under a fresh, plain header with its normalised name. */
  | { readonly kind: 'transplanted'; readonly archive: ZipArchive; readonly entry: ZipEntry }
  /** The place, name, method and date of an archive's entry with new content. */
  | {
      readonly kind: 'replaced';
      readonly archive: ZipArchive;
      readonly entry: ZipEntry;
      readonly content: Uint8Array;
    }
  | { readonly kind: 'added'; readonly name: string; readonly content: Uint8Array; readonly level?: 1 | 6 };

const LOCAL_SIZE = 30;
const CENTRAL_SIZE = 46;
const END_SIZE = 22;
const VERSION = 20;
const FLAG_UTF8 = 1 << 11;
const FLAG_DESCRIPTOR = 1 << 3;
/** 1980-01-01: the engine has no clock, and equal input must give equal bytes. */
const FIRST_DOS_DATE = 0x0021;
const DEFLATE_LEVEL = 6;
/** Media is compressed already; trying again costs seconds for tens of megabytes. */
const STORED_EXTENSIONS = /\.(png|jpe?g|gif|tiff?|webp|mp4|mp3|zip|docx|xlsx|pptx)$/i;

/** An archive of the pieces, in order. Equal pieces give equal bytes. */
export function writeZip(pieces: readonly ZipPiece[], comment: Uint8Array = new Uint8Array()): Uint8Array {
  const records = pieces.map(recordOf);
  const localSize = records.reduce(
    (sum, record) => sum + record.local.reduce((n, part) => n + part.length, 0),
    0,
  );
  const centralSize = records.reduce((sum, record) => sum + record.central.length, 0);
  const out = new Uint8Array(localSize + centralSize + END_SIZE + comment.length);
  const view = new DataView(out.buffer);
  const offsets: number[] = [];
  let offset = 0;
  for (const record of records) {
    offsets.push(offset);
    for (const part of record.local) {
      out.set(part, offset);
      offset += part.length;
    }
  }
  records.forEach((record, index) => {
    out.set(record.central, offset);
    view.setUint32(offset + 42, offsets[index] as number, true);
    offset += record.central.length;
  });
  view.setUint32(offset, 0x06054b50, true);
  view.setUint16(offset + 8, records.length, true);
  view.setUint16(offset + 10, records.length, true);
  view.setUint32(offset + 12, centralSize, true);
  view.setUint32(offset + 16, localSize, true);
  view.setUint16(offset + 20, comment.length, true);
  out.set(comment, offset + END_SIZE);
  return out;
}

interface ZipRecord {
  readonly local: readonly Uint8Array[];
  readonly central: Uint8Array;
}

function recordOf(piece: ZipPiece): ZipRecord {
  switch (piece.kind) {
    case 'copied':
      return copiedRecord(piece.archive, piece.entry);
    case 'transplanted': {
      const { entry, archive } = piece;
      return freshRecord({ ...entry, payload: payloadOf(archive, entry) });
    }
    case 'replaced': {
      const { entry, archive } = piece;
      const fresh = compress(entry.rawName, piece.content, entry.method);
      return likeRecord(archive, entry, freshRecord({ ...fresh, name: entry.rawName }));
    }
    case 'added':
      return freshRecord(
        compress(piece.name, piece.content, STORED_EXTENSIONS.test(piece.name) ? 0 : 8, piece.level),
      );
    default:
      return piece satisfies never;
  }
}

function copiedRecord(archive: ZipArchive, entry: ZipEntry): ZipRecord {
  const central = archive.bytes.slice(entry.centralOffset, entry.centralEnd);
  const hasZip64Offset = new DataView(central.buffer).getUint32(42, true) === 0xffffffff;
  // The offset of such a record stands in an extra field; a fresh header is simpler than editing that.
  if (hasZip64Offset)
    return freshRecord({ ...entry, name: entry.rawName, payload: payloadOf(archive, entry) });
  return { local: [archive.bytes.subarray(entry.localOffset, entry.localEnd)], central };
}

interface FreshEntry {
  readonly name: string;
  readonly method: 0 | 8;
  readonly crc: number;
  readonly size: number;
  readonly payload: Uint8Array;
}

function compress(
  name: string,
  content: Uint8Array,
  method: 0 | 8,
  level: 1 | 6 = DEFLATE_LEVEL,
): FreshEntry {
  const payload = method === 0 ? content : deflateSync(content, { level });
  return { name, method, crc: crc32(content), size: content.length, payload };
}

function freshRecord(entry: FreshEntry): ZipRecord {
  const name = strToU8(entry.name);
  const flags = name.length === entry.name.length ? 0 : FLAG_UTF8;
  const local = new Uint8Array(LOCAL_SIZE + name.length);
  const central = new Uint8Array(CENTRAL_SIZE + name.length);
  writeShared(new DataView(local.buffer), 4, entry, flags, name.length);
  const view = new DataView(central.buffer);
  writeShared(view, 6, entry, flags, name.length);
  new DataView(local.buffer).setUint32(0, 0x04034b50, true);
  view.setUint32(0, 0x02014b50, true);
  view.setUint16(4, VERSION, true);
  local.set(name, LOCAL_SIZE);
  central.set(name, CENTRAL_SIZE);
  return { local: [local, entry.payload], central };
}

/** The 24 bytes which local and directory records share, from "version needed" to the length of the name. */
function writeShared(view: DataView, at: number, entry: FreshEntry, flags: number, nameLength: number): void {
  view.setUint16(at, VERSION, true);
  view.setUint16(at + 2, flags, true);
  view.setUint16(at + 4, entry.method, true);
  view.setUint16(at + 8, FIRST_DOS_DATE, true);
  view.setUint32(at + 10, entry.crc, true);
  view.setUint32(at + 14, entry.payload.length, true);
  view.setUint32(at + 18, entry.size, true);
  view.setUint16(at + 22, nameLength, true);
}

/** Gives a fresh record the date, flags, origin and attributes of the entry whose place it takes. */
function likeRecord(archive: ZipArchive, entry: ZipEntry, fresh: ZipRecord): ZipRecord {
  const old = new DataView(
    archive.bytes.buffer,
    archive.bytes.byteOffset + entry.centralOffset,
    CENTRAL_SIZE,
  );
  const header = fresh.local[0] as Uint8Array;
  const local = new DataView(header.buffer);
  const central = new DataView(fresh.central.buffer);
  const flags = (old.getUint16(8, true) & ~FLAG_DESCRIPTOR) | local.getUint16(6, true);
  const time = old.getUint32(12, true);
  local.setUint16(6, flags, true);
  central.setUint16(8, flags, true);
  local.setUint32(10, time, true);
  central.setUint32(12, time, true);
  central.setUint16(4, old.getUint16(4, true), true);
  central.setUint16(36, old.getUint16(36, true), true);
  central.setUint32(38, old.getUint32(38, true), true);
  return fresh;
}
