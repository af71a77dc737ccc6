/** A picture that a page carries in itself. */
export interface HtmlPicture {
  readonly bytes: Uint8Array;
  readonly extension: 'png' | 'jpeg' | 'gif' | 'bmp';
  readonly widthPx: number;
  readonly heightPx: number;
}

/** The bytes of a `data:` URI, if they are a picture that word processors show; the declared type is not believed. */
export function readPicture(source: string): HtmlPicture | null {
  const match = /^\s*data:image\/[\w.+-]+(?:;[\w=.-]+)*;base64,/i.exec(source);
  if (!match) return null;
  const bytes = decodeBase64(source.slice(match[0].length));
  return bytes && (readPng(bytes) ?? readGif(bytes) ?? readBmp(bytes) ?? readJpeg(bytes));
}

function decodeBase64(text: string): Uint8Array | null {
  const plain = text.replace(/%2b/gi, '+').replace(/%2f/gi, '/').replace(/%3d/gi, '=').replace(/\s/g, '');
  const digits = plain.replace(/=+$/, '');
  if (digits.length % 4 === 1) return null;
  const bytes = new Uint8Array(Math.floor((digits.length * 3) / 4));
  let [held, bits, at] = [0, 0, 0];
  for (let index = 0; index < digits.length; index += 1) {
    const value = BASE64[digits.charCodeAt(index)] ?? -1;
    if (value < 0) return null;
    held = ((held << 6) | value) & 0xffffff;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes[at] = (held >> bits) & 0xff;
    at += 1;
  }
  return bytes;
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const BASE64 = new Int8Array(128).fill(-1);
for (let index = 0; index < ALPHABET.length; index += 1) BASE64[ALPHABET.charCodeAt(index)] = index;

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}

function readPng(bytes: Uint8Array): HtmlPicture | null {
  if (bytes.length < 33 || viewOf(bytes).getUint32(0) !== 0x89504e47) return null;
  return {
    bytes,
    extension: 'png',
    widthPx: viewOf(bytes).getUint32(16),
    heightPx: viewOf(bytes).getUint32(20),
  };
}

function readGif(bytes: Uint8Array): HtmlPicture | null {
  if (bytes.length < 14 || viewOf(bytes).getUint32(0) !== 0x47494638) return null;
  const view = viewOf(bytes);
  return { bytes, extension: 'gif', widthPx: view.getUint16(6, true), heightPx: view.getUint16(8, true) };
}

function readBmp(bytes: Uint8Array): HtmlPicture | null {
  if (bytes.length < 54 || bytes[0] !== 0x42 || bytes[1] !== 0x4d) return null;
  const view = viewOf(bytes);
  return {
    bytes,
    extension: 'bmp',
    widthPx: Math.abs(view.getInt32(18, true)),
    heightPx: Math.abs(view.getInt32(22, true)),
  };
}

/** Walks the markers to the frame header (ITU-T T.81 B.2.2). */
function readJpeg(bytes: Uint8Array): HtmlPicture | null {
  if (bytes.length < 4 || bytes[0] !== 0xff || bytes[1] !== 0xd8) return null;
  const view = viewOf(bytes);
  for (let at = 2; at + 9 < bytes.length; ) {
    if (bytes[at] !== 0xff) return null;
    const marker = bytes[at + 1] as number;
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame) {
      return { bytes, extension: 'jpeg', widthPx: view.getUint16(at + 7), heightPx: view.getUint16(at + 5) };
    }
    at += 2 + view.getUint16(at + 2);
  }
  return null;
}
