import { loadBetterSqlite3 } from './better-sqlite3.js';
import type { Binding, BindingName, BoundStatement, OpenFile } from './binding.js';
import type { ThreadOptions } from './messages.js';
import { loadNodeSqlite } from './node-sqlite.js';
import { loadWasmSqlite } from './wasm-sqlite.js';

const LOADERS: Record<BindingName, () => OpenFile> = {
  'better-sqlite3': loadBetterSqlite3,
  'node:sqlite': loadNodeSqlite,
  'node-sqlite3-wasm': loadWasmSqlite,
};

/**
 * Opens the file with the first library that works here, and sets what durability rests on: every commit is synced,
 * in a write-ahead log where the library can share memory between processes, else in a rollback journal.
 */
export function openBinding({ file, bindings, busyTimeoutMs }: ThreadOptions): {
  binding: Binding;
  name: BindingName;
  journalMode: string;
} {
  const failures: string[] = [];
  for (const name of bindings) {
    const openFile = tryLoad(name, failures);
    if (openFile === undefined) continue;
    // A file that the first library cannot open is not tried with the next: they do not heed each other's locks.
    const binding = openFile(file);
    binding.exec(`pragma busy_timeout = ${busyTimeoutMs}`);
    const journalMode = chooseJournal(binding, name);
    binding.exec('pragma synchronous = full');
    binding.exec('pragma foreign_keys = on');
    return { binding, name, journalMode };
  }
  throw new Error(`No SQLite library works here. ${failures.join(' ')}`);
}

/** Keeps prepared statements, because kysely gives the same text again and again. */
export class StatementCache {
  readonly #binding: Binding;
  readonly #statements = new Map<string, BoundStatement>();

  constructor(binding: Binding) {
    this.#binding = binding;
  }

  get(sql: string): BoundStatement {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    // A partial update has as many texts as sets of columns: bounded, and never worth an eviction order.
    if (this.#statements.size >= 500) this.#statements.clear();
    const statement = this.#binding.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }
}

function tryLoad(name: BindingName, failures: string[]): OpenFile | undefined {
  try {
    return LOADERS[name]();
  } catch (error) {
    failures.push(`${name}: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}.`);
    return undefined;
  }
}

/** The WebAssembly build has no shared memory, which the write-ahead log needs between processes. */
function chooseJournal(binding: Binding, name: BindingName): string {
  const wanted = name === 'node-sqlite3-wasm' ? 'truncate' : 'wal';
  const [row] = binding.prepare(`pragma journal_mode = ${wanted}`).all([]);
  const mode = String(row?.journal_mode);
  if (mode !== wanted) {
    throw new Error(`SQLite answers journal mode ${mode} where ${wanted} is needed.`);
  }
  return mode;
}
