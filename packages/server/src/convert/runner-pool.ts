import { AppError } from '@officina/protocol';
import type { Clock, Scheduler } from '../domain/time.js';
import type { Parcel } from './parcel.js';
import { type Runner, RunnerFault } from './runner.js';

export interface PoolOptions {
  start(): Runner;
  /** Runners at one time. */
  most: number;
  /** Jobs that may wait for one. */
  queueLimit: number;
  timeLimitMs: number;
  /** An idle runner is kept warm this long. */
  idleStopMs: number;
  clock: Clock;
  scheduler: Scheduler;
}

interface Waiting {
  resolve(runner: Runner): void;
  reject(error: Error): void;
}

/** How long those are asked to wait for whom there is no room. */
const RETRY_AFTER_SECONDS = 5;

/** Starts runners when there is work, keeps them warm for a while, and replaces those that do not survive a job. */
export class RunnerPool {
  readonly #options: PoolOptions;
  readonly #idle = new Map<Runner, () => void>();
  readonly #busy = new Set<Runner>();
  readonly #queue: Waiting[] = [];
  #isClosed = false;

  constructor(options: PoolOptions) {
    this.#options = options;
  }

  /** Runners that are there, idle or not. */
  get size(): number {
    return this.#idle.size + this.#busy.size;
  }

  /** Refuses by AppError `busy` when too many jobs wait; rejects with RunnerFault when the job killed its runner. */
  async run(parcel: Parcel): Promise<Parcel> {
    const runner = await this.#claim();
    const { clock, scheduler, timeLimitMs } = this.#options;
    let cancelLimit = () => {};
    const limit = new Promise<never>((_resolve, reject) => {
      cancelLimit = scheduler.schedule(clock() + timeLimitMs, () =>
        reject(new RunnerFault('time', `The work took longer than ${timeLimitMs / 1_000} seconds.`)),
      );
    });
    try {
      const answer = await Promise.race([runner.run(parcel), limit]);
      this.#giveBack(runner);
      return answer;
    } catch (error) {
      this.#discard(runner);
      throw error;
    } finally {
      cancelLimit();
    }
  }

  /** Ends every runner; jobs that run or wait are refused. */
  close(): void {
    this.#isClosed = true;
    for (const waiting of this.#queue.splice(0)) waiting.reject(closing());
    for (const [runner, cancelStop] of this.#idle) {
      cancelStop();
      runner.stop();
    }
    this.#idle.clear();
    for (const runner of this.#busy) runner.stop();
  }

  #claim(): Promise<Runner> {
    if (this.#isClosed) return Promise.reject(closing());
    const [warm] = this.#idle;
    if (warm) {
      const [runner, cancelStop] = warm;
      cancelStop();
      this.#idle.delete(runner);
      this.#busy.add(runner);
      return Promise.resolve(runner);
    }
    if (this.#busy.size < this.#options.most) return Promise.resolve(this.#start());
    if (this.#queue.length >= this.#options.queueLimit) {
      return Promise.reject(
        new AppError('busy', 'Too many documents wait for the engine; try again in a few seconds.', {
          retryAfterSeconds: RETRY_AFTER_SECONDS,
        }),
      );
    }
    return new Promise((resolve, reject) => this.#queue.push({ resolve, reject }));
  }

  #start(): Runner {
    const runner = this.#options.start();
    this.#busy.add(runner);
    return runner;
  }

  #giveBack(runner: Runner): void {
    if (this.#isClosed || runner.isSpent) {
      this.#discard(runner);
      return;
    }
    const next = this.#queue.shift();
    if (next) {
      next.resolve(runner);
      return;
    }
    this.#busy.delete(runner);
    const { clock, scheduler, idleStopMs } = this.#options;
    const cancelStop = scheduler.schedule(clock() + idleStopMs, () => {
      this.#idle.delete(runner);
      runner.stop();
    });
    this.#idle.set(runner, cancelStop);
  }

  #discard(runner: Runner): void {
    this.#busy.delete(runner);
    runner.stop();
    if (this.#isClosed) return;
    const next = this.#queue.shift();
    if (next) next.resolve(this.#start());
  }
}

function closing(): AppError {
  return new AppError('busy', 'The server is stopping.', { retryAfterSeconds: RETRY_AFTER_SECONDS });
}
