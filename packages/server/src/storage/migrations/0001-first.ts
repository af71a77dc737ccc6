import { type Kysely, type Migration, sql } from 'kysely';

/** Everything that documents, sessions and saves need. Accounts and libraries come as migrations of their own. */
export const first: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await addKeys(db);
    await addDocuments(db);
    await addSessions(db);
    await addLogs(db);
    await addSaves(db);
  },
};

async function addKeys(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('api_keys')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('secret_hash', 'text', (column) => column.notNull().unique())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('revoked_at', 'bigint')
    .addColumn('allowed_origins', 'text', (column) => column.notNull())
    .addColumn('egress_allow', 'text', (column) => column.notNull())
    .addColumn('monthly_call_limit', 'bigint')
    .addColumn('saves_on_leave', 'integer', (column) => column.notNull())
    .addColumn('strict_retries', 'integer', (column) => column.notNull())
    .addColumn('signing_secret', 'text', (column) => column.notNull())
    .execute();
  await db.schema
    .createTable('usage_counts')
    .addColumn('api_key_id', 'text', (column) => column.notNull())
    .addColumn('month', 'text', (column) => column.notNull())
    .addColumn('calls', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('usage_counts_pk', ['api_key_id', 'month'])
    .execute();
  await db.schema
    .createTable('settings')
    .addColumn('name', 'text', (column) => column.primaryKey())
    .addColumn('value', 'text', (column) => column.notNull())
    .execute();
}

async function addDocuments(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('documents')
    .addColumn('key', 'text', (column) => column.primaryKey())
    .addColumn('life', 'bigint', (column) => column.notNull())
    .addColumn('face', 'text', (column) => column.notNull())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('api_key_id', 'text', (column) => column.notNull())
    .addColumn('document_id', 'text', (column) => column.notNull())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('locked', 'integer', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('expires_at', 'bigint', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('ended_at', 'bigint')
    .addColumn('purge_at', 'bigint')
    .addColumn('imported_sha256', 'text')
    .addColumn('original_blob', 'text', (column) => column.notNull())
    .addColumn('base_blob', 'text', (column) => column.notNull())
    .addColumn('delivered_sequence', 'bigint', (column) => column.notNull())
    .execute();
  await db.schema
    .createIndex('documents_by_id')
    .on('documents')
    .columns(['api_key_id', 'document_id', 'life'])
    .unique()
    .execute();
  await db.schema
    .createIndex('documents_living_once')
    .on('documents')
    .columns(['api_key_id', 'document_id'])
    .unique()
    .where(sql.ref('state'), '=', sql.lit('living'))
    .execute();
  const index = (name: string) => db.schema.createIndex(name).on('documents');
  await index('documents_by_expiry').columns(['state', 'expires_at', 'key']).execute();
  await index('documents_by_purge').columns(['purge_at', 'key']).execute();
  await index('documents_by_original').columns(['original_blob']).execute();
  await index('documents_by_base').columns(['base_blob']).execute();
}

async function addSessions(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('sessions')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('api_key_id', 'text', (column) => column.notNull())
    .addColumn('document_key', 'text', (column) => column.notNull())
    .addColumn('document_id', 'text', (column) => column.notNull())
    .addColumn('mode', 'text', (column) => column.notNull())
    .addColumn('user_id', 'text', (column) => column.notNull())
    .addColumn('display_name', 'text', (column) => column.notNull())
    .addColumn('permissions', 'text', (column) => column.notNull())
    .addColumn('callback', 'text')
    .addColumn('interface_language', 'text', (column) => column.notNull())
    .addColumn('unit', 'text', (column) => column.notNull())
    .addColumn('view', 'text', (column) => column.notNull())
    .addColumn('ui', 'text', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('expires_at', 'bigint', (column) => column.notNull())
    .addColumn('expires_at_most', 'bigint', (column) => column.notNull())
    .addColumn('opened_at', 'bigint')
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('ended_at', 'bigint')
    .execute();
  await db.schema
    .createIndex('sessions_by_document')
    .on('sessions')
    .columns(['document_key', 'state', 'created_at', 'id'])
    .execute();
  await db.schema
    .createIndex('sessions_by_expiry')
    .on('sessions')
    .columns(['state', 'expires_at', 'id'])
    .execute();
  await db.schema.createIndex('sessions_by_end').on('sessions').column('ended_at').execute();
}

async function addLogs(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('operation_logs')
    .addColumn('document_key', 'text', (column) => column.primaryKey())
    .addColumn('sequence', 'bigint', (column) => column.notNull())
    .addColumn('epoch', 'bigint', (column) => column.notNull())
    .addColumn('owner', 'text')
    .addColumn('leased_until', 'bigint')
    .execute();
  await db.schema
    .createTable('log_entries')
    .addColumn('document_key', 'text', (column) => column.notNull())
    .addColumn('last_sequence', 'bigint', (column) => column.notNull())
    .addColumn('first_sequence', 'bigint', (column) => column.notNull())
    .addColumn('epoch', 'bigint', (column) => column.notNull())
    .addColumn('operations', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('log_entries_pk', ['document_key', 'last_sequence'])
    .execute();
  await db.schema
    .createTable('log_clients')
    .addColumn('document_key', 'text', (column) => column.notNull())
    .addColumn('client', 'text', (column) => column.notNull())
    .addColumn('n', 'bigint', (column) => column.notNull())
    .addColumn('actor', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('log_clients_pk', ['document_key', 'client'])
    .execute();
  await db.schema
    .createTable('snapshots')
    .addColumn('document_key', 'text', (column) => column.notNull())
    .addColumn('sequence', 'bigint', (column) => column.notNull())
    .addColumn('epoch', 'bigint', (column) => column.notNull())
    .addColumn('blob', 'text', (column) => column.notNull())
    .addColumn('engine', 'text', (column) => column.notNull())
    .addColumn('digest', 'text', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('snapshots_pk', ['document_key', 'sequence', 'epoch'])
    .execute();
  await db.schema.createIndex('snapshots_by_blob').on('snapshots').column('blob').execute();
}

async function addSaves(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('saves')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('document_key', 'text', (column) => column.notNull())
    .addColumn('version', 'bigint', (column) => column.notNull())
    .addColumn('api_key_id', 'text', (column) => column.notNull())
    .addColumn('document_id', 'text', (column) => column.notNull())
    .addColumn('document_name', 'text', (column) => column.notNull())
    .addColumn('session_id', 'text', (column) => column.notNull())
    .addColumn('user_id', 'text')
    .addColumn('reason', 'text', (column) => column.notNull())
    .addColumn('force', 'integer', (column) => column.notNull())
    .addColumn('sequence', 'bigint', (column) => column.notNull())
    .addColumn('target_id', 'text', (column) => column.notNull())
    .addColumn('target', 'text', (column) => column.notNull())
    .addColumn('host', 'text', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('blob', 'text')
    .addColumn('sha256', 'text')
    .addColumn('attempts', 'bigint', (column) => column.notNull())
    .addColumn('next_attempt_at', 'bigint', (column) => column.notNull())
    .addColumn('leased_until', 'bigint')
    .addColumn('lease_owner', 'text')
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('settled_at', 'bigint')
    .addColumn('message', 'text')
    .execute();
  const index = (name: string) => db.schema.createIndex(name).on('saves');
  await index('saves_by_version').columns(['document_key', 'version']).unique().execute();
  await index('saves_by_queue').columns(['document_key', 'target_id', 'version']).execute();
  await index('saves_by_state').columns(['state', 'created_at', 'id']).execute();
  await index('saves_by_creation').columns(['created_at', 'id']).execute();
  await index('saves_by_due_time').columns(['state', 'next_attempt_at']).execute();
  await index('saves_by_blob').columns(['blob']).execute();
  await index('saves_by_end').columns(['settled_at']).execute();
  await index('saves_by_host').columns(['host', 'state']).execute();
  await index('saves_by_lease').columns(['leased_until']).execute();
  await db.schema
    .createTable('delivery_attempts')
    .addColumn('save_id', 'text', (column) => column.notNull())
    .addColumn('number', 'bigint', (column) => column.notNull())
    .addColumn('started_at', 'bigint', (column) => column.notNull())
    .addColumn('duration_ms', 'bigint', (column) => column.notNull())
    .addColumn('status', 'bigint')
    .addColumn('answer', 'text', (column) => column.notNull())
    .addColumn('outcome', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('delivery_attempts_pk', ['save_id', 'number'])
    .execute();
}
