import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type Kysely,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import type { Outcome } from '../database.js';
import { storable } from '../storable.js';
import type { Result, Statement, Task } from './messages.js';
import type { ThreadClient } from './thread-client.js';

/** Kysely over SQLite's thread. */
export class ThreadDialect implements Dialect {
  readonly #gate: TransactionGate;

  constructor(gate: TransactionGate) {
    this.#gate = gate;
  }

  createAdapter(): SqliteAdapter {
    return new TransactionalSqliteAdapter();
  }

  createDriver(): Driver {
    return new ThreadDriver(this.#gate);
  }

  createIntrospector(db: Kysely<unknown>): SqliteIntrospector {
    return new SqliteIntrospector(db);
  }

  createQueryCompiler(): SqliteQueryCompiler {
    return new SqliteQueryCompiler();
  }
}

/**
 * There is one SQLite connection. Single statements and atomic lists pass at once, because the thread keeps their
 * order; while somebody holds a transaction of several messages, everybody else waits here.
 */
export class TransactionGate {
  readonly #client: ThreadClient;
  #holder: object | undefined;
  #opened: Promise<void> = Promise.resolve();
  #open: () => void = () => {};

  constructor(client: ThreadClient) {
    this.#client = client;
  }

  async ask(task: Task, asker?: object): Promise<Result> {
    while (this.#holder !== undefined && this.#holder !== asker) await this.#opened;
    return this.#client.ask(task);
  }

  async begin(holder: object): Promise<void> {
    while (this.#holder !== undefined) await this.#opened;
    this.#holder = holder;
    this.#opened = new Promise((resolve) => {
      this.#open = resolve;
    });
    try {
      await this.#client.ask({ kind: 'transaction', verb: 'begin' });
    } catch (error) {
      this.#release();
      throw error;
    }
  }

  async end(verb: 'commit' | 'rollback'): Promise<void> {
    try {
      await this.#client.ask({ kind: 'transaction', verb });
    } catch (error) {
      // Kysely follows a commit that failed by a rollback, which still needs the connection for itself.
      if (verb === 'rollback') this.#release();
      throw error;
    }
    this.#release();
  }

  #release(): void {
    this.#holder = undefined;
    this.#open();
  }
}

/** SQLite does change tables in transactions; saying so lets two processes that start at once migrate one by one. */
class TransactionalSqliteAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}

class ThreadDriver implements Driver {
  readonly #gate: TransactionGate;

  constructor(gate: TransactionGate) {
    this.#gate = gate;
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<DatabaseConnection> {
    return new ThreadConnection(this.#gate);
  }

  async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await this.#gate.begin(connection);
  }

  async commitTransaction(): Promise<void> {
    await this.#gate.end('commit');
  }

  async rollbackTransaction(): Promise<void> {
    await this.#gate.end('rollback');
  }

  async releaseConnection(): Promise<void> {}

  /** The thread is closed by whoever started it. */
  async destroy(): Promise<void> {}
}

class ThreadConnection implements DatabaseConnection {
  readonly #gate: TransactionGate;

  constructor(gate: TransactionGate) {
    this.#gate = gate;
  }

  async executeQuery<Row>(query: CompiledQuery): Promise<QueryResult<Row>> {
    const result = await this.#gate.ask({ kind: 'statement', statement: toStatement(query) }, this);
    if (result.kind !== 'statement')
      throw new Error('The thread of SQLite gave the answer to another question.');
    return toQueryResult<Row>(result.outcome);
  }

  // biome-ignore lint/correctness/useYield: kysely wants the method, and no port reads a stream.
  async *streamQuery<Row>(): AsyncIterableIterator<QueryResult<Row>> {
    throw new Error('Rows of SQLite are read page by page, never as a stream.');
  }
}

export function toStatement(query: CompiledQuery): Statement {
  return { sql: query.sql, parameters: storable(query.parameters) as Statement['parameters'] };
}

function toQueryResult<Row>({ rows, changes }: Outcome): QueryResult<Row> {
  return { rows: rows as unknown as Row[], numAffectedRows: BigInt(changes) };
}
