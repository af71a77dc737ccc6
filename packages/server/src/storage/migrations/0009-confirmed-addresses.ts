import { type Kysely, type Migration, sql } from 'kysely';

/** Addresses that the operator vouches for. Accounts from before keep what they have. */
export const confirmedAddresses: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema.alterTable('accounts').addColumn('confirmed_at', 'bigint').execute();
    await sql`update accounts set confirmed_at = created_at`.execute(db);
  },
};
