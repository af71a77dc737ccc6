import { type Kysely, type Migration, sql } from 'kysely';

/** People with accounts, and the library of their documents. */
export const library: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await addAccounts(db);
    await addLibraryDocuments(db);
    await addShares(db);
    await addTags(db);
  },
};

async function addAccounts(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('accounts')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('email', 'text', (column) => column.notNull().unique())
    .addColumn('login_name', 'text')
    .addColumn('login_key', 'text', (column) => column.unique())
    .addColumn('display_name', 'text', (column) => column.notNull())
    .addColumn('password_hash', 'text', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .execute();
  await db.schema
    .createTable('account_tickets')
    .addColumn('hash', 'text', (column) => column.primaryKey())
    .addColumn('account_id', 'text', (column) => column.notNull())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('service', 'text', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('expires_at', 'bigint')
    .execute();
  await db.schema
    .createIndex('account_tickets_by_account')
    .on('account_tickets')
    .columns(['account_id', 'expires_at'])
    .execute();
}

async function addLibraryDocuments(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('library_documents')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('owner_id', 'text', (column) => column.notNull())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('url_stem', 'text', (column) => column.notNull())
    .addColumn('url_number', 'bigint', (column) => column.notNull())
    .addColumn('url_name', 'text', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('modified_at', 'bigint', (column) => column.notNull())
    .addColumn('modified_by', 'text', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('is_sharing', 'integer', (column) => column.notNull())
    .addColumn('is_public', 'integer', (column) => column.notNull())
    .addColumn('allows_comments', 'integer', (column) => column.notNull())
    .addColumn('shows_comments', 'integer', (column) => column.notNull())
    .addColumn('version', 'bigint', (column) => column.notNull())
    .addColumn('lock_holder', 'text')
    .addColumn('locked_until', 'bigint')
    .execute();
  const index = (name: string) => db.schema.createIndex(name).on('library_documents');
  await index('library_documents_by_url').columns(['owner_id', 'url_name']).unique().execute();
  await index('library_documents_by_stem').columns(['owner_id', 'url_stem', 'url_number']).execute();
  await index('library_documents_of_owner')
    .columns(['owner_id', 'state', 'modified_at desc', 'id'])
    .execute();
  const isPublic = sql<boolean>`is_public = 1`;
  await index('library_documents_published')
    .columns(['owner_id', 'state', 'modified_at desc', 'id'])
    .where(isPublic)
    .execute();
  await index('library_documents_public')
    .columns(['state', 'modified_at desc', 'id'])
    .where(isPublic)
    .execute();
  await db.schema
    .createTable('library_versions')
    .addColumn('document_id', 'text', (column) => column.notNull())
    .addColumn('number', 'bigint', (column) => column.notNull())
    .addColumn('blob', 'text', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('created_by', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('library_versions_pk', ['document_id', 'number'])
    .execute();
  await db.schema.createIndex('library_versions_by_blob').on('library_versions').column('blob').execute();
}

async function addShares(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('library_shares')
    .addColumn('document_id', 'text', (column) => column.notNull())
    .addColumn('email', 'text', (column) => column.notNull())
    .addColumn('account_id', 'text')
    .addColumn('can_write', 'integer', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('is_listed', 'integer', (column) => column.notNull())
    .addColumn('modified_at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('library_shares_pk', ['document_id', 'email'])
    .execute();
  // Holds all that a page's choice of entries asks for: entries that are passed by cost no look at the table.
  await db.schema
    .createIndex('library_shares_of_account')
    .on('library_shares')
    .columns(['account_id', 'is_listed', 'modified_at desc', 'document_id', 'can_write'])
    .execute();
  await db.schema.createIndex('library_shares_by_email').on('library_shares').column('email').execute();
  // A document's addresses in the order in which they are shown.
  await db.schema
    .createIndex('library_shares_in_order')
    .on('library_shares')
    .columns(['document_id', 'created_at', 'email'])
    .execute();
  await db.schema
    .createIndex('library_shares_of_document')
    .on('library_shares')
    .columns(['document_id', 'account_id'])
    .execute();
}

async function addTags(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('library_tags')
    .addColumn('account_id', 'text', (column) => column.notNull())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('document_id', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('library_tags_pk', ['account_id', 'name', 'document_id'])
    .execute();
  await db.schema
    .createIndex('library_tags_by_document')
    .on('library_tags')
    .columns(['document_id', 'account_id', 'name'])
    .execute();
}
