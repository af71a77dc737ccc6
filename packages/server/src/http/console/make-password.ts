import { randomBytes } from 'node:crypto';

/** Without the letters that look like others; 20 of them hold 100 bits. */
const ALPHABET = 'abcdefghijkmnpqrstuvwxyz23456789';
const LETTERS = 20;

/** A password that can be read out and typed. */
export function makePassword(): string {
  // 32 letters: five bits of each byte, no letter likelier than another.
  const letters = [...randomBytes(LETTERS)].map((byte) => ALPHABET.charAt(byte % ALPHABET.length));
  return letters.join('').replace(/.{5}(?=.)/g, '$&-');
}
