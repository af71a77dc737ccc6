import type { Account, AccountStore } from '../accounts/account.js';
import { isEmail } from '../accounts/accounts.js';
import type { BlobStore } from '../content/blob-store.js';
import { type LibraryEntry, type Version, versionText } from '../library/library-document.js';
import type { LibraryStore } from '../library/library-store.js';
import type { TagStore } from '../library/tag-store.js';
import type { ShareStore } from '../sharing/share-store.js';
import type { Clock } from '../time.js';
import {
  type AccountManifest,
  ARCHIVE_FORMAT,
  ARCHIVE_VERSION,
  type ArchivedDocument,
  type ArchivedVersion,
  DOCUMENT_FILE,
  folderOf,
  MANIFEST_PATH,
} from './account-archive.js';
import type { ArchiveWriter } from './archive-files.js';

export interface AccountExportDeps {
  accounts: Pick<AccountStore, 'find'>;
  library: Pick<LibraryStore, 'find' | 'ownedIds' | 'listVersions'>;
  shares: Pick<ShareStore, 'list'>;
  tags: Pick<TagStore, 'listOf' | 'listAll'>;
  blobs: Pick<BlobStore, 'get'>;
  clock: Clock;
}

/** Saves that may come between two looks at one document; more in a row are not a race. */
const MOST_LOOKS = 20;

/** Everything that is somebody's own, so that they can take it elsewhere. Rules: docs/spec/library.md. */
export class AccountExport {
  readonly #deps: AccountExportDeps;

  constructor(deps: AccountExportDeps) {
    this.#deps = deps;
  }

  /**
   * Writes the person's documents with all their versions, and last the manifest. People go on working: each document
   * goes out as it is when its turn comes, and one that is deleted for good meanwhile is left out.
   */
  async write(account: Account, archive: ArchiveWriter): Promise<{ documents: number }> {
    const exportedAt = this.#deps.clock();
    const owned = await this.#deps.library.ownedIds(account.id);
    const people = new Map<string, string | null>([[account.id, account.email]]);
    const documents: string[] = [];
    for (const id of owned) {
      const folder = await this.#writeDocument(account, id, people, archive);
      if (folder !== undefined) documents.push(folder);
    }
    const { email, loginName, displayName, createdAt } = account;
    const isOwn = new Set(owned);
    const manifest: AccountManifest = {
      format: ARCHIVE_FORMAT,
      formatVersion: ARCHIVE_VERSION,
      exportedAt,
      account: { email, loginName, displayName, createdAt },
      documents,
      tagsOnOthers: (await this.#deps.tags.listAll(account.id)).filter(
        ({ documentId }) => !isOwn.has(documentId),
      ),
    };
    await archive.add(MANIFEST_PATH, toJson(manifest), exportedAt);
    return { documents: documents.length };
  }

  /** The folder that the document is in now; undefined when it is gone. */
  async #writeDocument(
    account: Account,
    id: string,
    people: Map<string, string | null>,
    archive: ArchiveWriter,
  ): Promise<string | undefined> {
    const found = await this.#look(account, id);
    if (!found) return undefined;
    const { entry, versions } = found;
    const { document } = entry;
    const folder = folderOf(document);
    const archived: ArchivedVersion[] = [];
    const files = new Map<string, string>();
    for (const version of versions) {
      const name = versionText(version.number);
      const file = files.get(version.blob) ?? `${name}.docx`;
      if (!files.has(version.blob)) {
        const docx = await this.#deps.blobs.get(version.blob);
        if (!docx) {
          if (!(await this.#deps.library.find(id, account.id))) return undefined;
          throw new Error(`The blob ${version.blob} of document ${id} is missing.`);
        }
        await archive.add(`${folder}/${file}`, docx, version.createdAt);
        files.set(version.blob, file);
      }
      const { createdAt } = version;
      const createdBy = await this.#addressOf(version.createdBy, people);
      archived.push({ version: name, createdAt, createdBy, file });
    }
    const shares = await this.#deps.shares.list(id);
    const { name, urlName, createdAt, modifiedAt, state, isSharing, publication } = document;
    const described: ArchivedDocument = {
      ...{ id, name, urlName, createdAt, modifiedAt, state, isSharing, publication },
      modifiedBy: await this.#addressOf(document.modifiedBy, people),
      versions: archived,
      shares: shares.map(({ email, canWrite, createdAt: at }) => ({ email, canWrite, createdAt: at })),
      tags: await this.#deps.tags.listOf(account.id, id),
    };
    await archive.add(`${folder}/${DOCUMENT_FILE}`, toJson(described), modifiedAt);
    return folder;
  }

  /** The document and its versions as they are at one moment: a save may come between the two questions. */
  async #look(
    account: Account,
    id: string,
  ): Promise<{ entry: LibraryEntry; versions: readonly Version[] } | undefined> {
    for (let look = 0; look < MOST_LOOKS; look += 1) {
      const entry = await this.#deps.library.find(id, account.id);
      if (entry?.document.ownerId !== account.id) return undefined;
      const versions = await this.#deps.library.listVersions(id);
      if (versions[0]?.number === entry.document.version) return { entry, versions: versions.toReversed() };
    }
    throw new Error(`The versions of document ${id} do not end with the one that it has.`);
  }

  async #addressOf(accountId: string, people: Map<string, string | null>): Promise<string | null> {
    const known = people.get(accountId);
    if (known !== undefined) return known;
    const account = await this.#deps.accounts.find(accountId);
    // Somebody who never had an account here is known by the address alone.
    const address = account?.email ?? (isEmail(accountId) ? accountId : null);
    people.set(accountId, address);
    return address;
  }
}

function toJson(value: unknown): Uint8Array {
  return new TextEncoder().encode(`${JSON.stringify(value, null, 1)}\n`);
}
