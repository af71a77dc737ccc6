import type { JsonValue } from './operation.js';

/**
 * Bytes inside an operation. In memory they stay bytes, so that a picture of megabytes is not decoded anew each time
 * its operation runs; as JSON they are base64, unless whoever sends them carries them beside the operation.
 */
export function carriedBytes(bytes: Uint8Array): JsonValue {
  const carried = { $bytes: bytes };
  Object.defineProperty(carried, 'toJSON', { value: () => ({ $bytes: toBase64(bytes) }) });
  return carried as unknown as JsonValue;
}

/** What a `$bytes` holds, as it came over the wire or as it was put in. */
export function bytesCarried(value: unknown): Uint8Array {
  if (value instanceof Uint8Array) return value;
  return fromBase64(typeof value === 'string' ? value : '');
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const VALUES = new Int8Array(128).fill(-1);
for (let i = 0; i < ALPHABET.length; i++) VALUES[ALPHABET.charCodeAt(i)] = i;

export function toBase64(bytes: Uint8Array): string {
  const chunks: string[] = [];
  for (let i = 0; i < bytes.length; i += 3) {
    const [a = 0, b = 0, c = 0] = [bytes[i], bytes[i + 1], bytes[i + 2]];
    const word = (a << 16) | (b << 8) | c;
    const left = bytes.length - i;
    chunks.push(
      `${ALPHABET[word >> 18]}${ALPHABET[(word >> 12) & 63]}${left > 1 ? ALPHABET[(word >> 6) & 63] : '='}${left > 2 ? ALPHABET[word & 63] : '='}`,
    );
  }
  return chunks.join('');
}

/** Total: whatever is no base64 is passed over. */
export function fromBase64(text: string): Uint8Array {
  const bytes = new Uint8Array(Math.floor((text.length * 3) / 4));
  let [at, word, phase] = [0, 0, 0];
  for (let i = 0; i < text.length; i++) {
    const value = VALUES[text.charCodeAt(i)] ?? -1;
    if (value < 0) continue;
    word = (word << 6) | value;
    if (phase === 1) bytes[at++] = (word >> 4) & 255;
    else if (phase === 2) bytes[at++] = (word >> 2) & 255;
    else if (phase === 3) bytes[at++] = word & 255;
    phase = (phase + 1) & 3;
    if (phase === 0) word = 0;
  }
  return bytes.slice(0, at);
}
