import { Kysely } from 'kysely';
import type { Append } from '../append.js';
import type { Database, Outcome, Step } from '../database.js';
import { migrate } from '../migrations/index.js';
import type { Tables } from '../tables.js';
import { BINDING_NAMES, type BindingName } from './binding.js';
import { ThreadClient } from './thread-client.js';
import { ThreadDialect, TransactionGate, toStatement } from './thread-dialect.js';

/** Longer than any transaction of another process on the same file, a migration included. */
const BUSY_TIMEOUT_MS = 10_000;

export interface SqliteDatabase extends Database {
  readonly binding: BindingName;
  readonly journalMode: string;
}

/** Opens or makes the file, on a thread of its own, and brings its tables up to date. */
export async function openSqlite(
  file: string,
  options: { bindings?: readonly BindingName[]; busyTimeoutMs?: number } = {},
): Promise<SqliteDatabase> {
  const { client, opening } = await ThreadClient.start({
    file,
    bindings: options.bindings ?? BINDING_NAMES,
    busyTimeoutMs: options.busyTimeoutMs ?? BUSY_TIMEOUT_MS,
  });
  if (!opening.opened) throw new Error(`${file} could not be opened: ${opening.error.message}`);
  const gate = new TransactionGate(client);
  const db = new Kysely<Tables>({ dialect: new ThreadDialect(gate) });
  try {
    await migrate(db);
  } catch (error) {
    await client.close();
    throw error;
  }
  return {
    kind: 'sqlite',
    binding: opening.binding,
    journalMode: opening.journalMode,
    db,
    atomically: (steps) => atomically(gate, steps),
    commitAppends: (appends) => commitAppends(gate, appends),
    close: () => client.close(),
  };
}

async function atomically(gate: TransactionGate, steps: readonly Step[]): Promise<readonly Outcome[]> {
  const statements = steps.map((step) =>
    'statement' in step
      ? { statement: toStatement(step.statement.compile()), elseRefuse: step.elseRefuse }
      : { statement: toStatement(step.compile()), elseRefuse: null },
  );
  const result = await gate.ask({ kind: 'atomic', statements });
  if (result.kind !== 'atomic') throw new Error('The thread of SQLite gave the answer to another question.');
  return result.outcomes;
}

async function commitAppends(
  gate: TransactionGate,
  appends: readonly Append[],
): Promise<readonly (string | null)[]> {
  const result = await gate.ask({ kind: 'append', appends });
  if (result.kind !== 'append') throw new Error('The thread of SQLite gave the answer to another question.');
  return result.refusals;
}
