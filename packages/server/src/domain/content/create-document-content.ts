import type { SequencedOperation } from '@officina/protocol';
import { BlobKeeper } from '../documents/blob-keeper.js';
import type { DocumentKey } from '../documents/document.js';
import type { OperationLog } from '../log/operation-log.js';
import type { Clock } from '../time.js';
import { assembleHistory, findDocument, type HistoryDeps } from './assemble-history.js';
import type { BlobReferences } from './blob-references.js';
import type { BlobStore } from './blob-store.js';
import type { DocumentContent } from './document-content.js';
import type { DocumentEngine } from './document-engine.js';
import type { DocumentSnapshots } from './document-snapshots.js';
import { DEFAULT_SNAPSHOT_RETENTION, type SnapshotRetention, spentSnapshots } from './snapshot-retention.js';

export interface ContentDeps extends HistoryDeps {
  log: Pick<
    OperationLog,
    'readAfter' | 'readSnapshot' | 'listSnapshots' | 'readHead' | 'addSnapshot' | 'forgetSnapshots'
  >;
  blobs: BlobStore;
  blobReferences: BlobReferences;
  engine: Pick<DocumentEngine, 'build' | 'snapshot'>;
  /** Version of the engine that replays logs, kept with each snapshot. */
  engineVersion: string;
  clock: Clock;
  retention?: SnapshotRetention;
}

/** Addresses made on the base belong to this epoch. */
const FIRST_EPOCH = 1;

/** The content of every document, from its blobs and its log. Rules RO30 to RO34. */
export function createDocumentContent(deps: ContentDeps): DocumentContent & DocumentSnapshots {
  const keeper = new BlobKeeper(deps.blobs, deps.blobReferences);
  const { retention = DEFAULT_SNAPSHOT_RETENTION } = deps;

  /** Lets go of the snapshots that have served. */
  async function thin(documentKey: DocumentKey, newestBytes: number): Promise<void> {
    const snapshots = await deps.log.listSnapshots(documentKey);
    const spent = spentSnapshots(snapshots, deps.clock(), retention, newestBytes);
    for (const blob of await deps.log.forgetSnapshots(documentKey, spent)) await keeper.release(blob);
  }

  return {
    async headSequence(documentKey) {
      return (await deps.log.readHead(documentKey)).sequence;
    },

    async build(documentKey, sequence) {
      const assembled = await assembleHistory(deps, documentKey, sequence);
      // Nobody has edited: the file goes back as it came, and no engine is troubled.
      if (assembled.sequence === 0) return { bytes: assembled.history.original, sequence: 0 };
      const { bytes } = await deps.engine.build(assembled.history);
      return { bytes, sequence: assembled.sequence };
    },

    async openingSnapshot(documentKey) {
      const snapshot = await deps.log.readSnapshot(documentKey);
      if (snapshot) return { blob: snapshot.blob, sequence: snapshot.sequence, epoch: snapshot.epoch };
      const { baseBlob } = await findDocument(deps, documentKey);
      return { blob: baseBlob, sequence: 0, epoch: FIRST_EPOCH };
    },

    async takeSnapshot(documentKey) {
      const { history, snapshot: former } = await assembleHistory(deps, documentKey);
      const made = await deps.engine.snapshot(history);
      const sha256 = await keeper.put(made.snapshot);
      const epoch = nextEpoch(former, deps.engineVersion);
      const taken = { blob: sha256, sequence: made.sequence, epoch, digest: made.digest };
      const again = former?.sequence === made.sequence ? former : undefined;
      await deps.log.addSnapshot(documentKey, {
        ...taken,
        engine: deps.engineVersion,
        createdAt: deps.clock(),
        people: again?.people ?? peopleOf(history.operations),
        restored: again?.restored ?? null,
      });
      await keeper.confirm(sha256, made.snapshot);
      await thin(documentKey, made.snapshot.byteLength);
      return { ...taken, refused: made.refusals.length };
    },

    async restore(documentKey, restored, commit) {
      const { history } = await assembleHistory(deps, documentKey, restored.from.sequence);
      const former = await deps.log.readSnapshot(documentKey);
      const head = await deps.log.readHead(documentKey);
      const sequence = head.sequence + 1;
      const made = await deps.engine.snapshot(history, { sequence, newest: [...head.clients] });
      const sha256 = await keeper.put(made.snapshot);
      await commit({
        ...{ sequence, epoch: (former?.epoch ?? FIRST_EPOCH) + 1, blob: sha256, digest: made.digest },
        ...{ engine: deps.engineVersion, createdAt: deps.clock(), people: [], restored },
      });
      await keeper.confirm(sha256, made.snapshot);
    },

    async digestAt(documentKey, sequence) {
      const { history, snapshot } = await assembleHistory(deps, documentKey, sequence);
      if (snapshot?.sequence === sequence && snapshot.engine === deps.engineVersion) return snapshot.digest;
      return (await deps.engine.snapshot(history)).digest;
    },

    readBlob: (blob) => deps.blobs.get(blob),
  };
}

/** Replay is promised for one version of the engine: another one opens a new epoch, in which old addresses mean nothing. */
function nextEpoch(former: { epoch: number; engine: string } | undefined, engineVersion: string): number {
  if (!former) return FIRST_EPOCH;
  return former.engine === engineVersion ? former.epoch : former.epoch + 1;
}

function peopleOf(operations: readonly SequencedOperation[]): readonly string[] {
  return [...new Set(operations.map(({ author }) => author))];
}
