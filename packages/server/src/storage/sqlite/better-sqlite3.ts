import { createRequire } from 'node:module';
import type BetterSqlite3 from 'better-sqlite3';
import type { Binding, OpenFile } from './binding.js';

/** Throws when the package is missing or its native part does not load, which only a first use tells. */
export function loadBetterSqlite3(): OpenFile {
  const Database: typeof BetterSqlite3 = createRequire(import.meta.url)('better-sqlite3');
  new Database(':memory:').close();
  return (file) => open(Database, file);
}

function open(Database: typeof BetterSqlite3, file: string): Binding {
  const database = new Database(file);
  return {
    prepare: (sql) => {
      const statement = database.prepare<unknown[], Record<string, unknown>>(sql);
      return {
        reader: statement.reader,
        all: (parameters) => statement.all(...parameters),
        run: (parameters) => ({ changes: statement.run(...parameters).changes }),
      };
    },
    exec: (sql) => {
      database.exec(sql);
    },
    inTransaction: () => database.inTransaction,
    close: () => {
      database.close();
    },
  };
}
