import { AppError } from '@officina/protocol';
import type { DocumentEngine } from '../content/document-engine.js';
import { PLAIN_BLANK } from '../content/plain-blank.js';
import type { BlobKeeper } from '../documents/blob-keeper.js';
import { KeyedLock } from '../documents/keyed-lock.js';
import type { Clock } from '../time.js';
import { Access, unknownDocument } from './access.js';
import type { LibraryChanges } from './changes.js';
import {
  cleanDocumentName,
  FIRST_VERSION,
  type LibraryDocument,
  type LibraryEntry,
  parseVersion,
  type UrlName,
  urlStemOf,
} from './library-document.js';
import type { LibraryStore } from './library-store.js';

export interface AuthorshipDeps {
  library: LibraryStore;
  engine: Pick<DocumentEngine, 'import' | 'blank'>;
  blobs: BlobKeeper;
  changes: LibraryChanges;
  clock: Clock;
  /** So many random decimal digits, the first one not 0. */
  randomDigits(count: number): string;
}

export interface OfferedFile {
  bytes: Uint8Array;
  fileName: string | null;
}

const ID_DIGITS = 16;
const NAMELESS = 'Untitled';
/** Extensions that a name of a file may bring; other dots belong to the name. */
const EXTENSION = /\.(docx|docm|dotx|doc|odt|rtf|txt|text|html?|pdf|sxw)$/i;
/** Names are given one after the other; more losses than this are a fault, not a race. */
const MOST_NAME_TRIALS = 100;

/** How documents of the library come into being, get versions and names. Rules: docs/spec/library.md. */
export class Authorship {
  readonly #deps: AuthorshipDeps;
  readonly #access: Access;
  /** Two documents of one owner that get the same name at once must not cross. */
  readonly #naming = new KeyedLock();

  constructor(deps: AuthorshipDeps) {
    this.#deps = deps;
    this.#access = new Access(deps);
  }

  /** A document of a file, or an empty one. Refuses by AppError what the engine refuses. */
  async create(
    accountId: string,
    wish: { name: string | null; file: OfferedFile | null },
  ): Promise<LibraryEntry> {
    const docx = await this.#docxOf(wish.file);
    const given = wish.name ?? wish.file?.fileName?.replace(EXTENSION, '') ?? '';
    const name = cleanDocumentName(given) || NAMELESS;
    const blob = await this.#deps.blobs.put(docx);
    const id = await this.#naming.run(accountId, () => this.#add(accountId, name, blob));
    await this.#deps.blobs.confirm(blob, docx);
    return this.#told('added', await this.#find(accountId, id));
  }

  /**
   * A new version of a document, made of a file; `expected` is the version that the file was made from. Refuses by
   * AppError: document_unknown, permission_denied, conflict, parameter_value_invalid for another version, and what the
   * engine refuses.
   */
  async save(
    accountId: string,
    documentId: string,
    file: OfferedFile,
    expected?: string,
  ): Promise<LibraryEntry> {
    // Asked before the import, which costs something, and again by whoever stores.
    await this.#access.require(accountId, documentId, 'save');
    const docx = await this.#docxOf(file);
    return await this.saveDocx(accountId, documentId, docx, expected);
  }

  /** As `save`, of a docx that the engine made: what an open editor saves. */
  async saveDocx(
    accountId: string,
    documentId: string,
    docx: Uint8Array,
    expected?: string,
  ): Promise<LibraryEntry> {
    const { document } = await this.#access.require(accountId, documentId, 'save');
    const expectedNumber = expected === undefined ? undefined : (parseVersion(expected) ?? -1);
    if (expectedNumber !== undefined && expectedNumber !== document.version) throw staleVersion(expected);
    const blob = await this.#deps.blobs.put(docx);
    const version = { blob, createdAt: this.#deps.clock(), createdBy: accountId };
    const number = await this.#deps.library.addVersion(documentId, version, expectedNumber);
    if (number === undefined) {
      await this.#deps.blobs.release(blob);
      throw expected === undefined ? unknownDocument() : staleVersion(expected);
    }
    await this.#deps.blobs.confirm(blob, docx);
    return this.#told('content', await this.#find(accountId, documentId));
  }

  /**
   * Gives the document another name, which makes a version. Refuses by AppError: document_unknown, permission_denied,
   * conflict, parameter_value_invalid.
   */
  async rename(accountId: string, documentId: string, name: string): Promise<LibraryEntry> {
    const { document } = await this.#access.require(accountId, documentId, 'rename');
    const clean = cleanDocumentName(name);
    if (clean === '') {
      throw new AppError('parameter_value_invalid', 'The name has no character that can be shown.', {
        blame: { parameter: 'documentName' },
      });
    }
    await this.#naming.run(document.ownerId, async () => {
      await this.#tryUrlNames(document, clean, (urlName) =>
        this.#deps.library.rename(
          documentId,
          { name: clean, urlName },
          { accountId, at: this.#deps.clock() },
        ),
      );
    });
    return this.#told('name', await this.#find(accountId, documentId));
  }

  async #add(ownerId: string, name: string, blob: string): Promise<string> {
    const now = this.#deps.clock();
    const document: LibraryDocument = {
      id: this.#deps.randomDigits(ID_DIGITS),
      ownerId,
      name,
      urlName: { stem: '', number: 0 },
      createdAt: now,
      modifiedAt: now,
      modifiedBy: ownerId,
      state: 'kept',
      isSharing: true,
      publication: null,
      version: FIRST_VERSION,
      lock: null,
    };
    const { id } = document;
    const version = { documentId: id, number: FIRST_VERSION, blob, createdAt: now, createdBy: ownerId };
    await this.#tryUrlNames(document, name, (urlName) =>
      this.#deps.library.add({ ...document, urlName }, version),
    );
    return id;
  }

  /** Offers the stem, then the stem with the next number, and so on, until one is free. */
  async #tryUrlNames(
    document: LibraryDocument,
    name: string,
    take: (urlName: UrlName) => Promise<boolean>,
  ): Promise<void> {
    const stem = urlStemOf(name);
    const keeps = document.urlName.stem === stem;
    const highest = keeps ? undefined : await this.#deps.library.highestUrlNumber(document.ownerId, stem);
    const first = keeps ? document.urlName.number : highest === undefined ? 0 : highest + 1;
    for (let number = first; number < first + MOST_NAME_TRIALS; number += 1) {
      if (await take({ stem, number })) return;
    }
    throw new AppError('conflict', `No URL name could be found for "${name}".`);
  }

  async #docxOf(file: OfferedFile | null): Promise<Uint8Array> {
    if (!file) return (await this.#deps.engine.blank(PLAIN_BLANK)).original;
    return (await this.#deps.engine.import(file.bytes, { fileName: file.fileName })).original;
  }

  #told(what: 'added' | 'content' | 'name', entry: LibraryEntry): LibraryEntry {
    this.#deps.changes.tell(entry.document, what);
    return entry;
  }

  async #find(accountId: string, documentId: string): Promise<LibraryEntry> {
    const entry = await this.#deps.library.find(documentId, accountId);
    if (!entry) throw unknownDocument();
    return entry;
  }
}

function staleVersion(expected: string | undefined): AppError {
  return new AppError('parameter_value_invalid', `Version ${expected} is not the newest one.`, {
    blame: { parameter: 'version' },
  });
}
