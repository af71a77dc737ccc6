import { createHash } from 'node:crypto';

/** About a millisecond of work. */
const HASH_SLICE_BYTES = 512 * 1024;

/** SHA-256 in hex, a slice at a time, giving way in between: a hundred megabytes at once would hold up everybody. */
export async function digest(bytes: Uint8Array): Promise<string> {
  const hash = createHash('sha256');
  for (let start = 0; start < bytes.byteLength; start += HASH_SLICE_BYTES) {
    if (start > 0) await new Promise((resolve) => setImmediate(resolve));
    hash.update(bytes.subarray(start, start + HASH_SLICE_BYTES));
  }
  return hash.digest('hex');
}

/** A name from outside never becomes a path unless it is a hash. */
export function isBlobName(name: string): boolean {
  return /^[0-9a-f]{64}$/.test(name);
}
