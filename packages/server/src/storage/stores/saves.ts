import { type Compilable, type ExpressionBuilder, sql } from 'kysely';
import type { DocumentKey } from '../../domain/documents/document.js';
import type { DeliveryAttempt, Save, SavePlace, SaveStore } from '../../domain/saving/save.js';
import type { Database } from '../database.js';
import type { SaveRow, Tables } from '../tables.js';
import { toAttempt, toSave, toSaveColumns } from './save-rows.js';
import { SaveStatements, UNDELIVERED, WAITING } from './save-statements.js';

type SaveChange = Parameters<SaveStore['update']>[1];

/** The outbox. A *queue* is the saves of one document for one target: one at a time of it is under a lease. */
export class SqlSaveStore implements SaveStore {
  readonly #database: Database;
  readonly #wake: () => void;
  readonly #statements: SaveStatements;

  /** `wake` is called when a job may have become due, once that is durable. */
  constructor(database: Database, wake: () => void) {
    this.#database = database;
    this.#wake = wake;
    this.#statements = new SaveStatements(database);
  }

  async accept(save: Omit<Save, 'version'>): Promise<Save> {
    const { db } = this.#database;
    const version = sql<number>`(
      select coalesce(max(version), 0) + 1 from saves where document_key = ${save.documentKey}
    )`;
    const row = toSaveColumns(save) as SaveRow;
    const sequence = sql<number>`(
      select coalesce(max(case when sequence > ${row.sequence} then sequence end), ${row.sequence})
      from saves where document_key = ${save.documentKey}
    )`;
    const insert = db
      .insertInto('saves')
      .values({ ...row, version, sequence })
      .returningAll();
    const outcomes = await this.#database.atomically(
      // SQLite writes one at a time anyway; PostgreSQL must not count two saves as the same version.
      this.#database.kind === 'postgres'
        ? [lockUntilCommit(db, `officina:version:${save.documentKey}`), insert]
        : [insert],
    );
    this.#wake();
    return toSave(outcomes.at(-1)?.rows[0] as unknown as SaveRow);
  }

  async find(id: string): Promise<Save | undefined> {
    const row = await this.#select().where('id', '=', id).executeTakeFirst();
    return row && toSave(row);
  }

  async update(id: string, change: SaveChange): Promise<void> {
    const row = toSaveColumns(change);
    if (Object.keys(row).length === 0) return;
    await this.#database.db.updateTable('saves').set(row).where('id', '=', id).execute();
    this.#wake();
  }

  async updateLeased(id: string, owner: string, change: SaveChange): Promise<boolean> {
    const { numUpdatedRows } = await this.#database.db
      .updateTable('saves')
      // The owner to itself, so that an empty change also tells whether the lease holds.
      .set((eb) => ({ lease_owner: eb.ref('lease_owner'), ...toSaveColumns(change) }))
      .where('id', '=', id)
      .where('lease_owner', '=', owner)
      .executeTakeFirst();
    if (numUpdatedRows > 0n) this.#wake();
    return numUpdatedRows > 0n;
  }

  async lease(
    owner: string,
    now: number,
    leaseMs: number,
    limit: number,
    exceptHosts: readonly string[] = [],
  ): Promise<readonly Save[]> {
    const take = { compile: () => this.#statements.take(owner, now, leaseMs, limit, exceptHosts) };
    const { db, kind } = this.#database;
    const outcomes = await this.#database.atomically(
      // Two nodes with clocks a little apart must not each take a save of one queue.
      kind === 'postgres' ? [lockUntilCommit(db, 'officina:lease'), walkIndexes(db), take] : [take],
    );
    const rows = (outcomes.at(-1)?.rows ?? []) as unknown as SaveRow[];
    return rows.map(toSave).sort((left, right) => left.nextAttemptAt - right.nextAttemptAt);
  }

  async releaseLeases(): Promise<void> {
    await this.#database.db
      .updateTable('saves')
      .set({ lease_owner: null, leased_until: null })
      .where('leased_until', 'is not', null)
      .execute();
    this.#wake();
  }

  async nextDueAt(): Promise<number | null> {
    const { db } = this.#database;
    const free = await db
      .selectFrom('saves as job')
      .select('job.next_attempt_at as at')
      .where('job.state', 'in', WAITING)
      .where((eb) => eb.not(eb.exists(leasesOfQueue(eb).select('leased.id'))))
      .orderBy('job.next_attempt_at')
      .limit(1)
      .executeTakeFirst();
    // In a queue with a lease everything waits for the end of the lease; there are no more of them than workers.
    const held = await db
      .selectFrom('saves as leased')
      .innerJoin('saves as job', (join) =>
        join
          .onRef('job.document_key', '=', 'leased.document_key')
          .onRef('job.target_id', '=', 'leased.target_id'),
      )
      .select((eb) => ['job.id', 'job.next_attempt_at as due', eb.fn.max('leased.leased_until').as('until')])
      .where('leased.leased_until', 'is not', null)
      .where('job.state', 'in', WAITING)
      .groupBy(['job.id', 'job.next_attempt_at'])
      .execute();
    const times = held.map(({ due, until }) => Math.max(due, until ?? 0));
    if (free !== undefined) times.push(free.at);
    return times.length === 0 ? null : Math.min(...times);
  }

  async settle(attempt: DeliveryAttempt, owner: string, change: SaveChange): Promise<boolean> {
    const row: Partial<SaveRow> = { lease_owner: null, leased_until: null, ...toSaveColumns(change) };
    const outcomes = await this.#database.atomically(this.#statements.settle(attempt, owner, row));
    this.#wake();
    return (outcomes[0]?.changes ?? 0) > 0;
  }

  async supersedeOlder(save: Save, at: number): Promise<number> {
    const { numUpdatedRows } = await this.#database.db
      .updateTable('saves')
      .set({ state: 'superseded', settled_at: at })
      .where('document_key', '=', save.documentKey)
      .where('target_id', '=', save.targetId)
      .where('version', '<', save.version)
      .where('state', 'in', WAITING)
      .where((eb) => eb.or([eb('leased_until', 'is', null), eb('leased_until', '<=', at)]))
      .executeTakeFirst();
    if (numUpdatedRows > 0n) this.#wake();
    return Number(numUpdatedRows);
  }

  async findDelivered(documentKey: DocumentKey, targetId: string): Promise<Save | undefined> {
    const row = await this.#select()
      .where('document_key', '=', documentKey)
      .where('target_id', '=', targetId)
      .where('state', '=', 'delivered')
      .orderBy('version', 'desc')
      .limit(1)
      .executeTakeFirst();
    return row && toSave(row);
  }

  async listForDocument(documentKey: DocumentKey): Promise<readonly Save[]> {
    const { rows } = await this.#database.db.executeQuery(this.#statements.ofDocument({ documentKey }));
    return rows.map(toSave);
  }

  async listAround({ documentKey, targetId, version, sequence }: SavePlace): Promise<readonly Save[]> {
    const place = { documentKey, targetId, version, sequence };
    const { rows } = await this.#database.db.executeQuery(this.#statements.around(place));
    return rows.map(toSave);
  }

  async list(filter: Parameters<SaveStore['list']>[0]): Promise<readonly Save[]> {
    const { states, limit, before, beforeId } = filter;
    const pages = (states ?? [undefined]).map(async (state) => {
      let query = this.#select();
      if (state !== undefined) query = query.where('state', '=', state);
      if (before !== undefined && beforeId !== undefined) {
        query = query.where((eb) => eb(eb.refTuple('created_at', 'id'), '<', eb.tuple(before, beforeId)));
      } else if (before !== undefined) {
        query = query.where('created_at', '<', before);
      }
      const rows = await query.orderBy('created_at', 'desc').orderBy('id', 'desc').limit(limit).execute();
      return rows.map(toSave);
    });
    const found = (await Promise.all(pages)).flat();
    return found.sort(newestFirst).slice(0, limit);
  }

  async listAttempts(saveId: string): Promise<readonly DeliveryAttempt[]> {
    const rows = await this.#database.db
      .selectFrom('delivery_attempts')
      .selectAll()
      .where('save_id', '=', saveId)
      .orderBy('number')
      .execute();
    return rows.map(toAttempt);
  }

  wakeHost(host: string, now: number): Promise<number> {
    return this.#wakeWaiting(now, host);
  }

  wakeAll(now: number): Promise<number> {
    return this.#wakeWaiting(now);
  }

  async #wakeWaiting(now: number, host?: string): Promise<number> {
    const { numUpdatedRows } = await this.#database.db
      .updateTable('saves')
      .set({ next_attempt_at: now })
      .$if(host !== undefined, (query) => query.where('host', '=', host as string))
      .where('state', 'in', WAITING)
      .where('next_attempt_at', '>', now)
      .executeTakeFirst();
    if (numUpdatedRows > 0n) this.#wake();
    return Number(numUpdatedRows);
  }

  async oldestUnsettledAt(): Promise<number | null> {
    const oldest = await Promise.all(
      WAITING.map((state) =>
        this.#database.db
          .selectFrom('saves')
          .select('created_at')
          .where('state', '=', state)
          .orderBy('created_at')
          .limit(1)
          .executeTakeFirst(),
      ),
    );
    const times = oldest.flatMap((row) => (row === undefined ? [] : [row.created_at]));
    return times.length === 0 ? null : Math.min(...times);
  }

  async purgeSettled(before: number, undeliveredBefore: number): Promise<number> {
    const { db } = this.#database;
    const isOld = (eb: ExpressionBuilder<Tables, 'saves'>) =>
      eb.and([
        eb('settled_at', '<', before),
        eb('state', 'not in', WAITING),
        eb.or([eb('state', 'not in', UNDELIVERED), eb('settled_at', '<', undeliveredBefore)]),
      ]);
    const outcomes = await this.#database.atomically([
      db
        .deleteFrom('delivery_attempts')
        .where('save_id', 'in', (eb) => eb.selectFrom('saves').select('id').where(isOld)),
      db.deleteFrom('saves').where(isOld),
    ]);
    return outcomes[1]?.changes ?? 0;
  }

  #select() {
    return this.#database.db.selectFrom('saves').selectAll();
  }
}

function leasesOfQueue(eb: ExpressionBuilder<Tables & { job: SaveRow }, 'job'>) {
  return eb
    .selectFrom('saves as leased')
    .whereRef('leased.document_key', '=', 'job.document_key')
    .whereRef('leased.target_id', '=', 'job.target_id')
    .where('leased.leased_until', 'is not', null);
}

/** PostgreSQL only: others that name the same lock wait for this transaction to end. */
function lockUntilCommit(db: Database['db'], name: string): Compilable {
  const lock = sql`select pg_advisory_xact_lock(hashtextextended(${name}, 0))`;
  return { compile: () => lock.compile(db) };
}

/**
 * PostgreSQL only, until the commit: without fresh figures about the table its planner sorts the whole backlog for each
 * look, instead of reading the first few from the index.
 */
function walkIndexes(db: Database['db']): Compilable {
  const settings = [
    'jit',
    'enable_sort',
    'enable_bitmapscan',
    'enable_seqscan',
    'enable_hashjoin',
    'enable_mergejoin',
  ];
  const off = sql`select set_config(name, 'off', true) from unnest(${settings}::text[]) as name`;
  return { compile: () => off.compile(db) };
}

function newestFirst(left: Save, right: Save): number {
  return right.createdAt - left.createdAt || (left.id < right.id ? 1 : -1);
}
