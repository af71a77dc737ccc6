import { randomFillSync, randomInt } from 'node:crypto';

/** Every question to the system costs as much as its first few thousand bytes. */
const POOL_BYTES = 4096;
const pool = Buffer.alloc(POOL_BYTES);
let used = POOL_BYTES;

/** So many random bytes in lower-case hex, at most as many as the pool has. Those that were given out are wiped. */
export function randomHex(bytes: number): string {
  if (used + bytes > POOL_BYTES) {
    randomFillSync(pool);
    used = 0;
  }
  const text = pool.toString('hex', used, used + bytes);
  pool.fill(0, used, used + bytes);
  used += bytes;
  return text;
}

/** So many random decimal digits, the first one not 0. */
export function randomDigits(count: number): string {
  const digits = Array.from({ length: count - 1 }, () => randomInt(10));
  return [randomInt(1, 10), ...digits].join('');
}
