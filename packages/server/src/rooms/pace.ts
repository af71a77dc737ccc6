import type { Clock } from '../domain/time.js';
import { GATHER_MOST_MS } from './limits.js';

/** Deliveries a second up to which every operation is committed and sent at once. */
const FREE_DELIVERIES_PER_SECOND = 2_000;
/** Deliveries a second at which operations are gathered longest. */
const FULL_DELIVERIES_PER_SECOND = 500_000;

/**
 * How long operations are gathered for one commit and one frame: a sync and a send cost about the same for one operation
 * as for twenty, so the window grows with people × rate, and nobody waits in a quiet room. With its cube root: the first
 * milliseconds save most, and a middling room gets them, while only the largest wait longest.
 */
export function gatheringWindow(people: number, operationsPerSecond: number): number {
  const deliveries = people * operationsPerSecond;
  if (deliveries <= FREE_DELIVERIES_PER_SECOND) return 0;
  return GATHER_MOST_MS * Math.min(1, Math.cbrt(deliveries / FULL_DELIVERIES_PER_SECOND));
}

/** How busy one room is. */
export class Pace {
  readonly #clock: Clock;
  readonly #people: () => number;
  #second = 0;
  #inThisSecond = 0;
  #inLastSecond = 0;

  constructor(clock: Clock, people: () => number) {
    this.#clock = clock;
    this.#people = people;
  }

  countOperation(): void {
    const second = Math.floor(this.#clock() / 1_000);
    if (second !== this.#second) {
      this.#inLastSecond = second === this.#second + 1 ? this.#inThisSecond : 0;
      this.#inThisSecond = 0;
      this.#second = second;
    }
    this.#inThisSecond += 1;
  }

  /** Milliseconds from one commit to the next; by the busier of this second and the last, so that a burst widens it at once. */
  windowMs(): number {
    return gatheringWindow(this.#people(), Math.max(this.#inThisSecond, this.#inLastSecond));
  }
}
