import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { AppError } from '@officina/protocol';
import type { AccountArchives } from './domain/archive/account-archives.js';
import { AccountExport } from './domain/archive/account-export.js';
import { AccountImport } from './domain/archive/account-import.js';
import type { DocumentEngine } from './domain/content/document-engine.js';
import type { BlobKeeper } from './domain/documents/blob-keeper.js';
import type { LibraryChanges } from './domain/library/changes.js';
import type { Clock } from './domain/time.js';
import { ZipReader } from './storage/archives/zip-reader.js';
import { ZipWriter } from './storage/archives/zip-writer.js';
import type { Storage } from './storage/index.js';

export interface AccountArchivesDeps {
  storage: Pick<Storage, 'accounts' | 'library' | 'shares' | 'tags' | 'blobs'>;
  blobs: BlobKeeper;
  engine: Pick<DocumentEngine, 'import'>;
  changes: Pick<LibraryChanges, 'tell'>;
  clock: Clock;
  /** Of one file in an archive. */
  maxFileBytes: number;
  /** Of one archive that comes in. */
  maxBytes: number;
  /** An archive could not be written to its end; whoever was reading it has half of it. */
  report(error: unknown): void;
}

/** Each holds its file on the disk while it runs. */
const MOST_IMPORTS = 2;
const IMPORT_SECONDS = 30;

/** Archives as zips, going out as a stream and coming in by way of the disk, as a zip is read from its end. */
export function createAccountArchives(deps: AccountArchivesDeps): AccountArchives {
  const { storage, blobs, engine, changes, clock, maxFileBytes } = deps;
  const exporter = new AccountExport({ ...storage, clock });
  const importer = new AccountImport({
    ...storage,
    blobs,
    engine,
    maxFileBytes,
    added: (document) => changes.tell(document, 'added'),
  });
  const takeIn: AccountArchives['import'] = (account, body) =>
    inFolder(async (folder) => {
      const path = join(folder, 'account.zip');
      await pipeline(limit(body, deps.maxBytes), createWriteStream(path));
      const zip = await ZipReader.open(path);
      try {
        return await importer.run(account, zip);
      } finally {
        zip.close();
      }
    });
  let imports = 0;
  return {
    export(account) {
      const zip = new ZipWriter();
      exporter.write(account, zip).then(
        () => zip.end(),
        (error: unknown) => {
          if (!zip.output.destroyed) deps.report(error);
          zip.abandon(error instanceof Error ? error : new Error(String(error)));
        },
      );
      return zip.output;
    },
    async import(account, body) {
      if (imports >= MOST_IMPORTS) {
        throw new AppError('busy', 'Other archives are being taken in. Try again in a minute.', {
          retryAfterSeconds: IMPORT_SECONDS,
        });
      }
      imports += 1;
      try {
        return await takeIn(account, body);
      } finally {
        imports -= 1;
      }
    },
  };
}

/** Runs `use` with an empty folder that is gone afterwards. */
async function inFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'officina-import-'));
  try {
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function* limit(body: AsyncIterable<Uint8Array>, maxBytes: number): AsyncGenerator<Uint8Array> {
  let size = 0;
  for await (const chunk of body) {
    size += chunk.byteLength;
    if (size > maxBytes) {
      const megabytes = Math.floor(maxBytes / (1024 * 1024));
      throw new AppError(
        'upload_too_large',
        `The archive is larger than ${megabytes} MB; OFFICINA_MAX_ARCHIVE_MB sets this limit.`,
      );
    }
    yield chunk;
  }
}
