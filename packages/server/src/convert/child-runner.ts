import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { encodeParcel, type Parcel, ParcelReader } from './parcel.js';
import { type Runner, RunnerFault } from './runner.js';

export interface ChildLimits {
  /** V8's heap; bounds objects and strings. */
  heapBytes: number;
  /** Everything the process holds, Buffers included, which the heap limit does not see. */
  residentBytes: number;
  /** Bytes of an answer. */
  answerBytes: number;
}

const MEGABYTE = 1024 * 1024;
/** Memory is looked at this often while a job runs: at 2 GB a second the overshoot stays near 100 MB. */
const WATCH_EVERY_MS = 50;
/** Linux counts resident memory in pages. */
const PAGE_BYTES = 4096;
const STDERR_KEPT = 2_000;

/** A process of its own for each file from outside; its memory is watched, and it knows nothing of the environment. */
export class ChildRunner implements Runner {
  readonly #limits: ChildLimits;
  readonly #child: ChildProcess;
  readonly #reader: ParcelReader;
  #job: { resolve(parcel: Parcel): void; reject(error: Error): void } | undefined;
  #watch: NodeJS.Timeout | undefined;
  #stderr = '';
  #death: RunnerFault | undefined;

  constructor(script: string, limits: ChildLimits) {
    this.#limits = limits;
    this.#reader = new ParcelReader(limits.answerBytes);
    const heapMegabytes = Math.ceil(limits.heapBytes / MEGABYTE);
    this.#child = spawn(process.execPath, [`--max-old-space-size=${heapMegabytes}`, script], {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: {},
    });
    this.#child.stdout?.on('data', (chunk: Buffer) => this.#receive(chunk));
    this.#child.stderr?.on('data', (chunk: Buffer) => {
      this.#stderr = (this.#stderr + chunk.toString('utf8')).slice(-STDERR_KEPT);
    });
    // The pipe breaks when the process dies; its end says why.
    this.#child.stdin?.on('error', () => {});
    this.#child.on('error', (error) => this.#die(new RunnerFault('crashed', error.message)));
    this.#child.on('close', () => this.#die(this.#faultOfEnd()));
  }

  run(parcel: Parcel): Promise<Parcel> {
    return new Promise((resolve, reject) => {
      if (this.#death) {
        reject(this.#death);
        return;
      }
      this.#job = { resolve, reject };
      this.#watch = setInterval(() => this.#checkMemory(), WATCH_EVERY_MS);
      // One write for all chunks: each by itself would wake the process.
      this.#child.stdin?.cork();
      for (const chunk of encodeParcel(parcel)) this.#child.stdin?.write(chunk);
      this.#child.stdin?.uncork();
    });
  }

  stop(): void {
    this.#die(new RunnerFault('crashed', 'The process was stopped.'));
    this.#child.kill('SIGKILL');
  }

  #receive(chunk: Buffer): void {
    if (this.#death) return;
    try {
      for (const parcel of this.#reader.push(chunk)) this.#settle((job) => job.resolve(parcel));
    } catch (error) {
      this.#die(new RunnerFault('memory', error instanceof Error ? error.message : String(error)));
      this.#child.kill('SIGKILL');
    }
  }

  #checkMemory(): void {
    if (residentBytesOf(this.#child.pid) <= this.#limits.residentBytes) return;
    const megabytes = Math.round(this.#limits.residentBytes / MEGABYTE);
    this.#die(new RunnerFault('memory', `The file needs more than ${megabytes} MB of memory.`));
    this.#child.kill('SIGKILL');
  }

  #die(fault: RunnerFault): void {
    this.#death ??= fault;
    this.#settle((job) => job.reject(fault));
  }

  #settle(settle: (job: { resolve(parcel: Parcel): void; reject(error: Error): void }) => void): void {
    clearInterval(this.#watch);
    const job = this.#job;
    this.#job = undefined;
    if (job) settle(job);
  }

  /** V8 says on stderr that its heap is full, and aborts. */
  #faultOfEnd(): RunnerFault {
    const isHeapFull = /heap out of memory|Reached heap limit/.test(this.#stderr);
    if (isHeapFull) return new RunnerFault('memory', 'The file needs more memory than it may have.');
    return new RunnerFault('crashed', `The process broke: ${this.#stderr.trim()}`);
  }
}

/** Resident memory of a process; 0 where the system does not say, and then only the heap limit holds. */
function residentBytesOf(pid: number | undefined): number {
  if (pid === undefined || process.platform !== 'linux') return 0;
  try {
    const pages = Number(readFileSync(`/proc/${pid}/statm`, 'latin1').split(' ')[1]);
    return pages * PAGE_BYTES;
  } catch {
    // It has just ended.
    return 0;
  }
}
