const FREE_TRIES = 5;
const FIRST_WAIT_MS = 2_000;
const LONGEST_WAIT_MS = 5 * 60_000;
/** Sessions that are remembered; the oldest give way. */
const MOST_SESSIONS = 10_000;

/** Slows down guessing at one document: after five wrong passwords each further one waits twice as long. */
export class PasswordTries {
  readonly #sessions = new Map<string, { wrong: number; blockedUntil: number }>();

  /** Milliseconds until the next try may be made; 0 when it may now. Counts the try when it may. */
  begin(sessionId: string, now: number): number {
    const known = this.#sessions.get(sessionId) ?? { wrong: 0, blockedUntil: 0 };
    if (known.blockedUntil > now) return known.blockedUntil - now;
    const wrong = known.wrong + 1;
    const wait =
      wrong < FREE_TRIES ? 0 : Math.min(FIRST_WAIT_MS * 2 ** (wrong - FREE_TRIES), LONGEST_WAIT_MS);
    this.#sessions.delete(sessionId);
    this.#sessions.set(sessionId, { wrong, blockedUntil: now + wait });
    const [oldest] = this.#sessions.keys();
    if (this.#sessions.size > MOST_SESSIONS && oldest !== undefined) this.#sessions.delete(oldest);
    return 0;
  }

  /** The password was right. */
  succeed(sessionId: string): void {
    this.#sessions.delete(sessionId);
  }
}
