/** Opens a file; made by a library that has proved to work here. */
export type OpenFile = (file: string) => Binding;

/** SQLite as the thread uses it, whichever library carries it: synchronous, numbers for integers, one connection. */
export interface Binding {
  prepare(sql: string): BoundStatement;
  /** Runs statements that have no parameters and whose rows nobody wants. */
  exec(sql: string): void;
  /** Whether a transaction is open; SQLite itself ends one on some errors. */
  inTransaction(): boolean;
  close(): void;
}

export interface BoundStatement {
  /** Whether the statement gives rows. */
  readonly reader: boolean;
  all(parameters: readonly SqliteValue[]): Record<string, unknown>[];
  run(parameters: readonly SqliteValue[]): { changes: number };
}

export type SqliteValue = string | number | bigint | Uint8Array | null;

export const BINDING_NAMES = ['better-sqlite3', 'node:sqlite', 'node-sqlite3-wasm'] as const;
export type BindingName = (typeof BINDING_NAMES)[number];

/** For libraries that do not say it themselves. Every value is bound, so no word of a user is in the text. */
export function givesRows(sql: string): boolean {
  return (
    /^\s*(select|pragma|values|explain)\b/i.test(sql) || /\breturning\b/i.test(sql) || isReadingWith(sql)
  );
}

function isReadingWith(sql: string): boolean {
  return /^\s*with\b/i.test(sql) && !/\b(insert into|update|delete from)\b/i.test(sql);
}
