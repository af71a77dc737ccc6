import type { CountedCall, UsageStore } from '../../domain/usage/usage-store.js';
import type { Database, Outcome } from '../database.js';

export class SqlUsageStore implements UsageStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async count(apiKeyId: string, month: string): Promise<number> {
    const { calls } = await countingStatement(this.#database, { apiKeyId, month }).executeTakeFirstOrThrow();
    return calls;
  }

  async read(apiKeyId: string, month: string): Promise<number> {
    const row = await this.#database.db
      .selectFrom('usage_counts')
      .select('calls')
      .where('api_key_id', '=', apiKeyId)
      .where('month', '=', month)
      .executeTakeFirst();
    return row?.calls ?? 0;
  }
}

/** Counts a call; as the last step of a transaction it keeps other calls of the key waiting for the shortest time. */
export function countingStatement({ db }: Database, { apiKeyId, month }: CountedCall) {
  return db
    .insertInto('usage_counts')
    .values({ api_key_id: apiKeyId, month, calls: 1 })
    .onConflict((conflict) =>
      conflict
        .columns(['api_key_id', 'month'])
        .doUpdateSet((eb) => ({ calls: eb('usage_counts.calls', '+', 1) })),
    )
    .returning('calls');
}

/** The month's new count, from the outcome of that statement; 0 when no call was counted. */
export function countIn(outcome: Outcome | undefined): number {
  return Number(outcome?.rows[0]?.calls ?? 0);
}
