import type { Kysely, Migration } from 'kysely';

/** Who made what a snapshot holds, and where people went back to an earlier state. */
export const documentStates: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .alterTable('snapshots')
      .addColumn('people', 'text', (column) => column.notNull().defaultTo('[]'))
      .execute();
    await db.schema.alterTable('snapshots').addColumn('restored', 'text').execute();
  },
};
