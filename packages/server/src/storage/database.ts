import type { Compilable, Kysely } from 'kysely';
import type { Append } from './append.js';
import type { Tables } from './tables.js';

/** A statement's rows, and how many rows it changed. */
export interface Outcome {
  rows: readonly Record<string, unknown>[];
  changes: number;
}

/** One statement of a transaction; with `elseRefuse`, nothing of it holds, by a plain Error, when no row changes. */
export type Step = Compilable | { statement: Compilable; elseRefuse: string };

/** What the stores ask of a database besides single statements. */
export interface Database {
  readonly kind: 'sqlite' | 'postgres';
  readonly db: Kysely<Tables>;
  /** Runs the steps in one transaction, in order, all or none; resolves once they are durable. */
  atomically(steps: readonly Step[]): Promise<readonly Outcome[]>;
  /**
   * Judges and stores the appends in one transaction, in order; resolves once it is durable. For each append: null
   * when it is stored, else why it was refused. One refusal does not touch the others.
   */
  commitAppends(appends: readonly Append[]): Promise<readonly (string | null)[]>;
  close(): Promise<void>;
}
