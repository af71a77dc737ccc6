import { rmdirSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import type NodeSqlite3Wasm from 'node-sqlite3-wasm';
import { type Binding, givesRows, type SqliteValue } from './binding.js';

/**
 * SQLite as WebAssembly over Node's own file calls. It syncs as the native one does, but it locks the file by making
 * a folder beside it, which a killed process leaves behind: a lock that is older than any transaction of ours can
 * last is taken away.
 */
export function openWasmSqlite(file: string, busyTimeoutMs: number): Binding {
  const { Database }: typeof NodeSqlite3Wasm = createRequire(import.meta.url)('node-sqlite3-wasm');
  const database = new Database(file);
  const patiently = <Value>(step: () => Value): Value => {
    try {
      return step();
    } catch (error) {
      const isLocked = error instanceof Error && error.message.includes('locked');
      if (!isLocked || !removeStaleLock(`${file}.lock`, busyTimeoutMs)) throw error;
      return step();
    }
  };
  return {
    prepare: (sql) => {
      const statement = database.prepare(sql);
      return {
        reader: givesRows(sql),
        all: (parameters) => patiently(() => statement.all([...parameters])) as Record<string, SqliteValue>[],
        run: (parameters) => ({ changes: patiently(() => statement.run([...parameters])).changes }),
      };
    },
    exec: (sql) => {
      patiently(() => {
        database.exec(sql);
      });
    },
    inTransaction: () => database.inTransaction,
    close: () => {
      database.close();
    },
  };
}

/** Whether there was a lock that nobody living can hold. Called after the busy timeout has passed in vain. */
function removeStaleLock(folder: string, busyTimeoutMs: number): boolean {
  const lock = statSync(folder, { throwIfNoEntry: false });
  if (lock === undefined) return true;
  if (Date.now() - lock.mtimeMs < busyTimeoutMs) return false;
  rmdirSync(folder);
  return true;
}
