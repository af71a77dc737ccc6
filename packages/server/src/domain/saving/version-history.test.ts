import { describe, expect, it } from 'vitest';
import type { SnapshotRecord } from '../log/operation-log.js';
import { aTarget, createWorld, REACTIONS } from './testing/world.js';
import { createVersionHistory, maySeeVersions } from './version-history.js';

const decoder = new TextDecoder();

function aWorld() {
  const world = createWorld();
  world.addDocument('doc');
  const ann = world.addSession('ann', 'doc', aTarget());
  const snapshots: SnapshotRecord[] = [];
  const log = { listSnapshots: async () => snapshots.toReversed() };
  return { world, ann, snapshots, history: createVersionHistory({ ...world.deps, log }) };
}

function aSnapshot(sequence: number, change: Partial<SnapshotRecord> = {}): SnapshotRecord {
  const place = { sequence, epoch: 1, blob: 'b', engine: 'e', digest: 'd', createdAt: sequence * 1_000 };
  return { ...place, people: [], restored: null, ...change };
}

describe('version history', () => {
  it('[SA38] every save is a version with who, when, why and how far it has come, newest first', async () => {
    const { world, ann, history } = aWorld();
    const saves = await world.start();
    await saves.request('ann', 'user');
    await world.time.advance(0);
    world.edit('doc');
    world.reactWith({ ...REACTIONS.refuses, message: 'Closed' });
    await saves.requestForAllTargets('doc', 'leave');
    await world.time.advance(0);

    const [leave, first] = await history.list(ann);

    expect(leave).toMatchObject({ number: 2, by: null, reason: 'leave' });
    expect(leave?.delivery).toEqual({
      state: 'waiting',
      nextAttemptAt: expect.any(Number),
      message: 'Closed',
    });
    expect(first).toMatchObject({ number: 1, by: 'ann', reason: 'user', savedAt: expect.any(Number) });
    expect(first?.delivery).toMatchObject({ state: 'delivered', message: 'Document Saved Successfully' });
  });

  it('[SA39] a version is read as it was, also when the target got another format', async () => {
    const { world, history } = aWorld();
    world.addSession('pat', 'doc', aTarget({ format: 'pdf' }));
    const convert = async () => new TextEncoder().encode('a pdf');
    const saves = await world.start({ convert });
    await saves.request('ann', 'user');
    await world.time.advance(0);
    world.edit('doc');
    await saves.request('pat', 'user');
    await world.time.advance(0);
    world.edit('doc');

    const texts = [await history.read('doc', { version: 1 }), await history.read('doc', { version: 2 })].map(
      (bytes) => decoder.decode(bytes),
    );

    expect(texts).toEqual(['doc at 1', 'doc at 2']);
    expect(await history.read('doc', { version: 3 })).toBeUndefined();
  });

  it('[SA43] [SA45] states between saves, restores and what was there before them are listed, newest first', async () => {
    const { world, snapshots, history } = aWorld();
    const saves = await world.start();
    await saves.request('ann', 'user');
    const restored = { userId: '2', by: 'bob', from: { sequence: 1, at: 50, version: 1 } };
    snapshots.push(
      aSnapshot(1, { people: ['ann'] }),
      aSnapshot(5, { people: ['ann', 'bob'] }),
      aSnapshot(9, { epoch: 2, restored }),
    );

    const states = await history.listStates({ key: 'doc', createdAt: 7 });

    expect(states.map(({ sequence, kind, people }) => [sequence, kind, people])).toEqual([
      [9, 'restored', ['bob']],
      [8, 'before_restore', []],
      [5, 'between', ['ann', 'bob']],
      // At 1 stands version 1.
      [0, 'opened', []],
    ]);
    expect(states[0]?.from).toEqual({ version: 1, at: 50 });
    expect(await history.find('doc', { sequence: 8 })).toEqual({ sequence: 8, version: null, at: 9_000 });
    expect(await history.find('doc', { sequence: 1 })).toMatchObject({ sequence: 1, version: 1 });
    expect(await history.find('doc', { sequence: 6 })).toBeUndefined();
    expect(decoder.decode(await history.read('doc', { sequence: 5 }))).toBe('doc at 5');
  });

  it('[SA40] what one target answered is not shown to those who save to another', async () => {
    const { world, history } = aWorld();
    const bob = world.addSession('bob', 'doc', aTarget({ saveUrl: 'https://other.example/' }));
    world.reactWith({ ...REACTIONS.takes, message: 'Stored in the folder of Ann' });
    const saves = await world.start();
    await saves.request('ann', 'user');
    await world.time.advance(0);

    const [seen] = await history.list(bob);

    expect(seen?.delivery).toMatchObject({ state: 'delivered', message: 'Document Saved Successfully' });
  });

  it('[SA40] versions are for those who may edit or export', () => {
    const none = { ...aWorld().ann.permissions, 'document.edit': false, 'document.export': false };

    expect(maySeeVersions(none)).toBe(false);
    expect(maySeeVersions({ ...none, 'document.edit': true })).toBe(true);
    expect(maySeeVersions({ ...none, 'document.export': true })).toBe(true);
  });
});

describe('following a save', () => {
  it('[SA36] a session that comes later hears how the save to its target stands, and its further steps', async () => {
    const { world } = aWorld();
    world.reactWith(REACTIONS.refuses);
    const saves = await world.start();
    await saves.request('ann', 'user');
    await world.time.advance(0);
    const later = world.addSession('later', 'doc', aTarget());

    const found = await saves.follow(later);
    world.reactWith(REACTIONS.takes);
    await world.time.advance(60_000);

    expect(found).toMatchObject({ state: 'retrying', version: 1, nextAt: expect.any(Number) });
    expect(world.steps.filter(({ sessionId }) => sessionId === 'later').at(-1)?.progress).toMatchObject({
      state: 'delivered',
      version: 1,
    });
    expect(await saves.follow(later)).toBeNull();
  });

  it('[SA36] nothing is followed for another target, and nothing without one', async () => {
    const { world } = aWorld();
    world.reactWith(REACTIONS.refuses);
    const saves = await world.start();
    await saves.request('ann', 'user');
    await world.time.advance(0);

    const other = world.addSession('other', 'doc', aTarget({ saveUrl: 'https://other.example/' }));
    const without = world.addSession('without', 'doc', null);

    expect(await saves.follow(other)).toBeNull();
    expect(await saves.follow(without)).toBeNull();
  });
});
