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

  /** Takes tokens, one for each thing or more for a large one; false when there are not enough, and then takes none. */
  admits(now: number, tokens = 1): boolean {
    this.#tokens = this.#tokensAt(now);
    // Also back, when the clock was: else nothing would come in until it is as late again.
    this.#since = now;
    if (this.#tokens < tokens) return false;
    this.#tokens -= tokens;
    return true;
  }

  /** Whether it would be as good as new. */
  isFull(now: number): boolean {
    return this.#tokensAt(now) >= this.#burst;
  }

  #tokensAt(now: number): number {
    const elapsedMs = Math.max(0, now - this.#since);
    return Math.min(this.#burst, this.#tokens + (elapsedMs / 1_000) * this.#perSecond);
  }
}
