import type { Parcel } from './parcel.js';

/** Something that does one job at a time and may die of it. */
export interface Runner {
  /** Rejects with RunnerFault when the runner did not survive the job; it is of no further use then. */
  run(parcel: Parcel): Promise<Parcel>;
  /** It has served long enough: the next job gets another one. */
  readonly isSpent?: boolean;
  /** Ends the runner at once; a job that runs is lost. */
  stop(): void;
}

/** Why a job has no answer: the runner broke, took too much memory or too much time. */
export class RunnerFault extends Error {
  readonly why: 'crashed' | 'memory' | 'time';

  constructor(why: RunnerFault['why'], message: string) {
    super(message);
    this.name = 'RunnerFault';
    this.why = why;
  }
}
