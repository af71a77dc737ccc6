import type { SequencedOperation } from '@officina/protocol';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { LeaseStore, OperationLog, SnapshotRecord } from '../../domain/log/operation-log.js';
import type { UseStore } from './contract-kit.js';
import { sampleOperations } from './samples.js';

export function checkOperationLog(use: UseStore<{ log: OperationLog; leases: LeaseStore }>): void {
  it('[ST40] an unknown log is empty', async () => {
    await use(async ({ log }) => {
      expect(await log.readAfter('life-1', 0)).toEqual([]);
      const head = await log.readHead('life-1');
      expect(head.sequence).toBe(0);
      expect(head.clients.size).toBe(0);
      expect(await log.readSnapshot('life-1')).toBeUndefined();
    });
  });

  it('[ST41] reads what was appended, from any sequence number, in order', async () => {
    await use(async ({ log }) => {
      const operations = sampleOperations(1, 9, { o: { text: 'nul \0, lone \uD800, 🦉, "quotes"' } });
      await log.append('life-1', 1, operations.slice(0, 4));
      await log.append('life-1', 1, operations.slice(4));
      await log.append('life-2', 1, sampleOperations(1, 1));
      for (let after = 0; after <= 9; after++) {
        expect(await log.readAfter('life-1', after)).toEqual(operations.slice(after));
      }
      expect((await log.readHead('life-1')).sequence).toBe(9);
    });
  });

  it('[ST42] refuses an operation that is not the next one, and stores nothing of that append', async () => {
    await use(async ({ log }) => {
      await log.append('life-1', 1, sampleOperations(1, 2));
      await expect(log.append('life-1', 1, sampleOperations(4, 1))).rejects.toThrow('not the next one');
      await expect(log.append('life-1', 1, sampleOperations(2, 2))).rejects.toThrow('not the next one');
      const gap = [...sampleOperations(3, 1), ...sampleOperations(5, 1)];
      await expect(log.append('life-1', 1, gap)).rejects.toThrow('one after the other');
      expect((await log.readHead('life-1')).sequence).toBe(2);
      await log.append('life-1', 1, sampleOperations(3, 1));
    });
  });

  it('[ST43] a newer lease bars the appends of the older owner', async () => {
    await use(async ({ log, leases }) => {
      const first = await leases.acquire('life-1', 'node-a', 0, 100);
      await log.append('life-1', first?.epoch ?? 0, sampleOperations(1, 1));
      const second = await leases.acquire('life-1', 'node-b', 100, 100);
      expect(second?.epoch).toBeGreaterThan(first?.epoch ?? 0);
      await expect(log.append('life-1', first?.epoch ?? 0, sampleOperations(2, 1))).rejects.toThrow('epoch');
      await log.append('life-1', second?.epoch ?? 0, sampleOperations(2, 1));
      expect((await log.readHead('life-1')).sequence).toBe(2);
    });
  });

  it('[ST44] one refused append does not touch those that are committed with it', async () => {
    await use(async ({ log }) => {
      const outcomes = await Promise.allSettled([
        log.append('life-1', 1, sampleOperations(1, 2)),
        log.append('life-2', 1, sampleOperations(7, 1)),
        log.append('life-1', 1, sampleOperations(3, 1)),
        log.append('life-1', 1, sampleOperations(9, 1)),
        log.append('life-3', 1, sampleOperations(1, 1)),
      ]);
      expect(outcomes.map(({ status }) => status)).toEqual([
        'fulfilled',
        'rejected',
        'fulfilled',
        'rejected',
        'fulfilled',
      ]);
      expect(await log.readAfter('life-1', 0)).toEqual(sampleOperations(1, 3));
      expect(await log.readAfter('life-2', 0)).toEqual([]);
    });
  });

  it('[ST45] keeps each client’s highest own number and the person behind it', async () => {
    await use(async ({ log }) => {
      const [one, two, three] = sampleOperations(1, 3) as [
        SequencedOperation,
        SequencedOperation,
        SequencedOperation,
      ];
      await log.append('life-1', 1, [
        { ...one, client: 'a', n: 1, actor: 'ada' },
        { ...two, client: 'b', n: 1, actor: 'bob' },
      ]);
      await log.append('life-1', 1, [{ ...three, client: 'a', n: 2, actor: 'ada' }]);
      const head = await log.readHead('life-1');
      expect([...head.clients].toSorted()).toEqual([
        ['a', 2],
        ['b', 1],
      ]);
      expect(head.authors?.get('b')).toBe('bob');
    });
  });

  it('[ST46] gives the newest snapshot, and takes one again for the same place', async () => {
    await use(async ({ log }) => {
      const snapshot: SnapshotRecord = {
        sequence: 10,
        epoch: 1,
        blob: 'd'.repeat(64),
        engine: '2.35.0',
        digest: 'x',
        createdAt: 1_000,
        people: ['Ada', 'Bob'],
        restored: null,
      };
      await log.addSnapshot('life-1', { ...snapshot, sequence: 20 });
      await log.addSnapshot('life-1', snapshot);
      await log.addSnapshot('life-1', { ...snapshot, sequence: 20, blob: 'e'.repeat(64) });
      expect(await log.readSnapshot('life-1')).toEqual({ ...snapshot, sequence: 20, blob: 'e'.repeat(64) });
      await log.addSnapshot('life-1', { ...snapshot, sequence: 20, epoch: 2 });
      expect((await log.readSnapshot('life-1'))?.epoch).toBe(2);
      expect((await log.readSnapshot('life-1', 19))?.sequence).toBe(10);
      expect(await log.readSnapshot('life-1', 9)).toBeUndefined();
      const places = (await log.listSnapshots('life-1')).map(({ sequence, epoch }) => [sequence, epoch]);
      expect(places).toEqual([
        [20, 2],
        [20, 1],
        [10, 1],
      ]);
    });
  });

  it('[ST46] forgets the snapshots that it is told, or all, and names their blobs', async () => {
    await use(async ({ log }) => {
      const place = { epoch: 1, engine: 'e', digest: 'x', createdAt: 1, people: [], restored: null };
      for (const [at, letter] of ['a', 'b', 'c'].entries()) {
        await log.addSnapshot('life-1', { ...place, sequence: at + 1, blob: letter.repeat(64) });
      }
      await log.addSnapshot('life-2', { ...place, sequence: 1, blob: 'a'.repeat(64) });
      expect(await log.forgetSnapshots('life-1', [])).toEqual([]);
      const old = [1, 2, 77].map((sequence) => ({ sequence, epoch: 1 }));
      expect([...(await log.forgetSnapshots('life-1', old))].sort()).toEqual([
        'a'.repeat(64),
        'b'.repeat(64),
      ]);
      expect((await log.readSnapshot('life-1'))?.sequence).toBe(3);
      expect(await log.forgetSnapshots('life-1', 'all')).toEqual(['c'.repeat(64)]);
      expect(await log.forgetSnapshots('life-1', 'all')).toEqual([]);
      expect(await log.readSnapshot('life-1')).toBeUndefined();
      expect((await log.readSnapshot('life-2'))?.sequence).toBe(1);
    });
  });

  it('[ST53] keeps an append and the snapshot that comes with it, or neither', async () => {
    await use(async ({ log, leases }) => {
      const restored = { userId: '1', by: 'Ada', from: { sequence: 1, at: 5, version: 2 } };
      const snapshot: SnapshotRecord = {
        ...{ sequence: 4, epoch: 2, blob: 'd'.repeat(64), engine: 'e', digest: 'x', createdAt: 1 },
        ...{ people: ['Ada'], restored },
      };
      await log.append('life-1', 0, sampleOperations(1, 3));
      await log.append('life-1', 0, sampleOperations(4, 1), snapshot);
      expect(await log.listSnapshots('life-1')).toEqual([snapshot]);

      const late = { ...snapshot, sequence: 5 };
      await leases.acquire('life-1', 'a', 0, 100);
      await expect(log.append('life-1', 0, sampleOperations(5, 1), late)).rejects.toThrow('epoch');
      await expect(log.append('life-1', 1, sampleOperations(6, 1), late)).rejects.toThrow('last operation');
      expect((await log.readHead('life-1')).sequence).toBe(4);
      expect(await log.listSnapshots('life-1')).toEqual([snapshot]);
    });
  });

  it('[ST47] removing a log forgets operations, clients and snapshots of that document only', async () => {
    await use(async ({ log }) => {
      const place = {
        ...{ sequence: 1, epoch: 1, blob: 'd'.repeat(64), engine: 'e', digest: 'x', createdAt: 1 },
        ...{ people: [], restored: null },
      };
      for (const document of ['life-1', 'life-2']) {
        await log.append(document, 1, sampleOperations(1, 3));
        await log.addSnapshot(document, place);
      }
      await log.remove('life-1');
      expect((await log.readHead('life-1')).sequence).toBe(0);
      expect((await log.readHead('life-1')).clients.size).toBe(0);
      expect(await log.readSnapshot('life-1')).toBeUndefined();
      expect(await log.readAfter('life-2', 0)).toHaveLength(3);
      await expect(log.append('life-1', 1, sampleOperations(4, 1))).rejects.toThrow('not the next one');
    });
  });

  it('[ST48] reads a log of more rows than one page', async () => {
    await use(async ({ log }) => {
      for (let sequence = 1; sequence <= 450; sequence++) {
        // A text near the size of a row keeps neighbours from being put together.
        void log.append('life-1', 1, sampleOperations(sequence, 1, { o: 'x'.repeat(40_000) }));
      }
      await log.append('life-1', 1, sampleOperations(451, 1));
      const read = await log.readAfter('life-1', 0);
      expect(read.map(({ sequence }) => sequence)).toEqual(
        Array.from({ length: 451 }, (_, index) => index + 1),
      );
    });
  });

  it('[ST49] whatever documents, sizes and epochs come in whatever order, the log equals a plain model', async () => {
    const step = fc.record({
      document: fc.constantFrom('life-1', 'life-2', 'life-3'),
      skip: fc.constantFrom(0, 0, 0, 0, 1, -1),
      count: fc.integer({ min: 1, max: 4 }),
      client: fc.constantFrom('a', 'b'),
      act: fc.constantFrom('append', 'append', 'append', 'append', 'take over', 'append late'),
      waits: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
        await use(async ({ log, leases }) => {
          const model = new Map<string, { operations: SequencedOperation[]; epoch: number }>();
          const checks: Promise<void>[] = [];
          for (const [at, { document, skip, count, client, act, waits }] of steps.entries()) {
            const state = model.get(document) ?? { operations: [], epoch: 0 };
            model.set(document, state);
            if (act === 'take over') {
              await Promise.all(checks);
              const lease = await leases.acquire(document, `node-${at}`, at * 1_000, 1_000);
              expect(lease).toEqual({ epoch: state.epoch + 1 });
              state.epoch += 1;
              continue;
            }
            const epoch = act === 'append late' ? state.epoch - 1 : state.epoch;
            const first = state.operations.length + 1 + skip;
            const operations = sampleOperations(first, count, { client });
            const isFine = skip === 0 && epoch === state.epoch;
            if (isFine) state.operations.push(...operations);
            const appended = log.append(document, epoch, operations);
            checks.push(isFine ? appended : expect(appended).rejects.toThrow());
            if (waits) await Promise.all(checks);
          }
          await Promise.all(checks);
          for (const [document, { operations }] of model) {
            expect(await log.readAfter(document, 0)).toEqual(operations);
            const head = await log.readHead(document);
            expect(head.sequence).toBe(operations.length);
            const clients = new Map<string, number>();
            for (const { client, n } of operations) clients.set(client, n);
            expect(head.clients).toEqual(clients);
          }
        });
      }),
      { numRuns: 12 },
    );
  });
}

export function checkLeaseStore(use: UseStore<LeaseStore>): void {
  it('[ST50] keeps a living lease from others; its owner renews it within one epoch', async () => {
    await use(async (leases) => {
      expect(await leases.acquire('life-1', 'a', 0, 100)).toEqual({ epoch: 1 });
      expect(await leases.acquire('life-1', 'b', 50, 100)).toBeUndefined();
      expect(await leases.acquire('life-1', 'a', 50, 100)).toEqual({ epoch: 1 });
      expect(await leases.acquire('life-1', 'b', 149, 100)).toBeUndefined();
      expect(await leases.acquire('life-2', 'b', 50, 100)).toEqual({ epoch: 1 });
    });
  });

  it('[ST51] begins a new epoch when a lease is taken after it has run out or was released', async () => {
    await use(async (leases) => {
      await leases.acquire('life-1', 'a', 0, 100);
      expect(await leases.acquire('life-1', 'b', 100, 100)).toEqual({ epoch: 2 });
      await leases.release('life-1', 'a');
      expect(await leases.acquire('life-1', 'a', 150, 100)).toBeUndefined();
      await leases.release('life-1', 'b');
      expect(await leases.acquire('life-1', 'a', 150, 100)).toEqual({ epoch: 3 });
    });
  });

  it('[ST52] of many that want a lease at once exactly one gets it', async () => {
    await use(async (leases) => {
      const wanted = await Promise.all(
        Array.from(
          { length: 10 },
          async (_, index) => await leases.acquire('life-1', `node-${index}`, 0, 100),
        ),
      );
      expect(wanted.filter((lease) => lease !== undefined)).toEqual([{ epoch: 1 }]);
    });
  });
}
