import { zlibSync } from 'fflate';

/** A PNG of `width` × `height` pixels in a colour gradient; `noise` gives the bytes instead, for pictures that hardly compress. */
export function png(width: number, height: number, noise?: () => number): Uint8Array {
  const rows = new Uint8Array((width * 3 + 1) * height);
  let at = 0;
  for (let y = 0; y < height; y += 1) {
    at += 1;
    for (let x = 0; x < width; x += 1) {
      rows[at] = noise ? noise() : (x * 255) / width;
      rows[at + 1] = noise ? noise() : (y * 255) / height;
      rows[at + 2] = noise ? noise() : 128;
      at += 3;
    }
  }
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  header.set([8, 2, 0, 0, 0], 8);
  const signature = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const image = zlibSync(rows, { level: noise ? 0 : 6 });
  const pieces = [signature, chunk('IHDR', header), chunk('IDAT', image), chunk('IEND', new Uint8Array())];
  const out = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let offset = 0;
  for (const piece of pieces) {
    out.set(piece, offset);
    offset += piece.length;
  }
  return out;
}

function chunk(type: string, content: Uint8Array): Uint8Array {
  const out = new Uint8Array(content.length + 12);
  const view = new DataView(out.buffer);
  view.setUint32(0, content.length);
  for (let index = 0; index < 4; index += 1) out[4 + index] = type.charCodeAt(index);
  out.set(content, 8);
  view.setUint32(content.length + 8, crc(out.subarray(4, content.length + 8)));
  return out;
}

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value;
});

function crc(bytes: Uint8Array): number {
  let value = 0xffffffff;
  for (const byte of bytes) value = (TABLE[(value ^ byte) & 0xff] as number) ^ (value >>> 8);
  return ~value >>> 0;
}
