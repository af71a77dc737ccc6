import type { Clock, Scheduler } from '../domain/time.js';
import { LEAVE_SAVE_AFTER_MS } from './limits.js';

/** Counts those who can write, and says when the last of them has been gone long enough. */
export class LeaveWatch {
  readonly #deps: { clock: Clock; scheduler: Scheduler; onLeft(apiKeyId: string): void };
  #writers = 0;
  #pending: { apiKeyId: string; cancel: () => void } | undefined;

  constructor(deps: { clock: Clock; scheduler: Scheduler; onLeft(apiKeyId: string): void }) {
    this.#deps = deps;
  }

  arrive(): void {
    this.#writers += 1;
    this.#pending?.cancel();
    this.#pending = undefined;
  }

  depart(apiKeyId: string): void {
    this.#writers -= 1;
    if (this.#writers > 0) return;
    const cancel = this.#deps.scheduler.schedule(this.#deps.clock() + LEAVE_SAVE_AFTER_MS, () =>
      this.#fire(),
    );
    this.#pending = { apiKeyId, cancel };
  }

  /** The server stops: who is away now is not waited for. Says at once what it would have said later. */
  stop(): void {
    this.#pending?.cancel();
    this.#fire();
  }

  #fire(): void {
    const pending = this.#pending;
    this.#pending = undefined;
    if (pending) this.#deps.onLeft(pending.apiKeyId);
  }
}
