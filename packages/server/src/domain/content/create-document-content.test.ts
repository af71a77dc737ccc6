import type { SequencedOperation } from '@officina/protocol';
import { describe, expect, it } from 'vitest';
import type { Document } from '../documents/document.js';
import { RESTORING_CLIENT, type SnapshotRecord } from '../log/operation-log.js';
import { createDocumentContent } from './create-document-content.js';
import type { DocumentHistory } from './document-engine.js';

const PLAIN = { people: [], restored: null };
const bytes = (text: string) => new TextEncoder().encode(text);
const text = (value: Uint8Array | null) => value && new TextDecoder().decode(value);

/** A document whose blobs are their own names, and an engine that writes down what it was asked. */
function aDocument(logged: number, engineVersion = '2.35.0') {
  const operations = Array.from(
    { length: logged },
    (_, at) => ({ sequence: at + 1, client: 'a', author: 'Ada' }) as SequencedOperation,
  );
  const asked: DocumentHistory[] = [];
  const snapshots: SnapshotRecord[] = [];
  const places: unknown[] = [];
  const removed: string[] = [];
  const answer = (history: DocumentHistory) => {
    asked.push(history);
    const from = history.snapshot ? Number(text(history.snapshot)?.split('@')[1]) : 0;
    return { sequence: from + history.operations.length, refusals: [] };
  };
  const content = createDocumentContent({
    log: {
      readAfter: async (_key, sequence) => operations.slice(sequence),
      readHead: async () => ({ sequence: operations.length, clients: new Map([['a', 3]]) }),
      readSnapshot: async (_key, atMost = 1_000) => snapshots.findLast(({ sequence }) => sequence <= atMost),
      listSnapshots: async () => snapshots.toReversed(),
      addSnapshot: async (_key, snapshot) => void snapshots.push(snapshot),
      forgetSnapshots: async (_key, which) => {
        const forgotten = snapshots.filter(
          ({ sequence }) => which === 'all' || which.some((place) => place.sequence === sequence),
        );
        for (const each of forgotten) snapshots.splice(snapshots.indexOf(each), 1);
        return forgotten.map(({ blob }) => blob);
      },
    },
    blobs: {
      get: async (sha256) => (sha256 === 'lost' || removed.includes(sha256) ? undefined : bytes(sha256)),
      put: async (value) => ({ sha256: text(value) ?? '', size: value.length }),
      has: async () => true,
      remove: async (sha256) => void removed.push(sha256),
      list: async function* () {},
    },
    blobReferences: {
      isReferenced: async (sha256) => sha256 === 'base' || snapshots.some(({ blob }) => blob === sha256),
    },
    findDocument: async (key) =>
      key === 'd' ? ({ originalBlob: 'original', baseBlob: 'base' } as Document) : undefined,
    engine: {
      build: async (history) => ({ ...answer(history), bytes: bytes('built') }),
      snapshot: async (history, as) => {
        if (as) places.push(as);
        const answered = answer(history);
        const snapshot = bytes(`snapshot@${answered.sequence}`);
        return { ...answered, snapshot, digest: `digest@${answered.sequence}` };
      },
    },
    engineVersion,
    clock: () => 77,
  });
  return { content, asked, snapshots, removed, operations, places };
}

function aSnapshot(sequence: number): SnapshotRecord {
  const place = { sequence, epoch: 1, blob: `snapshot@${sequence}`, digest: 'x', engine: '2.35.0' };
  return { ...place, createdAt: 1, ...PLAIN };
}

describe('document content', () => {
  it('[RO30] a document that nobody edited is built from no engine: the original goes back', async () => {
    const { content, asked } = aDocument(0);
    const built = await content.build('d');
    expect([text(built.bytes), built.sequence, asked.length]).toEqual(['original', 0, 0]);
  });

  it('[RO30] builds at the head from the base and the whole log when there is no snapshot', async () => {
    const { content, asked } = aDocument(3);
    const built = await content.build('d');
    expect([text(built.bytes), built.sequence]).toEqual(['built', 3]);
    expect([text(asked[0]?.base ?? null), asked[0]?.snapshot, asked[0]?.operations.length]).toEqual([
      'base',
      null,
      3,
    ]);
  });

  it('[RO31] a snapshot is kept with sequence, digest and engine, and later work begins at it', async () => {
    const { content, asked, snapshots } = aDocument(5);
    const taken = await content.takeSnapshot('d');
    expect(taken).toEqual({ blob: 'snapshot@5', sequence: 5, epoch: 1, digest: 'digest@5', refused: 0 });
    expect(snapshots[0]).toEqual({
      blob: 'snapshot@5',
      sequence: 5,
      epoch: 1,
      digest: 'digest@5',
      engine: '2.35.0',
      createdAt: 77,
      people: ['Ada'],
      restored: null,
    });

    await content.build('d');
    expect([text(asked[1]?.snapshot ?? null), asked[1]?.operations]).toEqual(['snapshot@5', []]);
    expect(await content.openingSnapshot('d')).toEqual({ blob: 'snapshot@5', sequence: 5, epoch: 1 });
  });

  it('[RO30] builds an older sequence from the base when the snapshot is newer', async () => {
    const { content, asked } = aDocument(5);
    await content.takeSnapshot('d');
    const built = await content.build('d', 2);
    expect([built.sequence, asked[1]?.snapshot, asked[1]?.operations.length]).toEqual([2, null, 2]);
  });

  it('[RO31] the newest four snapshots are kept, and the blobs of older ones are given back', async () => {
    const { content, snapshots, removed, operations } = aDocument(1);
    for (let sequence = 2; sequence <= 7; sequence += 1) {
      await content.takeSnapshot('d');
      operations.push({ sequence } as SequencedOperation);
    }
    expect(snapshots.map(({ sequence }) => sequence)).toEqual([3, 4, 5, 6]);
    expect(removed).toEqual(['snapshot@1', 'snapshot@2']);
  });

  it('[RO33] the base opens epoch 1, and a snapshot by another engine opens the next', async () => {
    const { content, snapshots } = aDocument(5, '2.36.0');
    expect(await content.openingSnapshot('d')).toEqual({ blob: 'base', sequence: 0, epoch: 1 });
    snapshots.push({
      blob: 'snapshot@4',
      sequence: 4,
      epoch: 1,
      digest: 'x',
      engine: '2.35.0',
      createdAt: 1,
      ...PLAIN,
    });
    expect((await content.takeSnapshot('d')).epoch).toBe(2);
  });

  it('[SA42] a restore is a snapshot of the past at the next number, in an epoch of its own', async () => {
    const { content, snapshots, operations, places } = aDocument(3);
    snapshots.push(aSnapshot(1));
    const restored = { userId: '1', by: 'Ada', from: { sequence: 2, at: 1, version: 1 } };

    await content.restore('d', restored, async (snapshot) => {
      operations.push({ sequence: 4, client: RESTORING_CLIENT, author: 'Ada' } as SequencedOperation);
      snapshots.push(snapshot);
    });

    expect(places).toEqual([{ sequence: 4, newest: [['a', 3]] }]);
    expect(snapshots.at(-1)).toMatchObject({ blob: 'snapshot@2', sequence: 4, epoch: 2, restored });
    expect((await content.build('d')).sequence).toBe(4);
    expect((await content.build('d', 3)).sequence).toBe(3);
  });

  it('[SA42] no replay leads over a restore: without its snapshot nothing is built', async () => {
    const { content, operations } = aDocument(3);
    operations.push({ sequence: 4, client: RESTORING_CLIENT, author: 'Ada' } as SequencedOperation);

    await expect(content.build('d')).rejects.toThrow('at a restore is missing');
    expect((await content.build('d', 3)).sequence).toBe(3);
  });

  it('[RO34] takes the digest from a snapshot at that sequence, else from a replay', async () => {
    const { content, asked } = aDocument(5);
    await content.takeSnapshot('d');
    expect([await content.digestAt('d', 5), asked.length]).toEqual(['digest@5', 1]);
    expect([await content.digestAt('d', 4), asked.length]).toEqual(['digest@4', 2]);
  });

  it('[RO30] a sequence beyond the log, an unknown document and a lost blob are faults', async () => {
    const { content, snapshots } = aDocument(2);
    await expect(content.build('d', 3)).rejects.toThrow('ends at 2, before 3');
    await expect(content.build('nobody')).rejects.toThrow('no document nobody');
    snapshots.push({
      blob: 'lost',
      sequence: 1,
      epoch: 1,
      digest: 'x',
      engine: '2.35.0',
      createdAt: 1,
      ...PLAIN,
    });
    await expect(content.build('d')).rejects.toThrow('blob lost is missing');
  });
});
