import type { Compilable } from 'kysely';
import type { CountedCall, UsageStore } from '../../domain/usage/usage-store.js';
import type { Database, Outcome } from '../database.js';
import { fixedStatement } from './fixed-statement.js';

export class SqlUsageStore implements UsageStore {
  readonly #database: Database;
  readonly #count: (call: CountedCall) => Compilable;

  constructor(database: Database) {
    this.#database = database;
    this.#count = callCounter(database);
  }

  async count(apiKeyId: string, month: string): Promise<number> {
    const [counted] = await this.#database.atomically([this.#count({ apiKeyId, month })]);
    return countIn(counted);
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

/** The statement that counts a call; as a transaction's last step it keeps the key's other calls waiting shortest. */
export function callCounter({ db }: Database): (call: CountedCall) => Compilable {
  return fixedStatement(
    () =>
      db
        .insertInto('usage_counts')
        .values({ api_key_id: '', month: '', calls: 1 })
        .onConflict((conflict) =>
          conflict
            .columns(['api_key_id', 'month'])
            .doUpdateSet((eb) => ({ calls: eb('usage_counts.calls', '+', 1) })),
        )
        .returning('calls'),
    ({ apiKeyId, month }) => [apiKeyId, month, 1, 1],
  );
}

/** The month's new count, from the outcome of that statement; 0 when no call was counted. */
export function countIn(outcome: Outcome | undefined): number {
  return Number(outcome?.rows[0]?.calls ?? 0);
}
