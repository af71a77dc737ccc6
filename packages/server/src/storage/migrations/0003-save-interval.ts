import type { Kysely, Migration } from 'kysely';

/** Saves at intervals, which a key may ask for. */
export const saveInterval: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema.alterTable('api_keys').addColumn('save_interval_minutes', 'bigint').execute();
  },
};
