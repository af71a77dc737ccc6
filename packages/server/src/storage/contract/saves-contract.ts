import { expect, it } from 'vitest';
import type { BlobReferences } from '../../domain/content/blob-references.js';
import type { DocumentStore } from '../../domain/documents/document.js';
import type { OperationLog } from '../../domain/log/operation-log.js';
import type { DeliveryAttempt, Save, SaveStore } from '../../domain/saving/save.js';
import type { UseStore } from './contract-kit.js';
import { sampleDocument, sampleSave } from './samples.js';

export function checkSaveStore(use: UseStore<SaveStore>): void {
  it('[ST60] accepts a save under the next version of its document, with every field as it was', async () => {
    await use(async (saves) => {
      const save = sampleSave({ force: true, userId: null, sequence: 2 ** 40, message: 'first' });
      expect(await saves.accept(save)).toEqual({ ...save, version: 1 });
      expect(await saves.find('save-1')).toEqual({ ...save, version: 1 });
      expect((await saves.accept(sampleSave({ id: 'save-2' }))).version).toBe(2);
      expect((await saves.accept(sampleSave({ id: 'save-3', documentKey: 'life-2' }))).version).toBe(1);
      expect(await saves.find('save-9')).toBeUndefined();
    });
  });

  it('[ST60] saves accepted at once get versions without a gap or a double', async () => {
    await use(async (saves) => {
      const accepted = await Promise.all(
        Array.from(
          { length: 20 },
          async (_, index) => await saves.accept(sampleSave({ id: `save-${index}` })),
        ),
      );
      const versions = accepted.map(({ version }) => version).toSorted((a, b) => a - b);
      expect(versions).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
      expect((await saves.listForDocument('life-1')).map(({ version }) => version)).toEqual(versions);
    });
  });

  it('[ST60] a later version never holds less of the log than an earlier one of its document', async () => {
    await use(async (saves) => {
      await saves.accept(sampleSave({ id: 'save-1', sequence: 7 }));
      expect((await saves.accept(sampleSave({ id: 'save-2', sequence: 5 }))).sequence).toBe(7);
      expect(await saves.find('save-2')).toMatchObject({ version: 2, sequence: 7 });
      expect((await saves.accept(sampleSave({ id: 'save-3', sequence: 9 }))).sequence).toBe(9);
      const elsewhere = sampleSave({ id: 'save-4', documentKey: 'life-2', sequence: 1 });
      expect((await saves.accept(elsewhere)).sequence).toBe(1);
    });
  });

  it('[ST61] leases what is due, oldest due first, and nothing twice while the lease lasts', async () => {
    await use(async (saves) => {
      await add(saves, { id: 'late', targetId: 't1', nextAttemptAt: 300 });
      await add(saves, { id: 'second', targetId: 't2', nextAttemptAt: 200, state: 'built' });
      await add(saves, { id: 'first', targetId: 't3', nextAttemptAt: 100 });
      await add(saves, { id: 'done', targetId: 't4', nextAttemptAt: 100, state: 'delivered' });
      expect(ids(await saves.lease('w', 200, 1_000, 1))).toEqual(['first']);
      expect(ids(await saves.lease('w', 200, 1_000, 10))).toEqual(['second']);
      expect(ids(await saves.lease('w', 200, 1_000, 10))).toEqual([]);
      expect(await saves.find('first')).toMatchObject({ leaseOwner: 'w', leasedUntil: 1_200 });
      expect(ids(await saves.lease('v', 1_200, 1_000, 10)).toSorted()).toEqual(['first', 'late', 'second']);
    });
  });

  it('[ST61] of many workers at once each job goes to exactly one', async () => {
    await use(async (saves) => {
      for (let index = 0; index < 12; index++) await add(saves, { id: `s${index}`, targetId: `t${index}` });
      const leased = await Promise.all(
        Array.from({ length: 6 }, async (_, worker) => await saves.lease(`w${worker}`, 1_000, 1_000, 3)),
      );
      expect(ids(leased.flat()).toSorted()).toEqual(Array.from({ length: 12 }, (_, i) => `s${i}`).toSorted());
    });
  });

  it('[ST62] of one document and target only the lowest due version goes, and one at a time', async () => {
    await use(async (saves) => {
      await add(saves, { id: 'v1', nextAttemptAt: 500 });
      await add(saves, { id: 'v2', nextAttemptAt: 100 });
      await add(saves, { id: 'v3', nextAttemptAt: 90 });
      await add(saves, { id: 'elsewhere', documentKey: 'life-2', nextAttemptAt: 100 });
      expect(ids(await saves.lease('w', 100, 1_000, 10)).toSorted()).toEqual(['elsewhere', 'v2']);
      expect(ids(await saves.lease('w', 600, 1_000, 10))).toEqual([]);
      await saves.settle(attemptOf('v2'), 'w', { state: 'delivered', settledAt: 600 });
      expect(ids(await saves.lease('w', 600, 1_000, 10))).toEqual(['v1']);
    });
  });

  it('[ST62] built jobs of a barred host are left out; others of it may still be built', async () => {
    await use(async (saves) => {
      const target = { ...sampleSave().target, saveUrl: 'https://slow.example:8443/save' };
      await add(saves, { id: 'built', targetId: 't1', target, state: 'built' });
      await add(saves, { id: 'accepted', targetId: 't2', target });
      await add(saves, { id: 'other', targetId: 't3', state: 'built' });
      const leased = await saves.lease('w', 1_000, 1_000, 10, ['slow.example:8443']);
      expect(ids(leased).toSorted()).toEqual(['accepted', 'other']);
      expect(ids(await saves.lease('w', 1_000, 1_000, 10))).toEqual(['built']);
    });
  });

  it('[ST63] settling records the attempt with the new state and ends the lease', async () => {
    await use(async (saves) => {
      await add(saves, {});
      await saves.lease('w', 1_000, 1_000, 1);
      const attempt = attemptOf('save-1', { status: null, answer: 'no route', outcome: 'unreachable' });
      const settled = await saves.settle(attempt, 'w', { state: 'built', attempts: 1, nextAttemptAt: 9_000 });
      expect(settled).toBe(true);
      expect(await saves.find('save-1')).toMatchObject({
        state: 'built',
        attempts: 1,
        nextAttemptAt: 9_000,
        leaseOwner: null,
        leasedUntil: null,
      });
      expect(await saves.listAttempts('save-1')).toEqual([attempt]);
    });
  });

  it('[ST63] a lost lease settles nothing and changes nothing', async () => {
    await use(async (saves) => {
      await add(saves, {});
      await saves.lease('slow', 1_000, 100, 1);
      await saves.lease('quick', 1_100, 1_000, 1);
      const before = await saves.find('save-1');
      expect(await saves.settle(attemptOf('save-1'), 'slow', { state: 'delivered' })).toBe(false);
      expect(await saves.updateLeased('save-1', 'slow', { state: 'built' })).toBe(false);
      expect(await saves.find('save-1')).toEqual(before);
      expect(await saves.listAttempts('save-1')).toEqual([]);
      expect(await saves.updateLeased('save-1', 'quick', { state: 'built', blob: 'f'.repeat(64) })).toBe(
        true,
      );
      expect(await saves.updateLeased('save-1', 'quick', {})).toBe(true);
    });
  });

  it('[ST64] supersedes older waiting saves of the same queue, except one that is on its way', async () => {
    await use(async (saves) => {
      await add(saves, { id: 'flying', nextAttemptAt: 10 });
      await saves.lease('w', 10, 1_000, 1);
      await add(saves, { id: 'waiting' });
      await add(saves, { id: 'delivered', state: 'delivered' });
      await add(saves, { id: 'elsewhere', targetId: 'target-2' });
      const newest = await add(saves, { id: 'newest' });
      await add(saves, { id: 'newer' });
      expect(await saves.supersedeOlder(newest, 500)).toBe(1);
      expect(await saves.find('waiting')).toMatchObject({ state: 'superseded', settledAt: 500 });
      expect(await saves.supersedeOlder(newest, 2_000)).toBe(1);
      const states = (await saves.listForDocument('life-1')).map(({ id, state }) => [id, state]);
      expect(Object.fromEntries(states)).toEqual({
        flying: 'superseded',
        waiting: 'superseded',
        delivered: 'delivered',
        elsewhere: 'accepted',
        newest: 'accepted',
        newer: 'accepted',
      });
    });
  });

  it('[ST64] a save superseded while it was on its way may end delivered, and never waits again', async () => {
    await use(async (saves) => {
      const older = await Promise.all(['a', 'b'].map((id) => add(saves, { id, targetId: id })));
      await saves.lease('w', 1_000, 100, 10);
      for (const save of older) {
        const newer = await add(saves, { id: `${save.id}2`, targetId: save.targetId });
        await saves.supersedeOlder(newer, 1_100);
      }
      await saves.settle(attemptOf('a'), 'w', { state: 'built', attempts: 1, nextAttemptAt: 5_000 });
      await saves.settle(attemptOf('b'), 'w', { state: 'delivered', settledAt: 1_200 });
      expect(await saves.find('a')).toMatchObject({ state: 'superseded', settledAt: 1_100, attempts: 1 });
      expect(await saves.find('b')).toMatchObject({ state: 'delivered', settledAt: 1_200 });
    });
  });

  it('[ST65] says when to ask again: the first due time, or the end of a lease', async () => {
    await use(async (saves) => {
      expect(await saves.nextDueAt()).toBeNull();
      await add(saves, { id: 'a', nextAttemptAt: 300 });
      await add(saves, { id: 'b', nextAttemptAt: 200, targetId: 't2' });
      expect(await saves.nextDueAt()).toBe(200);
      await saves.lease('w', 200, 1_000, 10);
      expect(await saves.nextDueAt()).toBe(300);
      await saves.lease('w', 300, 2_000, 10);
      await add(saves, { id: 'c', nextAttemptAt: 100 });
      expect(await saves.nextDueAt()).toBe(1_200);
      await saves.releaseLeases();
      expect(await saves.nextDueAt()).toBe(100);
    });
  });

  it('[ST66] wakes the waiting jobs of one host and port', async () => {
    await use(async (saves) => {
      const to = (saveUrl: string) => ({ ...sampleSave().target, saveUrl });
      await add(saves, { id: 'a', nextAttemptAt: 9_000, target: to('https://app.example/a') });
      await add(saves, { id: 'b', nextAttemptAt: 9_000, target: to('https://app.example:8443/a') });
      await add(saves, {
        id: 'c',
        nextAttemptAt: 9_000,
        target: to('https://app.example/b'),
        state: 'parked',
      });
      await add(saves, { id: 'd', nextAttemptAt: 9_000, target: to('not a url') });
      expect(await saves.wakeHost('app.example', 500)).toBe(1);
      expect((await saves.find('a'))?.nextAttemptAt).toBe(500);
      expect(await saves.wakeHost('app.example', 500)).toBe(0);
    });
  });

  it('[ST66] wakes every waiting job, whatever its host', async () => {
    await use(async (saves) => {
      const there = { ...sampleSave().target, saveUrl: 'https://there.example/a' };
      await add(saves, { id: 'a', nextAttemptAt: 9_000 });
      await add(saves, { id: 'b', nextAttemptAt: 9_000, target: there, state: 'built' });
      await add(saves, { id: 'c', nextAttemptAt: 9_000, state: 'parked' });
      expect(await saves.wakeAll(500)).toBe(2);
      expect((await saves.find('b'))?.nextAttemptAt).toBe(500);
      expect((await saves.find('c'))?.nextAttemptAt).toBe(9_000);
      expect(await saves.wakeAll(500)).toBe(0);
    });
  });

  it('[ST67] lists the ledger newest first, by state, page by page without passing one over', async () => {
    await use(async (saves) => {
      for (let index = 0; index < 9; index++) {
        await add(saves, {
          id: `s${index}`,
          createdAt: Math.floor(index / 3),
          state: index % 2 ? 'parked' : 'delivered',
        });
      }
      const newestFirst = Array.from({ length: 9 }, (_, index) => `s${8 - index}`);
      expect(ids(await saves.list({ limit: 20 }))).toEqual(newestFirst);
      expect(ids(await saves.list({ limit: 20, states: ['parked'] }))).toEqual(['s7', 's5', 's3', 's1']);
      expect(ids(await saves.list({ limit: 3, states: ['parked', 'delivered'] }))).toEqual([
        's8',
        's7',
        's6',
      ]);
      expect(ids(await saves.list({ limit: 20, before: 1 }))).toEqual(['s2', 's1', 's0']);
      expect(ids(await saves.list({ limit: 2, before: 2, beforeId: 's7' }))).toEqual(['s6', 's5']);
    });
  });

  it('[ST68] finds the newest delivered save of a target and the oldest that still waits', async () => {
    await use(async (saves) => {
      await add(saves, { id: 'a', state: 'delivered', createdAt: 5 });
      await add(saves, { id: 'b', state: 'delivered', createdAt: 6 });
      await add(saves, { id: 'c', state: 'built', createdAt: 8 });
      await add(saves, { id: 'd', state: 'accepted', createdAt: 7 });
      expect((await saves.findDelivered('life-1', 'target-1'))?.id).toBe('b');
      expect(await saves.findDelivered('life-1', 'target-2')).toBeUndefined();
      expect(await saves.oldestUnsettledAt()).toBe(7);
      await saves.update('d', { state: 'parked', settledAt: 9 });
      await saves.update('c', { state: 'parked', settledAt: 9 });
      expect(await saves.oldestUnsettledAt()).toBeNull();
    });
  });

  it('[ST124] gives what decides about a save without the rest of a long history', async () => {
    await use(async (saves) => {
      await add(saves, { id: 'long ago', state: 'delivered', sequence: 1 });
      await add(saves, { id: 'given way', state: 'superseded', sequence: 2 });
      await add(saves, { id: 'parked', state: 'parked', sequence: 3 });
      await add(saves, { id: 'last delivered', state: 'delivered', sequence: 4 });
      await add(saves, { id: 'elsewhere', targetId: 'target-2', state: 'parked', sequence: 5 });
      await add(saves, { id: 'twin', targetId: 'target-2', state: 'delivered', sequence: 6 });
      const save = await add(saves, { id: 'this', sequence: 6 });
      await add(saves, { id: 'newer', targetId: 'target-2', state: 'delivered', sequence: 7 });
      await add(saves, { id: 'of another life', documentKey: 'life-2', sequence: 6 });
      expect(ids(await saves.listAround(save))).toEqual([
        'parked',
        'last delivered',
        'twin',
        'this',
        'newer',
      ]);
    });
  });

  it('[ST69] purges settled saves with their attempts, those that did not arrive later, and never one that waits', async () => {
    await use(async (saves) => {
      await add(saves, { id: 'old' });
      await saves.lease('w', 1_000, 1_000, 1);
      await saves.settle(attemptOf('old'), 'w', { state: 'delivered', settledAt: 2_000 });
      await add(saves, { id: 'young', state: 'parked', settledAt: 3_000 });
      await add(saves, { id: 'waiting', settledAt: 1 });
      await add(saves, { id: 'stuck', state: 'parked', settledAt: 2_000 });
      await add(saves, { id: 'in conflict', state: 'conflict', settledAt: 2_000 });
      await add(saves, { id: 'long stuck', state: 'parked', settledAt: 1_000 });
      expect(await saves.purgeSettled(3_000, 2_000)).toBe(2);
      expect(await saves.find('old')).toBeUndefined();
      expect(await saves.listAttempts('old')).toEqual([]);
      expect(ids(await saves.listForDocument('life-1'))).toEqual([
        'young',
        'waiting',
        'stuck',
        'in conflict',
      ]);
    });
  });
}

export function checkBlobReferences(
  use: UseStore<{
    blobReferences: BlobReferences;
    documents: DocumentStore;
    log: OperationLog;
    saves: SaveStore;
  }>,
): void {
  it('[ST70] a blob is referenced while an unpurged document, a snapshot or a save names it', async () => {
    await use(async ({ blobReferences, documents, log, saves }) => {
      const blob = (letter: string) => letter.repeat(64);
      await documents.add(sampleDocument({ originalBlob: blob('1'), baseBlob: blob('2') }));
      const place = {
        ...{ sequence: 1, epoch: 1, engine: 'e', digest: 'x', createdAt: 1 },
        ...{ people: [], restored: null },
      };
      await log.addSnapshot('life-1', { ...place, blob: blob('3') });
      await saves.accept(sampleSave({ blob: blob('4') }));
      const referenced = async () =>
        await Promise.all(['1', '2', '3', '4', '5'].map((l) => blobReferences.isReferenced(blob(l))));
      expect(await referenced()).toEqual([true, true, true, true, false]);
      await documents.update('life-1', { state: 'deleted', endedAt: 5, purgeAt: 9 });
      expect(await referenced()).toEqual([true, true, true, true, false]);
      await documents.update('life-1', { purgeAt: null });
      await log.remove('life-1');
      expect(await referenced()).toEqual([false, false, false, true, false]);
    });
  });
}

function add(saves: SaveStore, change: Partial<Omit<Save, 'version'>>): Promise<Save> {
  return saves.accept(sampleSave(change));
}

function ids(saves: readonly Save[]): string[] {
  return saves.map(({ id }) => id);
}

function attemptOf(saveId: string, change: Partial<DeliveryAttempt> = {}): DeliveryAttempt {
  return {
    saveId,
    number: 1,
    startedAt: 1_000,
    durationMs: 20,
    status: 200,
    answer: 'ok',
    outcome: 'delivered',
    ...change,
  };
}
