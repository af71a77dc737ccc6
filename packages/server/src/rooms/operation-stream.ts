import type { DocumentKey } from '../domain/documents/document.js';
import { jsonOf, NumberedOperation, type OperationAuthor } from '../domain/log/numbered-operation.js';
import type { OperationLog } from '../domain/log/operation-log.js';
import type { Clock, Scheduler } from '../domain/time.js';
import type { Pace } from './pace.js';

/** Where a stream goes on: the log's head, and the operations that stay in memory for those who join. */
export interface StreamStart {
  head: number;
  clients: ReadonlyMap<string, number>;
  /** Operations from `tailStart` + 1 to `head`, as JSON. */
  tailStart: number;
  tail: readonly string[];
}

/** What is measured of appends. */
export interface AppendMeter {
  /** So many operations became durable, the first of them after so long. */
  appended(operations: number, ms: number): void;
}

export interface StreamDeps {
  clock: Clock;
  scheduler: Scheduler;
  pace: Pick<Pace, 'countOperation' | 'windowMs'>;
  meter?: AppendMeter;
  log: Pick<OperationLog, 'append' | 'readAfter'>;
  afterTurn(task: () => void): void;
  /** Hears what has just become durable, in order. */
  onDurable(operations: readonly string[]): void;
  /** The log refused or failed: nothing further is numbered, and what had no commit is gone. */
  onFailure(error: unknown): void;
}

/**
 * The order of one document: numbers operations, drops those it has seen, and commits them in groups. A group is what
 * arrived since the one before it began, at least the room's window ago, so that an idle room commits at once and a busy
 * one in batches.
 */
export class OperationStream {
  readonly #documentKey: DocumentKey;
  readonly #epoch: number;
  readonly #deps: StreamDeps;
  /** Highest number seen of each client, refused ones included: a number is used once. */
  readonly #seen: Map<string, number>;
  /** Highest number of each client that is durable. */
  readonly #acknowledged: Map<string, number>;
  #numbered: number;
  #head: number;
  #tail: string[];
  #tailStart: number;
  #waiting: NumberedOperation[] = [];
  /** When the first of those that wait came. */
  #waitingSince = 0;
  /** When the newest commit began. */
  #committedAt = 0;
  #state: 'idle' | 'scheduled' | 'committing' | 'failed' = 'idle';
  #cancelCommit: (() => void) | undefined;
  #settled: { upTo: number; resolve: () => void; reject: (error: unknown) => void }[] = [];

  constructor(documentKey: DocumentKey, epoch: number, start: StreamStart, deps: StreamDeps) {
    this.#documentKey = documentKey;
    this.#epoch = epoch;
    this.#deps = deps;
    this.#seen = new Map(start.clients);
    this.#acknowledged = new Map(start.clients);
    this.#numbered = start.head;
    this.#head = start.head;
    this.#tail = [...start.tail];
    this.#tailStart = start.tailStart;
  }

  /** Highest sequence number that is durable. */
  get head(): number {
    return this.#head;
  }

  /** Sequence number before the first operation in memory. */
  get tailStart(): number {
    return this.#tailStart;
  }

  /** Highest of the client's numbers that is durable. */
  acknowledged(client: string): number {
    return this.#acknowledged.get(client) ?? 0;
  }

  /**
   * Whether a client's number is new; uses it up. False for a repetition. Gaps are allowed: a number whose operation
   * was refused is missing in the log, and a restarted server cannot know that it ever was.
   */
  useNumber(client: string, n: number): boolean {
    if (n <= (this.#seen.get(client) ?? 0)) return false;
    this.#seen.set(client, n);
    return true;
  }

  /** Numbers an operation whose client number is in use and sends it to the log. */
  submit(
    author: OperationAuthor,
    operation: { n: number; base: number; at: number; o: unknown },
    payloadJson: string,
  ): void {
    if (this.#state === 'failed') return;
    this.#numbered += 1;
    if (this.#waiting.length === 0) this.#waitingSince = this.#deps.clock();
    this.#waiting.push(new NumberedOperation(this.#numbered, operation, author, payloadJson));
    this.#deps.pace.countOperation();
    if (this.#state === 'idle') this.#schedule();
  }

  /** Resolves when everything that was submitted before is durable; rejects when the log failed. */
  durable(): Promise<void> {
    if (this.#state === 'failed') return Promise.reject(new Error('The log of this room failed.'));
    if (this.#head === this.#numbered) return Promise.resolve();
    // Who asks has stopped to wait: there is nothing more to gather.
    if (this.#cancelCommit) this.#begin();
    return new Promise((resolve, reject) => {
      this.#settled.push({ upTo: this.#numbered, resolve, reject });
    });
  }

  /** Durable operations after a sequence number, as JSON: from memory, or from the log where memory begins later. */
  async readAfter(sequence: number): Promise<readonly string[]> {
    if (sequence >= this.#tailStart) return this.tailAfter(sequence);
    const read = await this.#deps.log.readAfter(this.#documentKey, sequence);
    return read.map(jsonOf);
  }

  /** Durable operations in memory after a sequence number; `sequence` is not below `tailStart`. */
  tailAfter(sequence: number): readonly string[] {
    return sequence >= this.#head ? [] : this.#tail.slice(Math.max(0, sequence - this.#tailStart));
  }

  /** Lets go of what a snapshot holds. */
  forgetUpTo(sequence: number): void {
    if (sequence <= this.#tailStart) return;
    this.#tail = this.#tail.slice(sequence - this.#tailStart);
    this.#tailStart = sequence;
  }

  /** Commits when this turn is over, or when the window since the last commit is. */
  #schedule(): void {
    this.#state = 'scheduled';
    const now = this.#deps.clock();
    // The last commit may stand in the future: the clock can have been set back since.
    const due = Math.min(this.#committedAt, now) + this.#deps.pace.windowMs();
    if (due <= now) this.#deps.afterTurn(() => void this.#commit());
    else this.#cancelCommit = this.#deps.scheduler.schedule(due, () => this.#begin());
  }

  #begin(): void {
    this.#cancelCommit?.();
    this.#cancelCommit = undefined;
    void this.#commit();
  }

  async #commit(): Promise<void> {
    const group = this.#waiting;
    const since = this.#waitingSince;
    this.#waiting = [];
    this.#state = 'committing';
    this.#committedAt = this.#deps.clock();
    try {
      await this.#deps.log.append(this.#documentKey, this.#epoch, group);
    } catch (error) {
      this.#fail(error);
      return;
    }
    this.#deps.meter?.appended(group.length, Math.max(0, this.#deps.clock() - since));
    this.#becomeDurable(group);
    if (this.#waiting.length > 0) this.#schedule();
    else this.#state = 'idle';
  }

  #becomeDurable(group: readonly NumberedOperation[]): void {
    const texts = group.map((operation) => operation.json);
    for (const { client, n } of group) this.#acknowledged.set(client, n);
    this.#head += group.length;
    this.#tail.push(...texts);
    this.#deps.onDurable(texts);
    const settled = this.#settled.filter(({ upTo }) => upTo <= this.#head);
    this.#settled = this.#settled.filter(({ upTo }) => upTo > this.#head);
    for (const { resolve } of settled) resolve();
  }

  #fail(error: unknown): void {
    this.#state = 'failed';
    this.#waiting = [];
    const settled = this.#settled;
    this.#settled = [];
    for (const { reject } of settled) reject(error);
    this.#deps.onFailure(error);
  }
}
