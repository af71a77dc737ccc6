import { describe, expect, it } from 'vitest';
import { GroupCommit, type Timing } from './group-commit.js';

/** A clock that stands still until it is moved, and commits that end when the test says so. */
class Bench implements Timing {
  readonly commits: number[][] = [];
  readonly group = new GroupCommit<number, string>((items) => this.#commit(items), this);
  #now = 0;
  #alarms: { at: number; callback: () => void }[] = [];
  #endings: ((error?: Error) => void)[] = [];

  now(): number {
    return this.#now;
  }

  after(delayMs: number, callback: () => void): void {
    this.#alarms.push({ at: this.#now + delayMs, callback });
  }

  async advance(ms: number): Promise<void> {
    this.#now += ms;
    const due = this.#alarms.filter(({ at }) => at <= this.#now);
    this.#alarms = this.#alarms.filter(({ at }) => at > this.#now);
    for (const { callback } of due) callback();
    await settleMicrotasks();
  }

  async endCommit(error?: Error): Promise<void> {
    this.#endings.shift()?.(error);
    await settleMicrotasks();
  }

  #commit(items: readonly number[]): Promise<readonly string[]> {
    this.commits.push([...items]);
    return new Promise((resolve, reject) => {
      this.#endings.push((error) => {
        if (error === undefined) resolve(items.map((item) => `stored ${item}`));
        else reject(error);
      });
    });
  }
}

async function settleMicrotasks(): Promise<void> {
  for (let turn = 0; turn < 10; turn++) await Promise.resolve();
}

describe('group commit', () => {
  it('[ST4] commits at once when idle, and everything of one turn together', async () => {
    const bench = new Bench();
    const answers = [1, 2, 3].map((item) => bench.group.add(item));
    await settleMicrotasks();
    expect(bench.commits).toEqual([[1, 2, 3]]);
    await bench.endCommit();
    expect(await Promise.all(answers)).toEqual(['stored 1', 'stored 2', 'stored 3']);
  });

  it('[ST4] under load waits no longer than the window, and takes all that came in it', async () => {
    const bench = new Bench();
    void bench.group.add(1);
    await settleMicrotasks();
    await bench.endCommit();
    void bench.group.add(2);
    await bench.advance(4);
    void bench.group.add(3);
    expect(bench.commits).toEqual([[1]]);
    await bench.advance(1);
    expect(bench.commits).toEqual([[1], [2, 3]]);
  });

  it('[ST4] never runs two commits at once; a slow one is followed by all that waited', async () => {
    const bench = new Bench();
    void bench.group.add(1);
    await settleMicrotasks();
    void bench.group.add(2);
    await bench.advance(50);
    void bench.group.add(3);
    await bench.advance(50);
    expect(bench.commits).toEqual([[1]]);
    await bench.endCommit();
    expect(bench.commits).toEqual([[1], [2, 3]]);
  });

  it('[ST4] a commit that fails rejects its own items and not the next', async () => {
    const bench = new Bench();
    const first = bench.group.add(1);
    await settleMicrotasks();
    const second = bench.group.add(2);
    const outcome = expect(first).rejects.toThrow('disk full');
    await bench.advance(50);
    await bench.endCommit(new Error('disk full'));
    await outcome;
    await bench.endCommit();
    expect(await second).toBe('stored 2');
  });

  it('[ST4] draining commits what waits at once and resolves when it is answered', async () => {
    const bench = new Bench();
    void bench.group.add(1);
    await settleMicrotasks();
    await bench.endCommit();
    void bench.group.add(2);
    const drained = bench.group.drain();
    await settleMicrotasks();
    expect(bench.commits).toEqual([[1], [2]]);
    await bench.endCommit();
    await drained;
  });
});
