import type { DocumentKey } from '../documents/document.js';
import type { Restoration, SnapshotRecord } from '../log/operation-log.js';
import type { DocumentContent } from './document-content.js';

/**
 * A replica on the server threw where it should have executed or refused: the log and the engine no longer fit
 * together. Not a lack of memory, time or workers; those are `busy`.
 */
export class ReplicaFault extends Error {
  /** The operation at which it threw, when that is known. */
  readonly sequence: number | null;

  constructor(message: string, sequence: number | null, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'ReplicaFault';
    this.sequence = sequence;
  }
}

/** What a joining replica opens. */
export interface OpeningSnapshot {
  blob: string;
  sequence: number;
  /**
   * Addresses stay valid within an epoch. The base begins epoch 1; a snapshot keeps its epoch unless another version of
   * the engine made it, or people went back to an earlier state.
   */
  epoch: number;
}

/** The content as rooms need it. */
export interface DocumentSnapshots extends Pick<DocumentContent, 'openingSnapshot'> {
  /**
   * Makes a snapshot at the head of the log and keeps it. Throws ReplicaFault when the log cannot be replayed, and
   * AppError `busy` when the engine has no room now.
   */
  takeSnapshot(documentKey: DocumentKey): Promise<OpeningSnapshot & { digest: string; refused: number }>;
  /**
   * Makes a state of the past the one that everybody goes on from: `commit` has to keep the snapshot together with the
   * operation that it stands at. Nothing may be appended meanwhile. Throws like `takeSnapshot`.
   */
  restore(
    documentKey: DocumentKey,
    restored: Restoration,
    commit: (snapshot: SnapshotRecord) => Promise<void>,
  ): Promise<void>;
  /** The digest that replicas must have at a sequence number of the log. Throws like `takeSnapshot`. */
  digestAt(documentKey: DocumentKey, sequence: number): Promise<string>;
  readBlob(blob: string): Promise<Uint8Array | undefined>;
}
