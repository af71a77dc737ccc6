import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { createDocumentEngine } from '../convert/index.js';
import type { Account } from '../domain/accounts/account.js';
import type { Accounts } from '../domain/accounts/accounts.js';
import { AccountExport } from '../domain/archive/account-export.js';
import { AccountImport } from '../domain/archive/account-import.js';
import { readManifest } from '../domain/archive/read-archive.js';
import { BlobKeeper } from '../domain/documents/blob-keeper.js';
import { LibraryChanges } from '../domain/library/changes.js';
import { SearchIndex } from '../domain/library/search-index.js';
import { ZipReader } from '../storage/archives/zip-reader.js';
import { ZipWriter } from '../storage/archives/zip-writer.js';
import type { Storage } from '../storage/index.js';
import { systemClock, systemScheduler } from '../system-time.js';

/** Documents of others are in it: only the operator may read the file. */
const OWN_EYES_ONLY = 0o600;

/** `account export NAME FILE`: under the file's own name only once it is whole. */
export async function exportAccount(storage: Storage, account: Account, file: string): Promise<number> {
  const part = `${file}.part`;
  const zip = new ZipWriter();
  const received = pipeline(zip.output, createWriteStream(part, { flags: 'wx', mode: OWN_EYES_ONLY }));
  try {
    const [{ documents }] = await Promise.all([writeWhole(storage, account, zip), received]);
    await rename(part, file);
    console.log(`${file} holds the ${documents} documents of ${account.email}, and no password.`);
    return 0;
  } catch (error) {
    if ((error as { code?: unknown }).code === 'EEXIST') {
      console.error(`${part} is there already: another export may be writing it. Remove it to export anew.`);
      return 1;
    }
    await rm(part, { force: true });
    throw error;
  }
}

/** `account import FILE`: into the account that the archive or the caller names, which is opened if there is none. */
export async function importAccount(
  storage: Storage,
  accounts: Accounts,
  wish: { file: string; email: string | undefined; password: string | undefined; maxFileBytes: number },
): Promise<number> {
  const zip = await ZipReader.open(wish.file);
  const { maxFileBytes } = wish;
  const engine = createDocumentEngine({
    clock: systemClock,
    scheduler: systemScheduler,
    maxUploadBytes: maxFileBytes,
  });
  const changes = new LibraryChanges(storage.neighbours);
  // A server that runs on the same data does not hear of them: what people search in is read here.
  const searchIndex = new SearchIndex({
    ...{ ...storage, exports: engine, changes },
    report: (error, { documentId }) => console.error(`The text of ${documentId} cannot be searched.`, error),
  });
  try {
    const account = await findOrOpen(storage, accounts, wish, (await readManifest(zip)).account);
    if (!account) return 1;
    const importer = new AccountImport({
      ...storage,
      blobs: new BlobKeeper(storage.blobs, storage.blobReferences),
      engine,
      added: (document) => changes.tell(document, 'added'),
      maxFileBytes,
    });
    const { added, present, refused } = await importer.run(account, zip);
    await searchIndex.settled();
    console.log(`${account.email} has ${added} documents more; ${present} were there already.`);
    for (const { name, reason } of refused) console.error(`Left out: ${name}. ${reason}`);
    return refused.length > 0 ? 1 : 0;
  } finally {
    await searchIndex.stop();
    await engine.close();
    zip.close();
  }
}

async function writeWhole(
  storage: Storage,
  account: Account,
  zip: ZipWriter,
): Promise<{ documents: number }> {
  try {
    const written = await new AccountExport({ ...storage, clock: systemClock }).write(account, zip);
    zip.end();
    return written;
  } catch (error) {
    zip.abandon(error instanceof Error ? error : new Error(String(error)));
    throw error;
  }
}

async function findOrOpen(
  storage: Storage,
  accounts: Accounts,
  wish: { email: string | undefined; password: string | undefined },
  archived: Pick<Account, 'email' | 'loginName' | 'displayName'>,
): Promise<Account | undefined> {
  const email = wish.email ?? archived.email;
  const found = await storage.accounts.findByName(email);
  if (found) return found.account;
  if (wish.password === undefined) {
    console.error(
      `There is no account ${email} yet, and archives hold no passwords: give it one with --password.`,
    );
    return undefined;
  }
  const { loginName, displayName } = archived;
  const isFree = loginName !== null && !(await storage.accounts.findByName(loginName));
  return await accounts.add({ email, displayName, password: wish.password, ...(isFree && { loginName }) });
}
