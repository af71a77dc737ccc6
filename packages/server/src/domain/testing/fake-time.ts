import type { Scheduler } from '../time.js';

/** A clock that stands still until a test moves it, and runs what is scheduled as it passes by. */
export class FakeTime implements Scheduler {
  #now: number;
  #tasks: { at: number; task: () => void }[] = [];

  constructor(now: number = Date.UTC(2026, 0, 1)) {
    this.#now = now;
  }

  readonly clock = (): number => this.#now;

  schedule(at: number, task: () => void): () => void {
    const entry = { at, task };
    this.#tasks.push(entry);
    return () => {
      this.#tasks = this.#tasks.filter((other) => other !== entry);
    };
  }

  advance(ms: number): void {
    const end = this.#now + ms;
    for (;;) {
      const next = this.#tasks.filter((entry) => entry.at <= end).sort((a, b) => a.at - b.at)[0];
      if (!next) break;
      this.#tasks = this.#tasks.filter((entry) => entry !== next);
      this.#now = Math.max(this.#now, next.at);
      next.task();
    }
    this.#now = end;
  }
}
