import { AppError } from '@officina/protocol';
import type { BlobKeeper } from '../documents/blob-keeper.js';
import type { ShareStore } from '../sharing/share-store.js';
import type { Clock } from '../time.js';
import { Access } from './access.js';
import type { LibraryChanges } from './changes.js';
import type { LibraryEntry, Lock, Publication } from './library-document.js';
import type { LibraryStore } from './library-store.js';

export interface ShelfDeps {
  library: LibraryStore;
  blobs: BlobKeeper;
  /** Asked before a document goes for good, as nobody can be asked afterwards. */
  shares: Pick<ShareStore, 'list'>;
  changes: LibraryChanges;
  clock: Clock;
}

/** A lock that nobody renews ends by itself: its holder may have closed the lid. */
export const LOCK_MS = 30 * 60_000;

/** Where documents stand: in the library, in the trash, open to everybody, or held by one person. */
export class Shelf {
  readonly #deps: ShelfDeps;
  readonly #access: Access;

  constructor(deps: ShelfDeps) {
    this.#deps = deps;
    this.#access = new Access(deps);
  }

  /** Nothing happens to what is there already. Refuses by AppError: document_unknown, permission_denied. */
  async trash(accountId: string, documentId: string): Promise<LibraryEntry> {
    const entry = await this.#access.require(accountId, documentId, 'trash');
    await this.#deps.library.change(documentId, { state: 'trashed' });
    return this.#told(entry);
  }

  async restore(accountId: string, documentId: string): Promise<LibraryEntry> {
    const entry = await this.#access.require(accountId, documentId, 'restore');
    await this.#deps.library.change(documentId, { state: 'kept' });
    return this.#told(entry);
  }

  /** For good when it is in the trash, else into the trash. Refuses by AppError: document_unknown, permission_denied. */
  async delete(accountId: string, documentId: string): Promise<LibraryEntry> {
    const entry = await this.#access.require(accountId, documentId, 'delete');
    if (entry.document.state === 'kept') return await this.trash(accountId, documentId);
    const shares = await this.#deps.shares.list(documentId);
    const blobs = await this.#deps.library.remove(documentId);
    for (const blob of new Set(blobs)) await this.#deps.blobs.release(blob);
    const former = shares.flatMap(({ accountId: had }) => (had === null ? [] : [had]));
    this.#deps.changes.tell(entry.document, 'removed', former);
    return entry;
  }

  /** Null makes it private again. Refuses by AppError: document_unknown, permission_denied. */
  async publish(
    accountId: string,
    documentId: string,
    publication: Publication | null,
  ): Promise<LibraryEntry> {
    const entry = await this.#access.require(accountId, documentId, 'publish');
    await this.#deps.library.change(documentId, { publication });
    return this.#told(entry);
  }

  /** Takes or renews the lock. Refuses by AppError: document_unknown, permission_denied, conflict. */
  async lock(accountId: string, documentId: string): Promise<Lock> {
    const entry = await this.#access.require(accountId, documentId, 'lock');
    const now = this.#deps.clock();
    const lock: Lock = { holderId: accountId, until: now + LOCK_MS };
    if (!(await this.#deps.library.takeLock(documentId, lock, now))) {
      throw new AppError('conflict', 'Somebody else has locked the document for editing.');
    }
    this.#told(entry);
    return lock;
  }

  /** Ends one's own lock, or as the owner anybody's. Refuses by AppError: document_unknown, permission_denied. */
  async unlock(accountId: string, documentId: string): Promise<void> {
    const entry = await this.#access.require(accountId, documentId, 'see');
    const { document } = entry;
    if (document.lock === null) return;
    const isOwn = document.lock.holderId === accountId;
    if (!isOwn) await this.#access.require(accountId, documentId, 'break_lock');
    await this.#deps.library.releaseLock(documentId, document.lock.holderId);
    this.#told(entry);
  }

  #told(entry: LibraryEntry): LibraryEntry {
    this.#deps.changes.tell(entry.document, 'access');
    return entry;
  }
}
