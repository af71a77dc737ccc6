import { createRequire } from 'node:module';
import { type Binding, givesRows, type OpenFile, type SqliteValue } from './binding.js';

/** The part of Node's own `node:sqlite` that is used; Node 20, whose types we compile with, does not have it. */
interface NodeSqlite {
  DatabaseSync: new (
    file: string,
  ) => {
    prepare(sql: string): {
      all(...parameters: SqliteValue[]): Record<string, unknown>[];
      run(...parameters: SqliteValue[]): { changes: number | bigint };
    };
    exec(sql: string): void;
    close(): void;
  };
}

/** Throws where Node is older than 22.13. */
export function loadNodeSqlite(): OpenFile {
  const { DatabaseSync }: NodeSqlite = createRequire(import.meta.url)('node:sqlite');
  return (file) => open(DatabaseSync, file);
}

function open(DatabaseSync: NodeSqlite['DatabaseSync'], file: string): Binding {
  const database = new DatabaseSync(file);
  return {
    prepare: (sql) => {
      const statement = database.prepare(sql);
      return {
        reader: givesRows(sql),
        // Its rows have no prototype, which structured cloning to the event loop would give them anyway.
        all: (parameters) => statement.all(...parameters),
        run: (parameters) => ({ changes: Number(statement.run(...parameters).changes) }),
      };
    },
    exec: (sql) => {
      database.exec(sql);
    },
    inTransaction: transactionProbe((sql) => {
      database.exec(sql);
    }),
    close: () => {
      database.close();
    },
  };
}

/**
 * `DatabaseSync.isTransaction` came after 22.13. A transaction cannot be opened inside another, so trying tells; an
 * open one is left as it is.
 */
function transactionProbe(exec: (sql: string) => void): () => boolean {
  return () => {
    try {
      exec('begin');
    } catch {
      return true;
    }
    exec('rollback');
    return false;
  };
}
