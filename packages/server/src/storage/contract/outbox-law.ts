import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Save, SaveStore } from '../../domain/saving/save.js';
import type { UseStore } from './contract-kit.js';
import { sampleSave } from './samples.js';

/** One thing that people, workers and operators do to the outbox, at a time that only goes forward. */
const act = fc.record({
  kind: fc.constantFrom('accept', 'accept', 'lease', 'lease', 'settle', 'settle', 'supersede', 'wake', 'die'),
  queue: fc.constantFrom('t1', 't2'),
  worker: fc.constantFrom('w1', 'w2'),
  pick: fc.nat({ max: 20 }),
  waitMs: fc.constantFrom(0, 1, 40, 200),
  outcome: fc.constantFrom('delivered', 'built', 'parked'),
});

/** Long enough that workers hold several at once, short enough that leases run out. */
const LEASE_MS = 100;

export function checkOutboxLaw(use: UseStore<SaveStore>): void {
  it('[ST71] whatever is accepted, leased, settled, superseded or dropped, no save is lost and no queue runs twice', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(act, { maxLength: 40 }), async (acts) => {
        await use(async (saves) => {
          const world = new OutboxWorld(saves);
          for (const next of acts) await world.perform(next);
          await world.finish();
        });
      }),
      { numRuns: 25 },
    );
  });
}

/** Acts on the store and keeps by plain maps what must be true of it. */
class OutboxWorld {
  readonly #saves: SaveStore;
  readonly #accepted: Save[] = [];
  #held: { save: Save; worker: string; until: number }[] = [];
  readonly #attempts = new Map<string, number>();
  #now = 0;

  constructor(saves: SaveStore) {
    this.#saves = saves;
  }

  async perform(next: typeof act extends fc.Arbitrary<infer Act> ? Act : never): Promise<void> {
    this.#now += next.waitMs;
    const any = this.#accepted[next.pick % Math.max(1, this.#accepted.length)];
    if (next.kind === 'accept') await this.#accept(next.queue);
    else if (next.kind === 'lease') await this.#lease(next.worker, 1 + (next.pick % 3));
    else if (next.kind === 'settle') await this.#settle(next.pick, next.outcome);
    else if (next.kind === 'wake') await this.#saves.wakeHost('app.example', this.#now);
    else if (next.kind === 'die') this.#held = this.#held.filter(({ worker }) => worker !== next.worker);
    else if (any !== undefined) await this.#saves.supersedeOlder(any, this.#now);
  }

  /** Delivers everything that still waits, asking only when the store says that it is worth it. */
  async finish(): Promise<void> {
    for (let round = 0; round < 4 * this.#accepted.length + 4; round++) {
      const dueAt = await this.#saves.nextDueAt();
      if (dueAt === null) break;
      this.#now = Math.max(this.#now, dueAt);
      const leased = await this.#saves.lease('last', this.#now, LEASE_MS, 10);
      expect(leased.length, 'a time to ask gives a job').toBeGreaterThan(0);
      for (const save of leased) await this.#settleOne(save, 'last', 'delivered');
    }
    const rows = await this.#saves.listForDocument('life-1');
    expect(rows.map(({ id }) => id)).toEqual(this.#accepted.map(({ id }) => id));
    expect(rows.map(({ version }) => version)).toEqual(rows.map((_, index) => index + 1));
    for (const row of rows) {
      expect(['delivered', 'superseded', 'parked']).toContain(row.state);
      expect(await this.#saves.listAttempts(row.id)).toHaveLength(this.#attempts.get(row.id) ?? 0);
      if (row.state === 'superseded') {
        const isFollowed = rows.some((o) => o.targetId === row.targetId && o.version > row.version);
        expect(isFollowed, 'what is superseded has a newer save').toBe(true);
      }
    }
  }

  async #accept(targetId: string): Promise<void> {
    const id = `save-${String(this.#accepted.length).padStart(3, '0')}`;
    this.#accepted.push(await this.#saves.accept(sampleSave({ id, targetId, nextAttemptAt: this.#now })));
  }

  async #lease(worker: string, limit: number): Promise<void> {
    const leased = await this.#saves.lease(worker, this.#now, LEASE_MS, limit);
    expect(leased.length).toBeLessThanOrEqual(limit);
    const living = this.#held.filter(({ until }) => until > this.#now);
    for (const save of leased) {
      expect(['accepted', 'built']).toContain(save.state);
      expect(save.nextAttemptAt).toBeLessThanOrEqual(this.#now);
      const sameQueue = [...living.map((held) => held.save), ...leased].filter(
        (other) => other.targetId === save.targetId && other.id !== save.id,
      );
      expect(sameQueue, 'one job of a queue at a time').toEqual([]);
    }
    this.#held.push(...leased.map((save) => ({ save, worker, until: this.#now + LEASE_MS })));
  }

  async #settle(pick: number, state: string): Promise<void> {
    const [held] = this.#held.splice(pick % Math.max(1, this.#held.length), 1);
    if (held !== undefined) await this.#settleOne(held.save, held.worker, state);
  }

  async #settleOne({ id }: Save, worker: string, state: string): Promise<void> {
    const before = await this.#saves.find(id);
    const number = (this.#attempts.get(id) ?? 0) + 1;
    const isHolder = await this.#saves.settle(
      { saveId: id, number, startedAt: 0, durationMs: 1, status: 500, answer: '', outcome: 'refused' },
      worker,
      state === 'built'
        ? { state: 'built', nextAttemptAt: this.#now + 50 }
        : { state: state as Save['state'], settledAt: this.#now },
    );
    expect(isHolder).toBe(before?.leaseOwner === worker);
    if (isHolder) this.#attempts.set(id, number);
  }
}
