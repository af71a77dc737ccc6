import type { Clock, Scheduler } from '../../time.js';

interface Task {
  at: number;
  run: () => void;
}

/** A clock that stands still until the test moves it, with the tasks that hang on it. */
export class VirtualTime implements Scheduler {
  #now: number;
  /** Sorted by time, those of one time in the order in which they came. */
  #tasks: Task[] = [];

  constructor(start: number) {
    this.#now = start;
  }

  readonly clock: Clock = () => this.#now;

  schedule(at: number, run: () => void): () => void {
    const task = { at, run };
    const place = this.#tasks.findLastIndex((other) => other.at <= at) + 1;
    this.#tasks.splice(place, 0, task);
    return () => {
      const index = this.#tasks.indexOf(task);
      if (index >= 0) this.#tasks.splice(index, 1);
    };
  }

  /** Resolves after `ms` of this clock. */
  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => this.schedule(this.#now + ms, resolve));
  }

  /** Runs the next task, moving the clock to it, if it stands no later than `until`; false when there is none. */
  step(until: number): boolean {
    const next = this.#tasks[0];
    if (!next || next.at > until) return false;
    this.#tasks.shift();
    this.#now = Math.max(this.#now, next.at);
    next.run();
    return true;
  }

  /** Lets everything happen that is due up to `ms` from now, including what that causes. */
  async advance(ms: number): Promise<void> {
    const until = this.#now + ms;
    await settleMicrotasks();
    while (this.step(until)) await settleMicrotasks();
    this.#now = Math.max(this.#now, until);
  }

  /** The clock of the machine is set to another time; waiting tasks stay as they are. */
  jump(ms: number): void {
    this.#now += ms;
  }
}

/** Lets everything run that waits for no time: ticks come when no promise has anything left to do. */
export function settleMicrotasks(): Promise<void> {
  return new Promise((resolve) => process.nextTick(resolve));
}
