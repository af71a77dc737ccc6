import { randomUUID } from 'node:crypto';
import { LocalSignals, type SaveSignals } from '../signals.js';
import type { NoticeLine } from './notice-line.js';

export const SAVES_CHANNEL = 'officina_saves';

/** Signals between the nodes on one PostgreSQL. */
export class PostgresSignals implements SaveSignals {
  readonly #line: NoticeLine;
  readonly #local = new LocalSignals();
  /** Tells our own notifications from those of others. */
  readonly #node = randomUUID();
  #isSending = false;
  #isAskedAgain = false;

  constructor(line: NoticeLine) {
    this.#line = line;
    line.join({
      onNotice: (channel, node) => {
        if (channel === SAVES_CHANNEL && node !== this.#node) this.#local.raise();
      },
      // What was said meanwhile was not heard.
      onBack: () => this.#local.raise(),
    });
  }

  onWaiting(listener: () => void): () => void {
    return this.#local.onWaiting(listener);
  }

  /** Tells everybody: this process at once, the others with at most one notification on its way at a time. */
  raise(): void {
    this.#local.raise();
    if (this.#isSending) this.#isAskedAgain = true;
    else void this.#send();
  }

  /** A notification that is lost costs time and no job: jobs are found by asking, sooner or later. */
  async #send(): Promise<void> {
    this.#isSending = true;
    await this.#line.send(SAVES_CHANNEL, this.#node);
    this.#isSending = false;
    if (!this.#isAskedAgain) return;
    this.#isAskedAgain = false;
    this.raise();
  }
}
