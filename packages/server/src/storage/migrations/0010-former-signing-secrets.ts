import type { Kysely, Migration } from 'kysely';

/** The signing secret before the newest, and until when it signs too. */
export const formerSigningSecrets: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema.alterTable('api_keys').addColumn('former_signing_secret', 'text').execute();
    await db.schema.alterTable('api_keys').addColumn('former_signing_until', 'bigint').execute();
  },
};
