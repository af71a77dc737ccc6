import type { UsageStore } from '../../domain/usage/usage-store.js';
import type { Database } from '../database.js';

export class SqlUsageStore implements UsageStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async count(apiKeyId: string, month: string): Promise<number> {
    const { calls } = await this.#database.db
      .insertInto('usage_counts')
      .values({ api_key_id: apiKeyId, month, calls: 1 })
      .onConflict((conflict) =>
        conflict
          .columns(['api_key_id', 'month'])
          .doUpdateSet((eb) => ({ calls: eb('usage_counts.calls', '+', 1) })),
      )
      .returning('calls')
      .executeTakeFirstOrThrow();
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
