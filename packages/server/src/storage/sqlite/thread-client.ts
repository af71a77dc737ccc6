import { Worker } from 'node:worker_threads';
import type { Opening, Reply, Request, Result, Task, ThreadOptions } from './messages.js';

interface Waiting {
  resolve(result: Result): void;
  reject(error: Error): void;
}

/** An error that SQLite gave, as it was on its thread. */
export class SqliteError extends Error {
  readonly code: string | null;

  constructor(message: string, code: string | null) {
    super(message);
    this.name = 'SqliteError';
    this.code = code;
  }
}

/** The event loop's end of SQLite's thread: everything asked in one turn travels in one message, and in order. */
export class ThreadClient {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  #outbox: Request[] = [];
  #lastId = 0;
  #failure: Error | undefined;

  private constructor(worker: Worker) {
    this.#worker = worker;
    worker.on('message', (replies: Reply[]) => this.#receive(replies));
    worker.on('error', (error) => this.#fail(new Error('The thread of SQLite failed.', { cause: error })));
    worker.on('exit', () => this.#fail(new Error('The storage is closed.')));
  }

  static async start(options: ThreadOptions): Promise<{ client: ThreadClient; opening: Opening }> {
    const worker = new Worker(threadFile(), { workerData: options, stdout: false, stderr: false });
    const opening = await new Promise<Opening>((resolve, reject) => {
      worker.once('message', resolve);
      worker.once('error', reject);
      worker.once('exit', () =>
        reject(new Error('The thread of SQLite ended before it had opened the file.')),
      );
    });
    return { client: new ThreadClient(worker), opening };
  }

  ask(task: Task): Promise<Result> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    const id = ++this.#lastId;
    if (this.#outbox.length === 0) queueMicrotask(() => this.#flush());
    this.#outbox.push({ id, task });
    return new Promise((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
  }

  /** Finishes what was asked before, then ends the thread. */
  async close(): Promise<void> {
    if (this.#failure !== undefined) return;
    const exited = new Promise<void>((resolve) => {
      this.#worker.once('exit', () => resolve());
    });
    await this.ask({ kind: 'close' });
    this.#failure = new Error('The storage is closed.');
    await exited;
  }

  #flush(): void {
    const requests = this.#outbox;
    this.#outbox = [];
    if (this.#failure === undefined) this.#worker.postMessage(requests);
  }

  #receive(replies: readonly Reply[]): void {
    for (const reply of replies) {
      const waiting = this.#waiting.get(reply.id);
      this.#waiting.delete(reply.id);
      if ('result' in reply) waiting?.resolve(reply.result);
      else waiting?.reject(new SqliteError(reply.error.message, reply.error.code));
    }
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    for (const waiting of this.#waiting.values()) waiting.reject(this.#failure);
    this.#waiting.clear();
  }
}

/** Threads run built files, also when a test runs this source. */
function threadFile(): URL {
  const here = new URL('./thread.js', import.meta.url);
  return new URL(here.href.replace('/packages/server/src/', '/packages/server/dist/'));
}
