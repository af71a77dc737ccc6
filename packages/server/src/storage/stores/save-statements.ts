import { type Compilable, type CompiledQuery, type ExpressionBuilder, sql } from 'kysely';
import type { DeliveryAttempt } from '../../domain/saving/save.js';
import type { Database } from '../database.js';
import type { SaveRow, Tables } from '../tables.js';
import { preparedStatement, statementWithBlanks } from './fixed-statement.js';
import { SAVE_COLUMNS } from './save-rows.js';

/** States of a save that still has to reach its target. */
export const WAITING = ['accepted', 'built'] as const;
/** Settled without having arrived, for people to look at. */
export const UNDELIVERED = ['parked', 'conflict'] as const;

const ATTEMPT_COLUMNS = [
  'save_id',
  'number',
  'started_at',
  'duration_ms',
  'status',
  'answer',
  'outcome',
] as const;

type Settling = (values: Readonly<Record<string, unknown>>) => readonly Compilable[];
type Blank = <Value>(name: string) => Value;
type Fill<Row> = (values: Readonly<Record<string, unknown>>) => CompiledQuery<Row>;

/** What every delivery asks of the outbox: built once, because building costs more than running it. */
export class SaveStatements {
  readonly ofDocument;
  readonly around;
  readonly #database: Database;
  readonly #takings = new Map<number, Fill<SaveRow>>();
  readonly #settlings = new Map<string, Settling>();

  constructor(database: Database) {
    this.#database = database;
    this.ofDocument = preparedStatement((blank) =>
      database.db
        .selectFrom('saves')
        .select(SAVE_COLUMNS)
        .where('document_key', '=', blank<string>('documentKey'))
        .orderBy('version'),
    );
    this.around = preparedStatement((blank) => selectAround(database, blank));
  }

  /** Takes due jobs under a lease; see `SaveStore.lease`. */
  take(owner: string, now: number, leaseMs: number, limit: number, exceptHosts: readonly string[]) {
    const hosts = exceptHosts.length;
    let taking = this.#takings.get(hosts);
    if (!taking) {
      taking = statementWithBlanks((blank) => takeDue(this.#database, blank, hosts));
      this.#takings.set(hosts, taking);
    }
    const named = Object.fromEntries(exceptHosts.map((host, n) => [`host ${n}`, host]));
    return taking({ owner, now, until: now + leaseMs, limit, ...named });
  }

  /** Records an attempt and changes its save, both only for the owner of the lease; the first changes a row if it is. */
  settle(attempt: DeliveryAttempt, owner: string, row: Partial<SaveRow>): readonly Compilable[] {
    const columns = Object.keys(row) as (keyof SaveRow)[];
    const waits = row.state !== undefined && isWaiting(row.state);
    const shape = `${waits} ${columns.join(' ')}`;
    let settling = this.#settlings.get(shape);
    if (!settling) {
      const settleIn = this.#database.kind === 'postgres' ? settleAtOnce : settleStepByStep;
      settling = settleIn(this.#database, columns, waits);
      this.#settlings.set(shape, settling);
    }
    return settling({ ...attempt, owner, ...row });
  }
}

function selectAround({ db }: Database, blank: Blank): Compilable<SaveRow> {
  const documentKey = blank<string>('documentKey');
  const targetId = blank<string>('targetId');
  const newestDelivered = db
    .selectFrom('saves')
    .select((eb) => eb.fn.max('version').as('version'))
    .where('document_key', '=', documentKey)
    .where('target_id', '=', targetId)
    .where('state', '=', 'delivered');
  return db
    .selectFrom('saves')
    .select(SAVE_COLUMNS)
    .where('document_key', '=', documentKey)
    .where((eb) =>
      eb.or([
        eb('version', '>', blank<number>('version')),
        eb('sequence', '=', blank<number>('sequence')),
        eb('version', '=', newestDelivered),
        eb.and([eb('target_id', '=', targetId), eb('state', 'in', [...WAITING, 'parked'])]),
      ]),
    )
    .orderBy('version') as unknown as Compilable<SaveRow>;
}

function isWaiting(state: string): boolean {
  return (WAITING as readonly string[]).includes(state);
}

function takeDue({ db, kind }: Database, blank: Blank, hosts: number): Compilable<SaveRow> {
  const now = blank<number>('now');
  const limit = blank<number>('limit');
  const except = Array.from({ length: hosts }, (_, n) => blank<string>(`host ${n}`));
  /** State by state, so that each comes from its index in the order of time and stops at the limit, however long the backlog. */
  const dueIn = (state: (typeof WAITING)[number]) =>
    db
      .selectFrom('saves as job')
      .select(['job.id', 'job.next_attempt_at as at'])
      .where('job.state', '=', state)
      .where('job.next_attempt_at', '<=', now)
      .where((eb) => eb.or([eb('job.leased_until', 'is', null), eb('job.leased_until', '<=', now)]))
      .where((eb) => isFirstOfQueue(eb, now))
      .$if(hosts > 0 && state === 'built', (query) => query.where('job.host', 'not in', except))
      .orderBy('job.next_attempt_at')
      .limit(limit)
      .$if(kind === 'postgres', (query) => query.forUpdate('job').skipLocked());
  return db
    .with('due_accepted', () => dueIn('accepted'))
    .with('due_built', () => dueIn('built'))
    .with('due', (both) =>
      both
        .selectFrom(
          both
            .selectFrom('due_accepted')
            .selectAll()
            .unionAll(both.selectFrom('due_built').selectAll())
            .as('due_either'),
        )
        .select('due_either.id')
        .orderBy('due_either.at')
        .limit(limit),
    )
    .updateTable('saves')
    .set({ lease_owner: blank<string>('owner'), leased_until: blank<number>('until') })
    .where('id', 'in', (eb) => eb.selectFrom('due').select('due.id'))
    .returning(SAVE_COLUMNS) as unknown as Compilable<SaveRow>;
}

/** No older save of the queue is due as well, and none of it is on its way. */
function isFirstOfQueue(eb: ExpressionBuilder<Tables & { job: SaveRow }, 'job'>, now: number) {
  const others = eb
    .selectFrom('saves as other')
    .select('other.id')
    .whereRef('other.document_key', '=', 'job.document_key')
    .whereRef('other.target_id', '=', 'job.target_id')
    .whereRef('other.id', '!=', 'job.id')
    .where((other) =>
      other.or([
        other('other.leased_until', '>', now),
        other.and([
          other('other.state', 'in', WAITING),
          other('other.next_attempt_at', '<=', now),
          other('other.version', '<', other.ref('job.version')),
        ]),
      ]),
    );
  return eb.not(eb.exists(others));
}

/** PostgreSQL: in one statement, since each one more is a round trip. */
function settleAtOnce({ db }: Database, columns: readonly (keyof SaveRow)[], waits: boolean): Settling {
  const statement = preparedStatement((blank) =>
    db
      .with('mine', (mine) =>
        mine
          .updateTable('saves')
          .set((eb) => {
            const row = blanksFor(columns, blank);
            return waits ? unlessEnded(eb, row) : row;
          })
          .where((eb) => isMine(eb, blank))
          .returning('id'),
      )
      .insertInto('delivery_attempts')
      .columns(ATTEMPT_COLUMNS)
      .expression((eb) => eb.selectFrom('mine').select(['id', ...attemptValues(blank)])),
  );
  return (values) => [compiled(statement(values))];
}

/** SQLite: the record first, which finds out whether the lease is held. */
function settleStepByStep({ db }: Database, columns: readonly (keyof SaveRow)[], waits: boolean): Settling {
  const record = statementWithBlanks((blank) =>
    db
      .insertInto('delivery_attempts')
      .columns(ATTEMPT_COLUMNS)
      .expression((eb) =>
        eb
          .selectFrom('saves')
          .where((row) => isMine(row, blank))
          .select(['id', ...attemptValues(blank)]),
      ),
  );
  const apply = statementWithBlanks((blank) =>
    db
      .updateTable('saves')
      .set((eb) => {
        const row = blanksFor(columns, blank);
        return waits ? unlessEnded(eb, row) : row;
      })
      .where((eb) => isMine(eb, blank)),
  );
  return (values) => [compiled(record(values)), compiled(apply(values))];
}

function compiled(query: CompiledQuery): Compilable {
  return { compile: () => query };
}

function isMine(eb: ExpressionBuilder<Tables, 'saves'>, blank: Blank) {
  return eb.and([eb('id', '=', blank<string>('saveId')), eb('lease_owner', '=', blank<string>('owner'))]);
}

function attemptValues(blank: Blank) {
  return [
    sql<number>`cast(${blank('number')} as bigint)`.as('number'),
    sql<number>`cast(${blank('startedAt')} as bigint)`.as('started_at'),
    sql<number>`cast(${blank('durationMs')} as bigint)`.as('duration_ms'),
    sql<number | null>`cast(${blank('status')} as bigint)`.as('status'),
    sql<string>`cast(${blank('answer')} as text)`.as('answer'),
    sql<string>`cast(${blank('outcome')} as text)`.as('outcome'),
  ] as const;
}

function blanksFor(columns: readonly (keyof SaveRow)[], blank: Blank): Partial<SaveRow> {
  return Object.fromEntries(columns.map((name) => [name, blank(name)]));
}

/** The change, in which what would make the save wait again holds only if it has not ended meanwhile. */
function unlessEnded(eb: ExpressionBuilder<Tables, 'saves'>, row: Partial<SaveRow>) {
  const kept = <Name extends 'state' | 'settled_at'>(name: Name) =>
    row[name] === undefined
      ? {}
      : {
          [name]: sql`case when ${eb('state', 'in', WAITING)} then ${row[name]} else ${eb.ref(name)} end`,
        };
  return { ...withoutRevival(row), ...kept('state'), ...kept('settled_at') };
}

/** The change for a save that has ended meanwhile: everything but what would make it wait again. */
function withoutRevival(row: Partial<SaveRow>): Partial<SaveRow> {
  const { state: _state, settled_at: _settledAt, ...rest } = row;
  return rest;
}
