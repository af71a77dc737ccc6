import { attachmentsOf, type SequencedOperation } from '@officina/protocol';
import type { Document, DocumentKey } from '../documents/document.js';
import { type OperationLog, RESTORING_CLIENT, type SnapshotRecord } from '../log/operation-log.js';
import type { BlobStore } from './blob-store.js';
import type { DocumentHistory } from './document-engine.js';

export interface HistoryDeps {
  log: Pick<OperationLog, 'readAfter' | 'readSnapshot'>;
  blobs: Pick<BlobStore, 'get'>;
  findDocument(documentKey: DocumentKey): Promise<Document | undefined>;
}

/** A document's past up to a sequence number, and where it begins. */
export interface AssembledHistory {
  history: DocumentHistory;
  sequence: number;
  /** The snapshot that the history begins with; undefined when it begins with the base. */
  snapshot: SnapshotRecord | undefined;
}

/** A restore is one transaction: whoever read the snapshots before it and the log after it reads once more. */
const READS_MOST = 3;

/**
 * Puts together what the engine needs to have a document at `sequence`, or at the head of its log. Throws a plain Error
 * for a document that is not there, a log that is shorter than `sequence`, and a blob that is missing.
 */
export async function assembleHistory(
  deps: HistoryDeps,
  documentKey: DocumentKey,
  sequence?: number,
): Promise<AssembledHistory> {
  const document = await findDocument(deps, documentKey);
  const { snapshot, operations } = await readLog(deps, documentKey, sequence);
  const [original, base, snapshotBytes] = await Promise.all([
    readBlob(deps, document.originalBlob),
    readBlob(deps, document.baseBlob),
    snapshot ? readBlob(deps, snapshot.blob) : null,
  ]);
  const names = [...new Set(operations.flatMap(({ o }) => attachmentsOf(o)))];
  const attachments = new Map(
    await Promise.all(names.map(async (name) => [name, await readBlob(deps, name)] as const)),
  );
  const end = operations.at(-1)?.sequence ?? snapshot?.sequence ?? 0;
  if (sequence !== undefined && end !== sequence) {
    throw new Error(`The log of ${documentKey} ends at ${end}, before ${sequence}.`);
  }
  return {
    history: { original, base, snapshot: snapshotBytes, operations, attachments },
    sequence: end,
    snapshot,
  };
}

async function readLog(
  deps: HistoryDeps,
  documentKey: DocumentKey,
  sequence: number | undefined,
): Promise<{ snapshot: SnapshotRecord | undefined; operations: readonly SequencedOperation[] }> {
  for (let reads = 0; reads < READS_MOST; reads += 1) {
    const snapshot = await deps.log.readSnapshot(documentKey, sequence);
    const logged = await deps.log.readAfter(documentKey, snapshot?.sequence ?? 0);
    const operations =
      sequence === undefined ? logged : logged.filter((operation) => operation.sequence <= sequence);
    // No operation leads over a restore; the snapshot that stands at it does.
    if (operations.every(({ client }) => client !== RESTORING_CLIENT)) return { snapshot, operations };
  }
  throw new Error(`A snapshot of ${documentKey} at a restore is missing.`);
}

export async function findDocument(deps: HistoryDeps, documentKey: DocumentKey): Promise<Document> {
  const document = await deps.findDocument(documentKey);
  if (!document) throw new Error(`There is no document ${documentKey}.`);
  return document;
}

async function readBlob(deps: HistoryDeps, sha256: string): Promise<Uint8Array> {
  const bytes = await deps.blobs.get(sha256);
  if (!bytes) throw new Error(`The blob ${sha256} is missing.`);
  return bytes;
}
