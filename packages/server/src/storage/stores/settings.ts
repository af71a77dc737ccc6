import type { Database } from '../database.js';

/** Small values that the installation keeps about itself, such as secrets made at the first start. */
export interface SettingStore {
  get(name: string): Promise<string | undefined>;
  set(name: string, value: string): Promise<void>;
  /** Stores `value` unless there is one already; returns the one that holds, the same for two starts at once. */
  keep(name: string, value: string): Promise<string>;
  remove(name: string): Promise<void>;
}

export class SqlSettingStore implements SettingStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async get(name: string): Promise<string | undefined> {
    const row = await this.#database.db
      .selectFrom('settings')
      .select('value')
      .where('name', '=', name)
      .executeTakeFirst();
    return row?.value;
  }

  async set(name: string, value: string): Promise<void> {
    await this.#database.db
      .insertInto('settings')
      .values({ name, value })
      .onConflict((conflict) => conflict.column('name').doUpdateSet({ value }))
      .execute();
  }

  async keep(name: string, value: string): Promise<string> {
    const row = await this.#database.db
      .insertInto('settings')
      .values({ name, value })
      // An update to itself, because a conflict that does nothing returns no row.
      .onConflict((conflict) =>
        conflict.column('name').doUpdateSet((eb) => ({ value: eb.ref('settings.value') })),
      )
      .returning('value')
      .executeTakeFirstOrThrow();
    return row.value;
  }

  async remove(name: string): Promise<void> {
    await this.#database.db.deleteFrom('settings').where('name', '=', name).execute();
  }
}
