import type { Clock, Scheduler } from '../domain/time.js';
import { INTERVAL_ASK_EVERY_MS } from './limits.js';

export interface IntervalWatchDeps {
  clock: Clock;
  scheduler: Scheduler;
  /** How long after an edit the key wants a save; null for never. */
  intervalMs(apiKeyId: string): Promise<number | null>;
  onDue(): void;
}

/** Says when edits have waited for as long as their key lets them: counted from the first one that was not saved. */
export class IntervalWatch {
  readonly #deps: IntervalWatchDeps;
  #cancel: (() => void) | undefined;
  #isAsking = false;
  #isStopped = false;
  /** A key that wants no such saves is asked again now and then, not at every edit. */
  #quietUntil = Number.NEGATIVE_INFINITY;

  constructor(deps: IntervalWatchDeps) {
    this.#deps = deps;
  }

  noteEdit(apiKeyId: string): void {
    const now = this.#deps.clock();
    if (this.#cancel || this.#isAsking || this.#isStopped || now < this.#quietUntil) return;
    this.#isAsking = true;
    void this.#arm(apiKeyId, now);
  }

  /** The room ends: what waits is said at once. */
  stop(): void {
    this.#isStopped = true;
    if (this.#cancel) this.#fire();
  }

  async #arm(apiKeyId: string, editedAt: number): Promise<void> {
    // A store that does not answer now is asked again with a later edit.
    const intervalMs = await this.#deps.intervalMs(apiKeyId).catch(() => null);
    this.#isAsking = false;
    if (intervalMs === null) {
      this.#quietUntil = this.#deps.clock() + INTERVAL_ASK_EVERY_MS;
      return;
    }
    if (this.#isStopped) this.#deps.onDue();
    else this.#cancel = this.#deps.scheduler.schedule(editedAt + intervalMs, () => this.#fire());
  }

  #fire(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#deps.onDue();
  }
}
