const FREE_TRIALS = 5;
const FIRST_WAIT_MS = 2_000;
const LONGEST_WAIT_MS = 15 * 60_000;
/** After so long without a trial an address starts afresh. */
const FORGET_MS = 60 * 60_000;
/** Bounds the memory that many addresses can take; the oldest give way. */
const MOST_ADDRESSES = 10_000;

interface Record {
  trials: number;
  lastAt: number;
  blockedUntil: number;
}

/**
 * Slows down guessing: after five wrong passwords an address waits, and twice as long after each further one.
 * A trial counts when it begins, so that many at once gain nothing.
 */
export class SignInThrottle {
  readonly #records = new Map<string, Record>();

  /** Counts a trial; returns how long to wait when it must not be made. */
  begin(address: string, now: number): { waitMs: number } {
    const source = sourceOf(address);
    const known = this.#records.get(source);
    const record =
      known && now - known.lastAt < FORGET_MS ? known : { trials: 0, lastAt: now, blockedUntil: 0 };
    if (record.blockedUntil > now) return { waitMs: record.blockedUntil - now };
    const trials = record.trials + 1;
    const excess = trials - FREE_TRIALS;
    const wait = excess < 0 ? 0 : Math.min(FIRST_WAIT_MS * 2 ** excess, LONGEST_WAIT_MS);
    this.#records.delete(source);
    this.#records.set(source, { trials, lastAt: now, blockedUntil: now + wait });
    if (this.#records.size > MOST_ADDRESSES) {
      for (const oldest of this.#records.keys()) {
        this.#records.delete(oldest);
        break;
      }
    }
    return { waitMs: 0 };
  }

  /** The password was right: nothing is held against the address. */
  succeed(address: string): void {
    this.#records.delete(sourceOf(address));
  }
}

/** One household or machine has a whole /64 of IPv6: its addresses count as one. */
function sourceOf(address: string): string {
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
