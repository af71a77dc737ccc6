import { createRequire } from 'node:module';
import type BetterSqlite3 from 'better-sqlite3';
import type { Binding } from './binding.js';

/** Throws when the package is missing or its native part does not load. */
export function openBetterSqlite3(file: string): Binding {
  const Database: typeof BetterSqlite3 = createRequire(import.meta.url)('better-sqlite3');
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
