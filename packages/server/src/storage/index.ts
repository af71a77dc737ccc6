import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { sql } from 'kysely';
import type { AccountStore } from '../domain/accounts/account.js';
import type { TicketStore } from '../domain/accounts/ticket.js';
import type { AttachmentStore } from '../domain/content/attachments.js';
import type { BlobReferences } from '../domain/content/blob-references.js';
import type { BlobStore } from '../domain/content/blob-store.js';
import type { Bucket } from '../domain/content/bucket.js';
import type { DocumentStore } from '../domain/documents/document.js';
import type { ApiKeyStore } from '../domain/keys/api-key.js';
import type { BrowseStore } from '../domain/library/browse.js';
import type { LibraryStore } from '../domain/library/library-store.js';
import type { SearchStore } from '../domain/library/search-index.js';
import type { TagStore } from '../domain/library/tag-store.js';
import type { LeaseStore, OperationLog } from '../domain/log/operation-log.js';
import { type Neighbours, NO_NEIGHBOURS } from '../domain/neighbours.js';
import type { SaveStore } from '../domain/saving/save.js';
import type { SessionStore } from '../domain/sessions/session.js';
import type { ShareStore } from '../domain/sharing/share-store.js';
import type { UsageStore } from '../domain/usage/usage-store.js';
import { FileBlobStore } from './blobs/files.js';
import { S3BlobStore } from './blobs/s3.js';
import type { Database } from './database.js';
import { NEIGHBOURS_CHANNEL, PostgresNeighbours } from './postgres/neighbours.js';
import { NoticeLine } from './postgres/notice-line.js';
import { PostgresSignals, SAVES_CHANNEL } from './postgres/notifications.js';
import { openPostgres } from './postgres/open.js';
import { LocalSignals, type SaveSignals } from './signals.js';
import type { BindingName } from './sqlite/binding.js';
import { openSqlite } from './sqlite/open.js';
import { SqlAccountStore, SqlTicketStore } from './stores/accounts.js';
import { SqlApiKeyStore } from './stores/api-keys.js';
import { SqlAttachmentStore } from './stores/attachments.js';
import { SqlBlobReferences } from './stores/blob-references.js';
import { SqlDocumentStore } from './stores/documents.js';
import { SqlLeaseStore } from './stores/leases.js';
import { SqlLibraryStore } from './stores/library.js';
import { SqlBrowseStore } from './stores/library-browse.js';
import { SqlOperationLog } from './stores/operation-log.js';
import { SqlSaveStore } from './stores/saves.js';
import { SqlSessionStore } from './stores/sessions.js';
import { type SettingStore, SqlSettingStore } from './stores/settings.js';
import { SqlShareStore } from './stores/shares.js';
import { SqlTagStore } from './stores/tags.js';
import { SqlUsageStore } from './stores/usage.js';

export type { SaveSignals } from './signals.js';
export type { SettingStore } from './stores/settings.js';

/** Everything that outlives the process, behind the domain's ports. */
export interface Storage {
  readonly keys: ApiKeyStore;
  readonly documents: DocumentStore;
  readonly sessions: SessionStore;
  readonly log: OperationLog;
  readonly leases: LeaseStore;
  readonly saves: SaveStore;
  readonly saveSignals: SaveSignals;
  /** The other servers on the same tables. */
  readonly neighbours: Neighbours;
  readonly usage: UsageStore;
  readonly settings: SettingStore;
  readonly accounts: AccountStore;
  readonly tickets: TicketStore;
  readonly library: LibraryStore;
  readonly browsing: BrowseStore;
  readonly search: SearchStore;
  readonly shares: ShareStore;
  readonly tags: TagStore;
  readonly attachments: AttachmentStore;
  readonly blobs: BlobStore;
  readonly blobReferences: BlobReferences;
  /** What holds the tables, for logs and the doctor, for example `SQLite (better-sqlite3, wal)`. */
  readonly description: string;
  /** Rejects when the tables cannot be reached. */
  ping(): Promise<void>;
  /** Finishes what was begun. Nothing may be asked of the storage afterwards. */
  close(): Promise<void>;
}

export interface StorageOptions {
  /** Absolute path; made when it is missing. Holds the SQLite file and the blobs. */
  dataFolder: string;
  /** `postgres://…`, or null for SQLite. */
  databaseUrl: string | null;
  /** Null for files in the data folder. */
  blobBucket: Bucket | null;
  /** SQLite libraries to try, in this order; by default all of them, the quickest first. */
  sqliteBindings?: readonly BindingName[];
}

/** Opens the storage and brings its tables up to date; safe when several processes open at once. */
export async function openStorage(options: StorageOptions): Promise<Storage> {
  const { dataFolder, databaseUrl, blobBucket, sqliteBindings } = options;
  const blobs =
    blobBucket === null ? new FileBlobStore(join(dataFolder, 'blobs')) : new S3BlobStore(blobBucket);
  await mkdir(dataFolder, { recursive: true });
  if (databaseUrl !== null) {
    const database = await openPostgres(databaseUrl);
    const line = await NoticeLine.open(databaseUrl, [SAVES_CHANNEL, NEIGHBOURS_CHANNEL]);
    return storageOver({
      ...{ database, blobs, description: 'PostgreSQL' },
      signals: new PostgresSignals(line),
      neighbours: new PostgresNeighbours(line),
      close: () => line.close(),
    });
  }
  const database = await openSqlite(
    join(dataFolder, 'officina.sqlite'),
    sqliteBindings === undefined ? {} : { bindings: sqliteBindings },
  );
  const description = `SQLite (${database.binding}, ${database.journalMode})`;
  return storageOver({
    ...{ database, blobs, description },
    signals: new LocalSignals(),
    neighbours: NO_NEIGHBOURS,
    close: async () => {},
  });
}

/** The ports over what was opened. */
function storageOver(parts: {
  database: Database;
  blobs: BlobStore;
  signals: SaveSignals & { raise(): void };
  neighbours: Neighbours;
  description: string;
  /** Ends what is not the database. */
  close(): Promise<void>;
}): Storage {
  const { database, blobs, signals, neighbours, description } = parts;
  const log = new SqlOperationLog(database);
  const browsing = new SqlBrowseStore(database);
  return {
    keys: new SqlApiKeyStore(database),
    documents: new SqlDocumentStore(database),
    sessions: new SqlSessionStore(database),
    log,
    leases: new SqlLeaseStore(database),
    saves: new SqlSaveStore(database, () => signals.raise()),
    saveSignals: signals,
    neighbours,
    usage: new SqlUsageStore(database),
    settings: new SqlSettingStore(database),
    accounts: new SqlAccountStore(database),
    tickets: new SqlTicketStore(database),
    library: new SqlLibraryStore(database),
    browsing,
    search: browsing,
    shares: new SqlShareStore(database),
    tags: new SqlTagStore(database),
    attachments: new SqlAttachmentStore(database),
    blobs,
    blobReferences: new SqlBlobReferences(database),
    description,
    ping: async () => {
      await sql`select 1`.execute(database.db);
    },
    close: async () => {
      await log.drain();
      await parts.close();
      await database.close();
    },
  };
}
