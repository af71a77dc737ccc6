import { randomBytes, randomInt } from 'node:crypto';

/** So many random bytes in lower-case hex. */
export function randomHex(bytes: number): string {
  return randomBytes(bytes).toString('hex');
}

/** So many random decimal digits, the first one not 0. */
export function randomDigits(count: number): string {
  const digits = Array.from({ length: count - 1 }, () => randomInt(10));
  return [randomInt(1, 10), ...digits].join('');
}
