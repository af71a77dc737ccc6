import { AppError } from '@officina/protocol';
import {
  type DocumentSnapshots,
  type OpeningSnapshot,
  ReplicaFault,
} from '../domain/content/document-snapshots.js';
import type { DocumentKey } from '../domain/documents/document.js';
import type { Clock, Scheduler } from '../domain/time.js';
import {
  SNAPSHOT_AFTER_OPERATIONS,
  SNAPSHOT_AFTER_QUIET_MS,
  SNAPSHOT_RETRY_MOST_MS,
  SNAPSHOT_RETRY_MS,
} from './limits.js';
import type { RoomMetrics } from './metrics.js';
import type { RoomJournal } from './ports.js';

export interface SnapshotKeeperDeps {
  clock: Clock;
  scheduler: Scheduler;
  content: Pick<DocumentSnapshots, 'takeSnapshot'>;
  journal: RoomJournal;
  metrics: RoomMetrics;
  onSnapshot(snapshot: OpeningSnapshot & { digest: string }): void;
  /** The engine failed twice at the same log: nothing that is added to it could ever be saved. */
  onFault(fault: ReplicaFault): void;
}

/** A fault may be the machine's; the same fault twice is the document's. */
const FAULTS_BEFORE_QUARANTINE = 2;

/** Has snapshots made outside the hot path: after many operations, or when it is quiet. One at a time. */
export class SnapshotKeeper {
  readonly #documentKey: DocumentKey;
  readonly #deps: SnapshotKeeperDeps;
  #snapshotAt: number;
  #head: number;
  #lastOperationAt = 0;
  #state: 'idle' | 'waiting' | 'working' | 'stopped' = 'idle';
  #cancel: (() => void) | undefined;
  #failures = 0;
  #faults = 0;

  constructor(
    documentKey: DocumentKey,
    start: { snapshotAt: number; head: number },
    deps: SnapshotKeeperDeps,
  ) {
    this.#documentKey = documentKey;
    this.#deps = deps;
    this.#snapshotAt = start.snapshotAt;
    this.#head = start.head;
    // What a crash left behind is long enough quiet.
    if (this.#isBehind()) this.#wait(deps.clock() + SNAPSHOT_RETRY_MS);
  }

  /** Hears that the log has grown. */
  noteHead(head: number): void {
    this.#head = head;
    this.#lastOperationAt = this.#deps.clock();
    if (this.#state === 'idle') this.#wait(this.#lastOperationAt + SNAPSHOT_AFTER_QUIET_MS);
    if (this.#isDueByLength() && this.#failures === 0 && this.#state === 'waiting') void this.#take();
  }

  /** Whether everything durable is in a snapshot, or nothing more can be done about it. */
  isDone(): boolean {
    return !this.#isBehind() || this.#failures > 0;
  }

  stop(): void {
    this.#cancel?.();
    this.#state = 'stopped';
  }

  #isBehind(): boolean {
    return this.#head > this.#snapshotAt;
  }

  #isDueByLength(): boolean {
    return this.#head - this.#snapshotAt >= SNAPSHOT_AFTER_OPERATIONS;
  }

  #wait(until: number): void {
    this.#cancel?.();
    this.#state = 'waiting';
    this.#cancel = this.#deps.scheduler.schedule(until, () => this.#wake());
  }

  #wake(): void {
    const quietAt = this.#lastOperationAt + SNAPSHOT_AFTER_QUIET_MS;
    if (this.#failures > 0 || this.#isDueByLength() || quietAt <= this.#deps.clock()) void this.#take();
    else this.#wait(quietAt);
  }

  async #take(): Promise<void> {
    this.#cancel?.();
    this.#state = 'working';
    try {
      const snapshot = await this.#deps.content.takeSnapshot(this.#documentKey);
      if (this.#isStopped()) return;
      this.#failures = 0;
      this.#faults = 0;
      this.#snapshotAt = snapshot.sequence;
      this.#deps.metrics.snapshots += 1;
      this.#deps.onSnapshot(snapshot);
      this.#state = 'idle';
      if (this.#isBehind()) this.#wake();
    } catch (error) {
      if (!this.#isStopped()) this.#fail(error);
    }
  }

  #fail(error: unknown): void {
    this.#failures += 1;
    this.#deps.metrics.snapshotFailures += 1;
    const fields = { document: this.#documentKey, failures: this.#failures, err: error };
    if (error instanceof ReplicaFault) {
      this.#faults += 1;
      this.#deps.journal.error(fields, 'The log of a document cannot be replayed.');
      if (this.#faults >= FAULTS_BEFORE_QUARANTINE) {
        this.#state = 'stopped';
        this.#deps.onFault(error);
        return;
      }
    } else if (!(error instanceof AppError)) {
      this.#deps.journal.error(fields, 'A snapshot failed.');
    } else {
      this.#deps.journal.warn(fields, 'A snapshot has to wait.');
    }
    const pause = Math.min(SNAPSHOT_RETRY_MOST_MS, SNAPSHOT_RETRY_MS * 2 ** (this.#failures - 1));
    this.#wait(this.#deps.clock() + pause);
  }

  /** A method, because `stop` may have been called while a snapshot was made. */
  #isStopped(): boolean {
    return this.#state === 'stopped';
  }
}
