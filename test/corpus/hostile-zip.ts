import { constants, deflateRawSync } from 'node:zlib';

/** An entry as a hostile archive declares it, which need not be what it holds. */
export interface DeclaredEntry {
  readonly name: string;
  readonly deflated: Uint8Array;
  readonly declaredBytes: number;
  readonly crc?: number;
}

const MEGABYTE = 1024 * 1024;
/** Block type 1, the last one, with nothing in it (RFC 1951, 3.2.6). */
const LAST_EMPTY_BLOCK = Buffer.of(0x03, 0x00);

/** `before`, then so many megabytes of blanks, then `after`: a deflate stream of a thousandth of its content. */
export function deflatedBlanks(before: string, megabytes: number, after: string): Uint8Array {
  const piece = (bytes: Uint8Array) =>
    deflateRawSync(bytes, { level: 9, finishFlush: constants.Z_FULL_FLUSH });
  const blanks = piece(Buffer.alloc(MEGABYTE, ' '));
  const pieces = Array.from({ length: megabytes }, () => blanks);
  return Buffer.concat([piece(Buffer.from(before)), ...pieces, piece(Buffer.from(after)), LAST_EMPTY_BLOCK]);
}

/** A zip that says of its entries what it is told to (PKWARE APPNOTE 6.3). */
export function declaredZip(entries: readonly DeclaredEntry[]): Uint8Array {
  const local: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const { name, deflated, declaredBytes, crc = 0 } of entries) {
    const nameBytes = Buffer.from(name);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(8, 4);
    common.writeUInt32LE(crc, 10);
    common.writeUInt32LE(deflated.length, 14);
    common.writeUInt32LE(declaredBytes, 18);
    common.writeUInt16LE(nameBytes.length, 22);
    const head = Buffer.concat([Buffer.from([0x50, 0x4b, 3, 4]), common, nameBytes]);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(offset, 10);
    central.push(Buffer.concat([Buffer.from([0x50, 0x4b, 1, 2, 20, 0]), common, rest, nameBytes]));
    local.push(head, Buffer.from(deflated));
    offset += head.length + deflated.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(22);
  end.set([0x50, 0x4b, 5, 6]);
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...local, directory, end]);
}

/** Parts as an honest archive holds them. */
export function deflatedParts(parts: Record<string, Uint8Array>): DeclaredEntry[] {
  return Object.entries(parts).map(([name, bytes]) => ({
    ...{ name, deflated: deflateRawSync(bytes), declaredBytes: bytes.length, crc: crcOf(bytes) },
  }));
}

/** CRC-32 by the letter of the standard; honest entries must be believed. */
function crcOf(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return (crc ^ 0xffffffff) >>> 0;
}
