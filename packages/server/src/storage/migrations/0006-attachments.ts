import type { Kysely, Migration } from 'kysely';

/** Blobs that belong to a document because its operations may name them. */
export const attachments: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable('attachments')
      .addColumn('document_key', 'text', (column) => column.notNull())
      .addColumn('blob', 'text', (column) => column.notNull())
      .addColumn('size', 'bigint', (column) => column.notNull())
      .addColumn('added_at', 'bigint', (column) => column.notNull())
      .addPrimaryKeyConstraint('attachments_key', ['document_key', 'blob'])
      .execute();
    await db.schema.createIndex('attachments_by_blob').on('attachments').column('blob').execute();
  },
};
