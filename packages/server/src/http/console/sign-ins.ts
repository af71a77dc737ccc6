import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Clock } from '../../domain/time.js';

/** One browser that has signed in. */
export interface SignIn {
  /** Must come with every change, in a header that no other site can set. */
  csrf: string;
  expiresAt: number;
}

const LONGEST_MS = 12 * 60 * 60_000;
const MOST_SIGN_INS = 1_000;

/** Who is signed in to the console. Kept in memory on purpose: a restart signs everybody out. */
export class SignIns {
  readonly #clock: Clock;
  /** By the hash of the cookie's value, so that a copy of the memory opens nothing. */
  readonly #signIns = new Map<string, SignIn>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  open(): { token: string; signIn: SignIn } {
    const now = this.#clock();
    for (const [hash, { expiresAt }] of this.#signIns) {
      if (expiresAt <= now || this.#signIns.size >= MOST_SIGN_INS) this.#signIns.delete(hash);
    }
    const token = randomBytes(32).toString('base64url');
    const signIn = { csrf: randomBytes(18).toString('base64url'), expiresAt: now + LONGEST_MS };
    this.#signIns.set(hashToken(token), signIn);
    return { token, signIn };
  }

  find(token: string | undefined): SignIn | undefined {
    if (token === undefined) return undefined;
    const signIn = this.#signIns.get(hashToken(token));
    return signIn && signIn.expiresAt > this.#clock() ? signIn : undefined;
  }

  close(token: string): void {
    this.#signIns.delete(hashToken(token));
  }
}

/** Whether the request's header holds the sign-in's own value. */
export function matchesCsrf(signIn: SignIn, header: string | readonly string[] | undefined): boolean {
  if (typeof header !== 'string') return false;
  const given = Buffer.from(header);
  const expected = Buffer.from(signIn.csrf);
  return given.length === expected.length && timingSafeEqual(given, expected);
}

function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}
