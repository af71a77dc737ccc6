import type { DocumentKey } from '../documents/document.js';

/** The content of living documents: snapshot and log, put together by the engine outside the event loop. */
export interface DocumentContent {
  /** Highest durable sequence number; 0 when nothing was edited. */
  headSequence(documentKey: DocumentKey): Promise<number>;
  /** The docx with everything that is durable at the time of the call, or up to `sequence`. */
  build(documentKey: DocumentKey, sequence?: number): Promise<{ bytes: Uint8Array; sequence: number }>;
  /** What a joining replica opens: the newest snapshot, or the base at sequence 0. */
  openingSnapshot(documentKey: DocumentKey): Promise<{ blob: string; sequence: number; epoch: number }>;
}
