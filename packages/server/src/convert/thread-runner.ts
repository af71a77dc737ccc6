import { Worker } from 'node:worker_threads';
import type { Parcel } from './parcel.js';
import { type Runner, RunnerFault } from './runner.js';

/** A thread with a heap of its own, for documents that have been read once and are therefore bounded. */
export class ThreadRunner implements Runner {
  readonly #worker: Worker;
  #job: { resolve(parcel: Parcel): void; reject(error: Error): void } | undefined;
  #death: RunnerFault | undefined;

  constructor(script: string, limits: { heapBytes: number }) {
    this.#worker = new Worker(script, {
      resourceLimits: { maxOldGenerationSizeMb: Math.ceil(limits.heapBytes / (1024 * 1024)) },
      env: {},
      // Built files, whatever conditions this process itself was started with.
      execArgv: [],
    });
    this.#worker.on('message', (parcel: Parcel) => this.#settle((job) => job.resolve(parcel)));
    this.#worker.on('error', (error) => this.#die(faultOf(error)));
    this.#worker.on('exit', () => this.#die(new RunnerFault('crashed', 'The thread ended.')));
  }

  run(parcel: Parcel): Promise<Parcel> {
    return new Promise((resolve, reject) => {
      if (this.#death) {
        reject(this.#death);
        return;
      }
      this.#job = { resolve, reject };
      this.#worker.postMessage(parcel);
    });
  }

  stop(): void {
    this.#die(new RunnerFault('crashed', 'The thread was stopped.'));
    void this.#worker.terminate();
  }

  #die(fault: RunnerFault): void {
    this.#death ??= fault;
    this.#settle((job) => job.reject(fault));
  }

  #settle(settle: (job: { resolve(parcel: Parcel): void; reject(error: Error): void }) => void): void {
    const job = this.#job;
    this.#job = undefined;
    if (job) settle(job);
  }
}

function faultOf(error: unknown): RunnerFault {
  const fault = error as NodeJS.ErrnoException;
  if (fault.code === 'ERR_WORKER_OUT_OF_MEMORY') {
    return new RunnerFault('memory', 'The document needs more memory than it may have.');
  }
  return new RunnerFault('crashed', fault.stack ?? String(error));
}
