import type { Clock, Scheduler } from '../../domain/time.js';

/** Time that moves when the test says so. */
export class FakeTime {
  readonly clock: Clock = () => this.#now;
  readonly scheduler: Scheduler = {
    schedule: (at, task) => {
      const entry = { at, task };
      this.#tasks.add(entry);
      return () => this.#tasks.delete(entry);
    },
  };
  readonly #tasks = new Set<{ at: number; task: () => void }>();
  #now = Date.UTC(2026, 0, 1);

  /** The power goes: nothing that was scheduled ever runs. */
  forgetAll(): void {
    this.#tasks.clear();
  }

  /** Runs everything that falls due, in order, with what it sets going. */
  async advance(ms: number): Promise<void> {
    const until = this.#now + ms;
    await settle();
    for (;;) {
      const due = [...this.#tasks].filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)[0];
      if (!due) break;
      this.#tasks.delete(due);
      this.#now = Math.max(this.#now, due.at);
      due.task();
      await settle();
    }
    this.#now = until;
    await settle();
  }
}

/** Lets everything run that waits for nothing but the event loop. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 8; turn += 1) await new Promise<void>((resolve) => setImmediate(resolve));
}
