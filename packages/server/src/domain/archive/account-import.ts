import { createHash } from 'node:crypto';
import { AppError } from '@officina/protocol';
import type { Account, AccountStore } from '../accounts/account.js';
import type { DocumentEngine } from '../content/document-engine.js';
import type { BlobKeeper } from '../documents/blob-keeper.js';
import {
  type LibraryDocument,
  parseVersion,
  type UrlName,
  type Version,
} from '../library/library-document.js';
import type { LibraryStore } from '../library/library-store.js';
import type { TagStore } from '../library/tag-store.js';
import type { AccountManifest, ArchivedDocument } from './account-archive.js';
import type { ArchiveReader } from './archive-files.js';
import { readDocument, readManifest } from './read-archive.js';

export interface AccountImportDeps {
  accounts: Pick<AccountStore, 'findByName'>;
  library: Pick<LibraryStore, 'find' | 'highestUrlNumber' | 'addWhole'>;
  tags: Pick<TagStore, 'add'>;
  blobs: BlobKeeper;
  engine: Pick<DocumentEngine, 'import'>;
  /** Told of every document once it is there. */
  added(document: Pick<LibraryDocument, 'id' | 'ownerId'>): void;
  /** Of one file. */
  maxFileBytes: number;
}

export interface ImportReport {
  added: number;
  /** Documents that the account has already; they are left as they are. */
  present: number;
  /** Documents that were left out, and why. */
  refused: readonly { name: string; reason: string }[];
}

/** Names are taken by others at the same moment at most so often. */
const MOST_NAME_TRIALS = 100;

/** Brings an archive into an account; once more brings nothing twice. Rules: docs/spec/library.md. */
export class AccountImport {
  readonly #deps: AccountImportDeps;

  constructor(deps: AccountImportDeps) {
    this.#deps = deps;
  }

  /**
   * Each document comes with all its versions or not at all, so that an import that broke off can be made again. Refuses
   * by AppError, before anything is added, an archive that has no manifest of an account.
   */
  async run(account: Account, archive: ArchiveReader): Promise<ImportReport> {
    const manifest = await readManifest(archive);
    const people = new People(this.#deps.accounts, account, manifest);
    const refused: ImportReport['refused'][number][] = [];
    let added = 0;
    let present = 0;
    for (const folder of manifest.documents) {
      let name = folder;
      try {
        const document = await readDocument(archive, folder);
        name = document.name;
        const id = await this.#freeId(account, document.id);
        if (id === undefined) present += 1;
        else {
          await this.#add(account, { ...document, id }, { archive, folder, people });
          added += 1;
        }
      } catch (error) {
        if (!(error instanceof AppError) || error.code === 'internal') throw error;
        refused.push({ name, reason: error.message });
      }
    }
    for (const { documentId, names } of manifest.tagsOnOthers) {
      await this.#deps.tags.add(account.id, documentId, names);
    }
    return { added, present, refused };
  }

  /** The document's own id, or where somebody else has it, one that is the same each time; undefined: it is here. */
  async #freeId(account: Account, id: string): Promise<string | undefined> {
    for (const candidate of [id, deriveId(account.id, id)]) {
      const entry = await this.#deps.library.find(candidate, account.id);
      if (!entry) return candidate;
      if (entry.document.ownerId === account.id) return undefined;
    }
    throw new AppError('conflict', `There is a document of somebody else with the id ${id}.`);
  }

  async #add(account: Account, archived: ArchivedDocument, from: Source): Promise<void> {
    const blobs = await this.#putFiles(archived, from);
    try {
      const versions: Version[] = [];
      for (const { version, createdAt, createdBy, file } of archived.versions) {
        versions.push({
          documentId: archived.id,
          number: parseVersion(version) ?? 0,
          blob: blobs.get(file) ?? '',
          createdAt,
          createdBy: await from.people.idOf(createdBy),
        });
      }
      const document: LibraryDocument = {
        id: archived.id,
        ownerId: account.id,
        name: archived.name,
        urlName: archived.urlName,
        createdAt: archived.createdAt,
        modifiedAt: archived.modifiedAt,
        modifiedBy: await from.people.idOf(archived.modifiedBy),
        state: archived.state,
        isSharing: archived.isSharing,
        publication: archived.publication,
        version: versions.at(-1)?.number ?? 0,
        lock: null,
      };
      const shares = archived.shares.filter(({ email }) => email !== account.email);
      await this.#tryUrlNames(document, (urlName) =>
        this.#deps.library.addWhole({ ...document, urlName }, { versions, shares, tags: archived.tags }),
      );
    } catch (error) {
      for (const blob of new Set(blobs.values())) await this.#deps.blobs.release(blob);
      throw error;
    }
    this.#deps.added({ id: archived.id, ownerId: account.id });
    for (const [file, blob] of blobs) {
      await this.#deps.blobs.confirm(blob, () => this.#readFile(file, from));
    }
  }

  /** Stores each file once it has shown that it is a document; the blobs by file. */
  async #putFiles(archived: ArchivedDocument, from: Source): Promise<Map<string, string>> {
    const blobs = new Map<string, string>();
    try {
      for (const { file } of archived.versions) {
        if (blobs.has(file)) continue;
        const docx = await this.#readFile(file, from);
        const { original } = await this.#deps.engine.import(docx, { fileName: 'version.docx' });
        blobs.set(file, await this.#deps.blobs.put(original));
      }
    } catch (error) {
      for (const blob of new Set(blobs.values())) await this.#deps.blobs.release(blob);
      throw error;
    }
    return blobs;
  }

  async #readFile(file: string, { archive, folder }: Source): Promise<Uint8Array> {
    const path = `${folder}/${file}`;
    const bytes = await archive.read(path, this.#deps.maxFileBytes);
    if (!bytes) throw new AppError('parameter_value_invalid', `${path} is missing from the archive.`);
    return bytes;
  }

  /** The name that it had, or where another document has it, the stem with the next number that is free. */
  async #tryUrlNames(document: LibraryDocument, add: (urlName: UrlName) => Promise<boolean>): Promise<void> {
    if (await add(document.urlName)) return;
    const { stem } = document.urlName;
    const highest = await this.#deps.library.highestUrlNumber(document.ownerId, stem);
    const first = highest === undefined ? 0 : highest + 1;
    for (let number = first; number < first + MOST_NAME_TRIALS; number += 1) {
      if (await add({ stem, number })) return;
    }
    throw new AppError('conflict', `No URL name could be found for "${document.name}".`);
  }
}

interface Source {
  archive: ArchiveReader;
  folder: string;
  people: People;
}

/** Who the addresses of an archive are here. */
class People {
  readonly #accounts: AccountImportDeps['accounts'];
  readonly #ids = new Map<string, string>();

  constructor(accounts: AccountImportDeps['accounts'], account: Account, manifest: AccountManifest) {
    this.#accounts = accounts;
    // The account may be taken over under another address.
    this.#ids.set(manifest.account.email, account.id);
  }

  /** The account's id; the address itself for somebody who has none here; empty for nobody. */
  async idOf(email: string | null): Promise<string> {
    if (email === null) return '';
    const known = this.#ids.get(email);
    if (known !== undefined) return known;
    const id = (await this.#accounts.findByName(email))?.account.id ?? email;
    this.#ids.set(email, id);
    return id;
  }
}

/** Sixteen digits, the same ones for the same account and id. */
function deriveId(accountId: string, id: string): string {
  const hash = createHash('sha256').update(`${accountId} ${id}`).digest();
  return String(10n ** 15n + (hash.readBigUInt64BE(0) % (9n * 10n ** 15n)));
}
