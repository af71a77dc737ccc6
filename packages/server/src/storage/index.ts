import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { sql } from 'kysely';
import type { BlobReferences } from '../domain/content/blob-references.js';
import type { BlobStore } from '../domain/content/blob-store.js';
import type { DocumentStore } from '../domain/documents/document.js';
import type { ApiKeyStore } from '../domain/keys/api-key.js';
import type { LeaseStore, OperationLog } from '../domain/log/operation-log.js';
import type { SaveStore } from '../domain/saving/save.js';
import type { SessionStore } from '../domain/sessions/session.js';
import type { UsageStore } from '../domain/usage/usage-store.js';
import { FileBlobStore } from './blobs/files.js';
import type { Database } from './database.js';
import { openSqlite } from './sqlite/open.js';
import { SqlApiKeyStore } from './stores/api-keys.js';
import { SqlBlobReferences } from './stores/blob-references.js';
import { SqlDocumentStore } from './stores/documents.js';
import { SqlLeaseStore } from './stores/leases.js';
import { SqlOperationLog } from './stores/operation-log.js';
import { SqlSaveStore } from './stores/saves.js';
import { SqlSessionStore } from './stores/sessions.js';
import { type SettingStore, SqlSettingStore } from './stores/settings.js';
import { SqlUsageStore } from './stores/usage.js';

export type { SettingStore } from './stores/settings.js';

/** Says when it is worth asking for jobs, also when another node accepted them. */
export interface SaveSignals {
  /** Calls back after a job may have become due; returns a function that ends the listening. */
  onWaiting(listener: () => void): () => void;
}

/** Everything that outlives the process, behind the domain's ports. */
export interface Storage {
  readonly keys: ApiKeyStore;
  readonly documents: DocumentStore;
  readonly sessions: SessionStore;
  readonly log: OperationLog;
  readonly leases: LeaseStore;
  readonly saves: SaveStore;
  readonly saveSignals: SaveSignals;
  readonly usage: UsageStore;
  readonly settings: SettingStore;
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
  /** `s3://…`, or null for files in the data folder. */
  blobsUrl: string | null;
}

/** Opens the storage and brings its tables up to date; safe when several processes open at once. */
export async function openStorage(options: StorageOptions): Promise<Storage> {
  const { dataFolder, databaseUrl, blobsUrl } = options;
  if (blobsUrl !== null) {
    throw new Error('OFFICINA_BLOBS: blobs are kept in the data folder only. Unset OFFICINA_BLOBS.');
  }
  if (databaseUrl !== null) throw new Error('DATABASE_URL: only SQLite is offered. Unset DATABASE_URL.');
  await mkdir(dataFolder, { recursive: true });
  const database = await openSqlite(join(dataFolder, 'officina.sqlite'));
  return storageOver(database, new FileBlobStore(join(dataFolder, 'blobs')), {
    description: `SQLite (${database.binding}, ${database.journalMode})`,
  });
}

/** The ports over an open database. */
export function storageOver(
  database: Database,
  blobs: BlobStore,
  { description }: { description: string },
): Storage {
  const listeners = new Set<() => void>();
  const log = new SqlOperationLog(database);
  return {
    keys: new SqlApiKeyStore(database),
    documents: new SqlDocumentStore(database),
    sessions: new SqlSessionStore(database),
    log,
    leases: new SqlLeaseStore(database),
    saves: new SqlSaveStore(database, () => {
      for (const listener of listeners) listener();
    }),
    saveSignals: {
      onWaiting: (listener) => {
        listeners.add(listener);
        return () => {
          listeners.delete(listener);
        };
      },
    },
    usage: new SqlUsageStore(database),
    settings: new SqlSettingStore(database),
    blobs,
    blobReferences: new SqlBlobReferences(database),
    description,
    ping: async () => {
      await sql`select 1`.execute(database.db);
    },
    close: async () => {
      await log.drain();
      await database.close();
    },
  };
}
