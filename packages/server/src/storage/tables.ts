import type { Generated } from 'kysely';

/**
 * The tables as both databases hold them. Booleans are 0 or 1, times are milliseconds since 1970, and nested values
 * are JSON text, so that a row reads the same from SQLite and from PostgreSQL.
 */
export interface Tables {
  api_keys: ApiKeyRow;
  documents: DocumentRow;
  sessions: SessionRow;
  operation_logs: OperationLogRow;
  log_entries: LogEntryRow;
  log_clients: LogClientRow;
  snapshots: SnapshotRow;
  attachments: AttachmentRow;
  saves: SaveRow;
  delivery_attempts: DeliveryAttemptRow;
  usage_counts: UsageCountRow;
  settings: SettingRow;
  accounts: AccountRow;
  account_tickets: AccountTicketRow;
  library_documents: LibraryDocumentRow;
  library_versions: LibraryVersionRow;
  library_shares: LibraryShareRow;
  library_tags: LibraryTagRow;
  library_texts: LibraryTextRow;
}

export interface ApiKeyRow {
  id: string;
  secret_hash: string;
  name: string;
  created_at: number;
  revoked_at: number | null;
  allowed_origins: string;
  egress_allow: string;
  monthly_call_limit: number | null;
  saves_on_leave: number;
  save_interval_minutes: number | null;
  strict_retries: number;
  signing_secret: string;
  former_signing_secret: string | null;
  former_signing_until: number | null;
}

export interface DocumentRow {
  key: string;
  /** Counts the lives of one caller's id from 1: two lives may begin in the same millisecond. */
  life: number;
  face: string;
  kind: string;
  api_key_id: string;
  document_id: string;
  name: string;
  locked: number;
  settings_at_unlock: string | null;
  created_at: number;
  expires_at: number;
  state: string;
  ended_at: number | null;
  purge_at: number | null;
  imported_sha256: string | null;
  original_blob: string;
  base_blob: string;
  delivered_sequence: number;
}

export interface SessionRow {
  id: string;
  api_key_id: string;
  document_key: string;
  document_id: string;
  mode: string;
  user_id: string;
  display_name: string;
  permissions: string;
  callback: string | null;
  interface_language: string;
  unit: string;
  view: string;
  ui: string;
  created_at: number;
  expires_at: number;
  expires_at_most: number;
  opened_at: number | null;
  state: string;
  ended_at: number | null;
}

/** Head of a document's log and the lease on it, in one row, because every append asks for both. */
export interface OperationLogRow {
  document_key: string;
  sequence: number;
  epoch: number;
  owner: string | null;
  leased_until: number | null;
}

/** Neighbouring operations that were committed together. */
export interface LogEntryRow {
  document_key: string;
  last_sequence: number;
  first_sequence: number;
  epoch: number;
  /** JSON array of operations. */
  operations: string;
}

export interface LogClientRow {
  document_key: string;
  client: string;
  n: number;
  /** User id of the person behind the client. */
  actor: string;
}

export interface SnapshotRow {
  document_key: string;
  sequence: number;
  epoch: number;
  blob: string;
  engine: string;
  digest: string;
  created_at: number;
  /** JSON array of display names. */
  people: string;
  /** JSON of a Restoration. */
  restored: string | null;
}

export interface AttachmentRow {
  document_key: string;
  blob: string;
  size: number;
  added_at: number;
}

export interface SaveRow {
  id: string;
  document_key: string;
  version: number;
  api_key_id: string;
  document_id: string;
  document_name: string;
  session_id: string;
  user_id: string | null;
  reason: string;
  force: number;
  sequence: number;
  target_id: string;
  target: string;
  /** Host and port of the target's URL. */
  host: string;
  state: string;
  blob: string | null;
  sha256: string | null;
  attempts: number;
  next_attempt_at: number;
  leased_until: number | null;
  lease_owner: string | null;
  created_at: number;
  settled_at: number | null;
  message: string | null;
}

export interface DeliveryAttemptRow {
  save_id: string;
  number: number;
  started_at: number;
  duration_ms: number;
  status: number | null;
  answer: string;
  outcome: string;
}

export interface UsageCountRow {
  api_key_id: string;
  month: string;
  calls: Generated<number>;
}

export interface SettingRow {
  name: string;
  value: string;
}

export interface AccountRow {
  id: string;
  email: string;
  login_name: string | null;
  /** The login name in lower case. */
  login_key: string | null;
  display_name: string;
  password_hash: string;
  created_at: number;
  /** Null while the account is open. */
  disabled_at: Generated<number | null>;
  /** Since when the operator vouches for the address; null: nobody does. */
  confirmed_at: Generated<number | null>;
}

export interface AccountTicketRow {
  hash: string;
  account_id: string;
  kind: string;
  service: string;
  created_at: number;
  expires_at: number | null;
}

export interface LibraryDocumentRow {
  id: string;
  owner_id: string;
  name: string;
  url_stem: string;
  url_number: number;
  /** Stem and number as they are read: what is unique. */
  url_name: string;
  created_at: number;
  modified_at: number;
  modified_by: string;
  state: string;
  is_sharing: number;
  is_public: number;
  allows_comments: number;
  shows_comments: number;
  version: number;
  lock_holder: string | null;
  locked_until: number | null;
}

export interface LibraryVersionRow {
  document_id: string;
  number: number;
  blob: string;
  created_at: number;
  created_by: string;
}

/** `is_listed` and `modified_at` repeat what the document says, so that one index holds a person's list in order. */
export interface LibraryShareRow {
  document_id: string;
  email: string;
  account_id: string | null;
  can_write: number;
  created_at: number;
  is_listed: number;
  modified_at: number;
}

export interface LibraryTagRow {
  account_id: string;
  name: string;
  document_id: string;
}

/** What a document's newest version says, folded for searches. */
export interface LibraryTextRow {
  document_id: string;
  version: number;
  content: string;
}
