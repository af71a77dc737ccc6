/** The part of the Encoding Standard that we use; Node and browsers have it, the language library does not declare it. */
declare const TextDecoder: {
  new (label: string, options: { fatal: boolean; ignoreBOM: boolean }): { decode(bytes: Uint8Array): string };
};
declare const TextEncoder: { new (): { encode(text: string): Uint8Array } };

export interface DecodedXml {
  /** Without byte order mark; the declaration, if any, still there. */
  readonly text: string;
  readonly encoding: string;
  readonly hasByteOrderMark: boolean;
}

/** XML bytes as text, by byte order mark, else declaration, else UTF-8 (XML 1.0, appendix F). Null when they do not decode. */
export function decodeXml(bytes: Uint8Array): DecodedXml | null {
  const [mark, markLength] = byteOrderMark(bytes);
  const encoding = mark ?? guessEncoding(bytes);
  try {
    const text = new TextDecoder(encoding, { fatal: true, ignoreBOM: true }).decode(
      bytes.subarray(markLength),
    );
    return { text, encoding, hasByteOrderMark: mark !== null };
  } catch {
    // Both an unknown label and bytes outside the encoding mean the same to the caller.
    return null;
  }
}

export function encodeUtf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** UTF-8 text; null when the bytes are not UTF-8. A byte order mark is dropped. */
export function decodeUtf8(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: false }).decode(bytes);
  } catch {
    return null;
  }
}

/** Text of bytes in a named encoding; null when the label is unknown or the bytes do not fit. */
export function decodeAs(label: string, bytes: Uint8Array): string | null {
  try {
    return new TextDecoder(label, { fatal: true, ignoreBOM: false }).decode(bytes);
  } catch {
    return null;
  }
}

function byteOrderMark(bytes: Uint8Array): [string | null, number] {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return ['utf-8', 3];
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return ['utf-16le', 2];
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return ['utf-16be', 2];
  return [null, 0];
}

function guessEncoding(bytes: Uint8Array): string {
  if (bytes[0] === 0x3c && bytes[1] === 0) return 'utf-16le';
  if (bytes[0] === 0 && bytes[1] === 0x3c) return 'utf-16be';
  let head = '';
  for (const byte of bytes.subarray(0, 200)) head += String.fromCharCode(byte);
  return /^<\?xml[^>]*?\sencoding\s*=\s*["']([A-Za-z0-9._-]+)["']/.exec(head)?.[1]?.toLowerCase() ?? 'utf-8';
}
