import type { Kysely, Migration } from 'kysely';

/** The text of documents, for people who look for one by what stands in it. */
export const librarySearch: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable('library_texts')
      .addColumn('document_id', 'text', (column) => column.primaryKey())
      .addColumn('version', 'bigint', (column) => column.notNull())
      .addColumn('content', 'text', (column) => column.notNull())
      .execute();
  },
};
