import { closeSync, openSync, readSync } from 'node:fs';
import { createRequire } from 'node:module';
import type NodeSqlite3Wasm from 'node-sqlite3-wasm';
import { type Binding, givesRows, type OpenFile } from './binding.js';
import { FolderLock } from './folder-lock.js';

/** SQLite as WebAssembly over Node's own file calls. It syncs as the native one does, but locks by a folder. */
export function loadWasmSqlite(): OpenFile {
  const { Database }: typeof NodeSqlite3Wasm = createRequire(import.meta.url)('node-sqlite3-wasm');
  return (file) => open(Database, file);
}

function open(Database: typeof NodeSqlite3Wasm.Database, file: string): Binding {
  if (usesWriteAheadLog(file)) {
    throw new Error(
      'a native SQLite has worked on it, and only that can go on. Install better-sqlite3 (npm install with a C++ ' +
        'compiler and python3 at hand), or start with Node 22.13 or newer.',
    );
  }
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
      let statement = patiently(() => database.prepare(sql));
      /** One that failed refuses its next values, because resetting it tells of the failure once more. */
      const renewing = <Value>(step: () => Value): Value => {
        try {
          return step();
        } catch (error) {
          drop(statement);
          statement = database.prepare(sql);
          throw error;
        }
      };
      return {
        reader: givesRows(sql),
        all: (parameters) =>
          patiently(() => renewing(() => statement.all([...parameters]))) as Record<string, unknown>[],
        run: (parameters) => ({
          changes: patiently(() => renewing(() => statement.run([...parameters]))).changes,
        }),
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

/** Frees a statement; that it failed before is told once more, and is known. */
function drop(statement: NodeSqlite3Wasm.Statement): void {
  try {
    statement.finalize();
  } catch {}
}

/** Bytes 18 and 19 of the header are 2 then (the SQLite file format, 1.3.3). */
function usesWriteAheadLog(file: string): boolean {
  const header = Buffer.alloc(20);
  const handle = openSync(file, 'a+');
  try {
    readSync(handle, header, 0, header.length, 0);
  } finally {
    closeSync(handle);
  }
  return header[18] === 2 || header[19] === 2;
}
