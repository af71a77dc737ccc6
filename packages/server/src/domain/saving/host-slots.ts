/** Bounds how many deliveries go to one host at once, and remembers which hosts have been failing. */
export class HostSlots {
  readonly #busy = new Map<string, number>();
  readonly #queues = new Map<string, ((mayEnter: boolean) => void)[]>();
  #isClosed = false;
  readonly #failing = new Map<string, { wokenAt: number; hasFailed: boolean }>();

  constructor(
    private readonly perHost: number,
    /** Two wake-ups of one host are at least this far apart: a job that always fails must not wake the others for ever. */
    private readonly wakeGapMs: number,
  ) {}

  /** Resolves with true once the caller may deliver to the host, with false when the slots are closed. */
  enter(host: string): Promise<boolean> {
    if (this.#isClosed) return Promise.resolve(false);
    const count = this.#busy.get(host) ?? 0;
    if (count < this.perHost) {
      this.#busy.set(host, count + 1);
      return Promise.resolve(true);
    }
    return new Promise((resolve) => {
      const queue = this.#queues.get(host) ?? [];
      queue.push(resolve);
      this.#queues.set(host, queue);
    });
  }

  leave(host: string): void {
    const queue = this.#queues.get(host);
    const next = queue?.shift();
    if (queue?.length === 0) this.#queues.delete(host);
    if (next) {
      next(true);
      return;
    }
    const count = (this.#busy.get(host) ?? 1) - 1;
    if (count > 0) this.#busy.set(host, count);
    else this.#busy.delete(host);
  }

  /** Callers that wait for a slot: they hold a lease but no bytes. */
  get waiting(): number {
    let count = 0;
    for (const queue of this.#queues.values()) count += queue.length;
    return count;
  }

  full(): readonly string[] {
    return [...this.#busy].filter(([, count]) => count >= this.perHost).map(([host]) => host);
  }

  /** Sends away everybody who waits, and everybody who comes later. */
  close(): void {
    this.#isClosed = true;
    for (const queue of this.#queues.values()) for (const resolve of queue) resolve(false);
    this.#queues.clear();
  }

  noteFailure(host: string): void {
    const known = this.#failing.get(host);
    if (known) known.hasFailed = true;
    else this.#failing.set(host, { wokenAt: Number.NEGATIVE_INFINITY, hasFailed: true });
  }

  /** Whether the host has come back with this success, so that its waiting jobs should be woken. */
  noteSuccess(host: string, now: number): boolean {
    const known = this.#failing.get(host);
    if (!known?.hasFailed) return false;
    // A clock that was set back must not silence the host.
    if (now >= known.wokenAt && now - known.wokenAt < this.wakeGapMs) return false;
    known.wokenAt = now;
    known.hasFailed = false;
    return true;
  }
}
