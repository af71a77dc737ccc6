import type { Share } from '../sharing/share-store.js';
import type { LibraryDocument, LibraryEntry, UrlName, Version } from './library-document.js';

/** A list of documents, newest change first, ties by id. `of` is the account that asks. */
export type ListName =
  | { list: 'incoming'; of: string }
  | { list: 'owned'; of: string }
  | { list: 'trashed'; of: string }
  | { list: 'published'; of: string }
  | { list: 'tagged'; of: string; tag: string }
  /** What everybody may read. */
  | { list: 'public' };

/** A place in a list: after an entry, or after so many entries. */
export type Place = { skip: number } | { after: Pick<LibraryDocument, 'id' | 'modifiedAt'> };

/** Fields that change without making a version. */
export type DocumentChange = Partial<Pick<LibraryDocument, 'state' | 'isSharing' | 'publication'>>;

/** What a document brings along from elsewhere. */
export interface Belongings {
  versions: readonly Version[];
  shares: readonly Pick<Share, 'email' | 'canWrite' | 'createdAt'>[];
  /** The owner's. */
  tags: readonly string[];
}

export interface LibraryStore {
  /** Adds a document with its first version; false, and nothing is added, when its id or its URL name is taken. */
  add(document: LibraryDocument, version: Version): Promise<boolean>;
  /**
   * Adds a document with all that belongs to it, as it was elsewhere; false, and nothing is added, when its id or its URL
   * name is taken. Addresses that have an account get the document in its list.
   */
  addWhole(document: LibraryDocument, belongings: Belongings): Promise<boolean>;
  /** The document as this person meets it, whoever they are; null: somebody without an account. */
  find(id: string, accountId: string | null): Promise<LibraryEntry | undefined>;
  /** One indexed query, whose cost does not depend on the number of documents in the store. */
  list(name: ListName, place: Place, limit: number): Promise<readonly LibraryEntry[]>;
  count(name: ListName): Promise<number>;
  /** All documents of an owner, also those in the trash, by id. */
  ownedIds(ownerId: string): Promise<readonly string[]>;
  /** The highest number that is in use with this stem among the owner's documents; undefined when there is none. */
  highestUrlNumber(ownerId: string, stem: string): Promise<number | undefined>;
  /** In the trash a document is in nobody else's list, and nobody's lock holds. */
  change(id: string, change: DocumentChange): Promise<void>;
  /** Takes the lock unless somebody else holds one at `now`; says whether it was taken. */
  takeLock(id: string, lock: { holderId: string; until: number }, now: number): Promise<boolean>;
  /** Ends the lock if this person still holds it. */
  releaseLock(id: string, holderId: string): Promise<void>;
  /**
   * Adds the next version and returns its number; undefined, and nothing is changed, when the document is not kept or
   * its newest version is no longer `expected`.
   */
  addVersion(
    id: string,
    version: Pick<Version, 'blob' | 'createdAt' | 'createdBy'>,
    expected?: number,
  ): Promise<number | undefined>;
  /**
   * Renames the document, which makes a version with the content of the newest; false, and nothing is changed, when the
   * URL name is taken or the document is not kept.
   */
  rename(
    id: string,
    names: { name: string; urlName: UrlName },
    by: { accountId: string; at: number },
  ): Promise<boolean>;
  /** Newest first. */
  listVersions(id: string): Promise<readonly Version[]>;
  findVersion(id: string, number: number): Promise<Version | undefined>;
  /** Forgets the document with all that belongs to it; returns the blobs that its versions named. */
  remove(id: string): Promise<readonly string[]>;
}
