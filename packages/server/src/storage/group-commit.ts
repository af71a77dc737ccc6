/** Upper bound of what an item waits for company before its commit begins. */
const WINDOW_MS = 5;

interface Waiting<Item, Answer> {
  item: Item;
  resolve(answer: Answer): void;
  reject(error: unknown): void;
}

/** Time as the group needs it; passed in so that a test moves it by hand. */
export interface Timing {
  now(): number;
  /** Calls back after `delayMs`. */
  after(delayMs: number, callback: () => void): void;
}

const REAL_TIMING: Timing = {
  now: () => performance.now(),
  after: (delayMs, callback) => {
    setTimeout(callback, delayMs);
  },
};

/**
 * Makes one commit of everything that comes at nearly the same time. Idle: at once. Under load: commits begin at
 * least a window apart and never overlap, and each takes everything that waits.
 */
export class GroupCommit<Item, Answer> {
  readonly #commit: (items: readonly Item[]) => Promise<readonly Answer[]>;
  readonly #timing: Timing;
  #waiting: Waiting<Item, Answer>[] = [];
  #isScheduled = false;
  #lastStart = Number.NEGATIVE_INFINITY;
  #running: Promise<void> | undefined;

  /** `commit` answers each item in its place. */
  constructor(commit: (items: readonly Item[]) => Promise<readonly Answer[]>, timing: Timing = REAL_TIMING) {
    this.#commit = commit;
    this.#timing = timing;
  }

  /** Resolves with the item's answer once its commit is durable. */
  add(item: Item): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ item, resolve, reject });
      this.#schedule();
    });
  }

  /** Resolves when everything that was added before is answered. */
  async drain(): Promise<void> {
    while (this.#waiting.length > 0 || this.#running !== undefined) {
      if (this.#running === undefined) this.#start();
      await this.#running;
    }
  }

  #schedule(): void {
    if (this.#isScheduled || this.#running !== undefined) return;
    this.#isScheduled = true;
    const waitMs = this.#lastStart + WINDOW_MS - this.#timing.now();
    // The end of the turn, not its middle: what one turn adds for many documents goes together.
    if (waitMs <= 0) queueMicrotask(() => this.#start());
    else this.#timing.after(waitMs, () => this.#start());
  }

  #start(): void {
    this.#isScheduled = false;
    if (this.#running !== undefined || this.#waiting.length === 0) return;
    const group = this.#waiting;
    this.#waiting = [];
    this.#lastStart = this.#timing.now();
    this.#running = this.#run(group).finally(() => {
      this.#running = undefined;
      if (this.#waiting.length > 0) this.#schedule();
    });
  }

  async #run(group: readonly Waiting<Item, Answer>[]): Promise<void> {
    try {
      const answers = await this.#commit(group.map(({ item }) => item));
      for (const [index, waiting] of group.entries()) waiting.resolve(answers[index] as Answer);
    } catch (error) {
      for (const waiting of group) waiting.reject(error);
    }
  }
}
