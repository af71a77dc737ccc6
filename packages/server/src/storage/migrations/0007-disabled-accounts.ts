import type { Kysely, Migration } from 'kysely';

/** Accounts that the operator has closed for a time. */
export const disabledAccounts: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema.alterTable('accounts').addColumn('disabled_at', 'bigint').execute();
  },
};
