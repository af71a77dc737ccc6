const FIRST_WAIT_MS = 2_000;
const LONGEST_WAIT_MS = 15 * 60_000;
/** After so long without a trial a name starts afresh. */
const FORGET_MS = 60 * 60_000;
/** Bounds the memory that invented names can take; the oldest give way. */
const MOST_NAMES = 10_000;

interface Trials {
  count: number;
  lastAt: number;
  blockedUntil: number;
}

/**
 * Slows down guessing: after a number of wrong passwords a name waits, and twice as long after each further one. A trial
 * counts when it begins, so that many at once gain nothing.
 */
export class LoginThrottle {
  readonly #freeTrials: number;
  readonly #trials = new Map<string, Trials>();

  constructor(freeTrials: number) {
    this.#freeTrials = freeTrials;
  }

  /** Counts a trial; returns how long to wait when it must not be made, else 0. */
  begin(name: string, now: number): number {
    const known = this.#trials.get(name);
    const fresh = !known || now - known.lastAt >= FORGET_MS;
    const { count, blockedUntil } = fresh ? { count: 0, blockedUntil: 0 } : known;
    if (blockedUntil > now) return blockedUntil - now;
    const excess = count + 1 - this.#freeTrials;
    const wait = excess < 0 ? 0 : Math.min(FIRST_WAIT_MS * 2 ** excess, LONGEST_WAIT_MS);
    this.#trials.delete(name);
    this.#trials.set(name, { count: count + 1, lastAt: now, blockedUntil: now + wait });
    this.#forgetOldest();
    return 0;
  }

  /** The password was right: nothing is held against the name. */
  succeed(name: string): void {
    this.#trials.delete(name);
  }

  #forgetOldest(): void {
    if (this.#trials.size <= MOST_NAMES) return;
    for (const oldest of this.#trials.keys()) {
      this.#trials.delete(oldest);
      return;
    }
  }
}

/** One household or machine has a whole /64 of IPv6: its addresses count as one. */
export function sourceOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address);
  if (mapped) return mapped[1] ?? address;
  if (!address.includes(':')) return address;
  const [head = '', tail] = address.toLowerCase().split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail ? tail.split(':') : [];
  const zeros =
    tail === undefined ? [] : Array<string>(Math.max(0, 8 - left.length - right.length)).fill('0');
  return [...left, ...zeros, ...right].slice(0, 4).join(':');
}
