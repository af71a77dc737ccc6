import { createRequire } from 'node:module';
import type NodeSqlite3Wasm from 'node-sqlite3-wasm';
import { type Binding, givesRows } from './binding.js';
import { FolderLock } from './folder-lock.js';

/** SQLite as WebAssembly over Node's own file calls. It syncs as the native one does, but locks by a folder. */
export function openWasmSqlite(file: string): Binding {
  const { Database }: typeof NodeSqlite3Wasm = createRequire(import.meta.url)('node-sqlite3-wasm');
  const lock = new FolderLock(file);
  lock.removeOrphan();
  const database = new Database(file);
  /** Once more when a process died in the middle while this one lived. */
  const patiently = <Value>(step: () => Value): Value => {
    try {
      return step();
    } catch (error) {
      const isLocked = error instanceof Error && error.message.includes('locked');
      if (!isLocked || !lock.removeOrphan()) throw error;
      return step();
    }
  };
  return {
    prepare: (sql) => {
      const statement = patiently(() => database.prepare(sql));
      return {
        reader: givesRows(sql),
        all: (parameters) => patiently(() => statement.all([...parameters])) as Record<string, unknown>[],
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
      lock.close();
    },
  };
}
