import type { SequencedOperation } from '@officina/protocol';
import type { DocumentKey } from '../documents/document.js';

/** The ordered, durable operation log of every document. The order is the room's; the log keeps it. */
export interface OperationLog {
  /**
   * Appends in order and resolves once every operation is durable (group commit across documents). Refuses an
   * operation whose sequence is not the next one, and an epoch older than the document's lease, with a plain Error.
   * Rooms pass operations whose JSON text is at hand: take it by `jsonOf` instead of making it again. A `snapshot`,
   * which stands at the last operation, is kept in the same transaction: both hold, or neither.
   */
  append(
    document: DocumentKey,
    epoch: number,
    operations: readonly SequencedOperation[],
    snapshot?: SnapshotRecord,
  ): Promise<void>;
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
  /** The newest snapshot, or the newest that is not after `atMost`, if there is one. */
  readSnapshot(document: DocumentKey, atMost?: number): Promise<SnapshotRecord | undefined>;
  /** All snapshots, newest first. */
  listSnapshots(document: DocumentKey): Promise<readonly SnapshotRecord[]>;
  addSnapshot(document: DocumentKey, snapshot: SnapshotRecord): Promise<void>;
  /** Forgets these snapshots, or all of them, and returns the blobs that they named. */
  forgetSnapshots(
    document: DocumentKey,
    which: 'all' | readonly Pick<SnapshotRecord, 'sequence' | 'epoch'>[],
  ): Promise<readonly string[]>;
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
  /** Display names of those who edited since the snapshot before, first come first. */
  people: readonly string[];
  /** Set where people went back: the log goes on from an earlier state here, and from nothing in between. */
  restored: Restoration | null;
}

/** Who went back to what. */
export interface Restoration {
  userId: string;
  /** Display name. */
  by: string;
  /** The state that was taken up again: its sequence number, its time, and its number where it was saved. */
  from: { sequence: number; at: number; version: number | null };
}

/** The client id of the entries that say where a restored state begins. No page can have one with a full stop. */
export const RESTORING_CLIENT = 'officina.restore';

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
