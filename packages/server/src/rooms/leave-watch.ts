import type { Clock, Scheduler } from '../domain/time.js';
import { LEAVE_SAVE_AFTER_MS } from './limits.js';

/** Counts those who can write, and says when the last of them has been gone long enough. */
export class LeaveWatch {
  readonly #deps: { clock: Clock; scheduler: Scheduler; onLeft(apiKeyId: string): void };
  readonly #writers = new Set<string>();
  #pending: { apiKeyId: string; cancel: () => void } | undefined;

  constructor(deps: { clock: Clock; scheduler: Scheduler; onLeft(apiKeyId: string): void }) {
    this.#deps = deps;
  }

  /** Whether the client is there and can write, from now on. */
  note(client: string, canWrite: boolean, apiKeyId: string): void {
    if (canWrite === this.#writers.has(client)) return;
    if (canWrite) {
      this.#writers.add(client);
      this.#pending?.cancel();
      this.#pending = undefined;
      return;
    }
    this.#writers.delete(client);
    if (this.#writers.size > 0) return;
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
