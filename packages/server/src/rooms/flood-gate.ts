/** A token bucket: lets `perSecond` through on average and `burst` at once. */
export class FloodGate {
  readonly #perSecond: number;
  readonly #burst: number;
  #tokens: number;
  #since: number;

  constructor(perSecond: number, burst: number, now: number) {
    this.#perSecond = perSecond;
    this.#burst = burst;
    this.#tokens = burst;
    this.#since = now;
  }

  /** Takes one token; false when there is none. */
  admits(now: number): boolean {
    if (now > this.#since) {
      this.#tokens = Math.min(this.#burst, this.#tokens + ((now - this.#since) / 1_000) * this.#perSecond);
      this.#since = now;
    }
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }
}
