/** Pictures by their first bytes; null for anything else. A name or a header from outside proves nothing. */
export function pictureTypeOf(bytes: Uint8Array): string | null {
  for (const [type, at, signature] of SIGNATURES)
    if (signature.every((byte, index) => bytes[at + index] === byte)) return type;
  const isRiff = RIFF.every((byte, index) => bytes[index] === byte);
  return isRiff && WEBP.every((byte, index) => bytes[8 + index] === byte) ? 'image/webp' : null;
}

const RIFF = [0x52, 0x49, 0x46, 0x46];
const WEBP = [0x57, 0x45, 0x42, 0x50];

const SIGNATURES: readonly (readonly [type: string, at: number, signature: readonly number[]])[] = [
  ['image/png', 0, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]],
  ['image/jpeg', 0, [0xff, 0xd8, 0xff]],
  ['image/gif', 0, [0x47, 0x49, 0x46, 0x38]],
  ['image/bmp', 0, [0x42, 0x4d]],
  ['image/tiff', 0, [0x49, 0x49, 0x2a, 0x00]],
  ['image/tiff', 0, [0x4d, 0x4d, 0x00, 0x2a]],
  // An EMF begins with its header record, which says so at byte 40.
  ['image/x-emf', 40, [0x20, 0x45, 0x4d, 0x46]],
  ['image/x-wmf', 0, [0xd7, 0xcd, 0xc6, 0x9a]],
];
