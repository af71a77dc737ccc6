import { createHash } from 'node:crypto';
import { Kysely, PostgresDialect, type PostgresPoolClient } from 'kysely';
import pg from 'pg';
import type { Database, Outcome, Step } from '../database.js';
import { migrate } from '../migrations/index.js';
import { PREPARED } from '../prepared.js';
import { storable } from '../storable.js';
import type { Tables } from '../tables.js';
import { commitAppends } from './commit-appends.js';
import { inTransaction } from './transaction.js';

/** Enough for one group commit, the outbox and a burst of requests; PostgreSQL allows 100 in all by default. */
const MOST_CONNECTIONS = 10;
/** What a request may wait for a connection before it is told that the tables cannot be reached. */
const CONNECT_TIMEOUT_MS = 10_000;
/** A process that stands still in the middle of a transaction keeps its rows from the others no longer than this. */
const TRANSACTION_REST_MS = 10_000;
/** Object id of the type `bigint` in PostgreSQL's catalogue. */
const BIGINT = 20;

/** Connects and brings the tables up to date. */
export async function openPostgres(databaseUrl: string): Promise<Database> {
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    max: MOST_CONNECTIONS,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    idle_in_transaction_session_timeout: TRANSACTION_REST_MS,
    application_name: 'officina',
    types: { getTypeParser },
  });
  // An idle connection that breaks is dropped by the pool; whoever asks next gets a new one, or the error.
  pool.on('error', () => {});
  pool.on('connect', (client) => {
    // Also one that is in use may be ended from there: the query under way, or the next one, tells why.
    client.on('error', () => {});
    // Acknowledged means durable, also where the server or the role has it otherwise. A failure ends the connection,
    // and the query that waits behind this one tells why.
    client.query(RAISE_SYNCHRONOUS_COMMIT).catch(() => {});
  });
  const db = new Kysely<Tables>({
    dialect: new PostgresDialect({
      pool: { connect: async () => withStorableParameters(await pool.connect()), end: () => pool.end() },
    }),
  });
  try {
    await migrate(db);
  } catch (error) {
    await db.destroy();
    throw error;
  }
  return {
    kind: 'postgres',
    db,
    // One statement is a transaction by itself.
    atomically: (steps) =>
      steps.length === 1 ? runSteps(pool, steps) : inTransaction(pool, (client) => runSteps(client, steps)),
    commitAppends: (appends) => inTransaction(pool, (client) => commitAppends(client, appends)),
    close: () => db.destroy(),
  };
}

/** `synchronous_commit = off` would acknowledge before the sync; stricter settings are left as they are. */
const RAISE_SYNCHRONOUS_COMMIT =
  "select set_config('synchronous_commit', 'on', false) where current_setting('synchronous_commit') = 'off'";

/** The one place where a bigint, which arrives as text, becomes a number: times and counters stay below 2^53. */
function getTypeParser(oid: number, format?: 'text' | 'binary'): (text: string) => unknown {
  if (oid === BIGINT) return Number;
  return pg.types.getTypeParser(oid, format ?? 'text') as (text: string) => unknown;
}

async function runSteps(client: Pick<pg.Pool, 'query'>, steps: readonly Step[]): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const step of steps) {
    const { sql, parameters } = ('statement' in step ? step.statement : step).compile();
    const name = nameOfPrepared(sql);
    const values = [...storable(parameters)];
    const { rows, rowCount } = await client.query(
      name === undefined ? { text: sql, values } : { name, text: sql, values },
    );
    if ('statement' in step && rowCount === 0) throw new Error(step.elseRefuse);
    outcomes.push({ rows, changes: rowCount ?? 0 });
  }
  return outcomes;
}

function withStorableParameters(client: pg.PoolClient): PostgresPoolClient {
  function query<Row>(sql: string, parameters: readonly unknown[]): ReturnType<PostgresPoolClient['query']>;
  function query<Cursor>(cursor: Cursor): Cursor;
  function query(text: unknown, parameters?: readonly unknown[]): unknown {
    const values = parameters && [...storable(parameters)];
    const name = typeof text === 'string' ? nameOfPrepared(text) : undefined;
    if (name === undefined) return client.query(text as string, values);
    return client.query({ name, text: text as string, values: values ?? [] });
  }
  return { query: query as PostgresPoolClient['query'], release: () => client.release() };
}

const NAMES = new Map<string, string>();

/** The same for a text in every process, because connections may be shared behind a pooler. */
function nameOfPrepared(text: string): string | undefined {
  if (!text.endsWith(PREPARED)) return undefined;
  const known = NAMES.get(text) ?? createHash('sha256').update(text).digest('hex').slice(0, 32);
  NAMES.set(text, known);
  return known;
}
