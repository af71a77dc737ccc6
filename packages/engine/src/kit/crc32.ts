let table: Uint32Array | undefined;

/** CRC-32 as zip and PNG use it (ISO 3309), as an unsigned number. `seed` continues an earlier result. */
export function crc32(bytes: Uint8Array, seed = 0): number {
  table ??= makeTable();
  let crc = ~seed;
  for (let index = 0; index < bytes.length; index += 1) {
    crc = (table[(crc ^ (bytes[index] as number)) & 0xff] as number) ^ (crc >>> 8);
  }
  return ~crc >>> 0;
}

function makeTable(): Uint32Array {
  const entries = new Uint32Array(256);
  for (let byte = 0; byte < 256; byte += 1) {
    let value = byte;
    for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
    entries[byte] = value;
  }
  return entries;
}
