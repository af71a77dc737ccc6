import type { SequencedOperation } from '@officina/protocol';
import type { DocumentKey } from '../documents/document.js';

/** The ordered, durable operation log of every document. The order is the room's; the log keeps it. */
export interface OperationLog {
  /**
   * Appends in order and resolves once every operation is durable (group commit across documents). Refuses an
   * operation whose sequence is not the next one, and an epoch older than the document's lease, with a plain Error.
   * Rooms pass operations whose JSON text is at hand: take it by `jsonOf` instead of making it again.
   */
  append(document: DocumentKey, epoch: number, operations: readonly SequencedOperation[]): Promise<void>;
  /** Operations after `sequence`, oldest first; an empty array when the log ends there. */
  readAfter(document: DocumentKey, sequence: number): Promise<readonly SequencedOperation[]>;
  /**
   * Highest sequence number, or 0; each client's highest own number; and, where the store keeps it, the user id behind
   * each client, so that nobody goes on under another person's client id after a restart.
   */
  readHead(document: DocumentKey): Promise<{
    sequence: number;
    clients: ReadonlyMap<string, number>;
    authors?: ReadonlyMap<string, string>;
  }>;
  /** The newest snapshot, if there is one. */
  readSnapshot(document: DocumentKey): Promise<SnapshotRecord | undefined>;
  addSnapshot(document: DocumentKey, snapshot: SnapshotRecord): Promise<void>;
  /** Forgets all snapshots but the newest `keep`, and returns the blobs that those named. */
  forgetSnapshots(document: DocumentKey, keep: number): Promise<readonly string[]>;
  /** Forgets log and snapshots of one life of a document. */
  remove(document: DocumentKey): Promise<void>;
}

export interface SnapshotRecord {
  sequence: number;
  epoch: number;
  /** Blob that holds the engine's snapshot. */
  blob: string;
  /** Version of the engine that made it. */
  engine: string;
  digest: string;
  createdAt: number;
}

/** Which node may number a document's operations; a newer epoch bars the older owner. */
export interface LeaseStore {
  /** Takes or renews the lease. Undefined when another living owner holds it. */
  acquire(
    document: DocumentKey,
    owner: string,
    now: number,
    ttlMs: number,
  ): Promise<{ epoch: number } | undefined>;
  release(document: DocumentKey, owner: string): Promise<void>;
}
