import type { Kysely, Migration } from 'kysely';

/** What a caller set in a protected file, which is written into it once its password is typed. */
export const settingsAtUnlock: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema.alterTable('documents').addColumn('settings_at_unlock', 'text').execute();
  },
};
