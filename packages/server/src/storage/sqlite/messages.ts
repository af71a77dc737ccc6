import type { Append } from '../append.js';
import type { Outcome } from '../database.js';
import type { BindingName, SqliteValue } from './binding.js';

/** What the thread is started with. */
export interface ThreadOptions {
  file: string;
  /** Libraries to try, in this order. */
  bindings: readonly BindingName[];
  /** How long to wait for another process that writes to the same file. */
  busyTimeoutMs: number;
}

export interface Statement {
  sql: string;
  parameters: readonly SqliteValue[];
}

/** A statement of an atomic list. When `elseRefuse` is given and no row changes, the whole list fails with it. */
export interface AtomicStep {
  statement: Statement;
  elseRefuse: string | null;
}

export type Task =
  | { kind: 'statement'; statement: Statement }
  /** Statements in one transaction of their own. */
  | { kind: 'atomic'; statements: readonly AtomicStep[] }
  | { kind: 'append'; appends: readonly Append[] }
  /** Opens or ends a transaction that lasts over several messages. */
  | { kind: 'transaction'; verb: 'begin' | 'commit' | 'rollback' }
  | { kind: 'close' };

export type Result =
  | { kind: 'statement'; outcome: Outcome }
  | { kind: 'atomic'; outcomes: readonly Outcome[] }
  | { kind: 'append'; refusals: readonly (string | null)[] }
  | { kind: 'done' };

export interface Request {
  id: number;
  task: Task;
}

export type Reply = { id: number; result: Result } | { id: number; error: ThreadError };

/** An error as it crosses the thread: its class does not survive. */
export interface ThreadError {
  message: string;
  code: string | null;
}

/** First message of the thread: it is open, or could not be opened. */
export type Opening =
  | { opened: true; binding: BindingName; journalMode: string }
  | { opened: false; error: ThreadError };
