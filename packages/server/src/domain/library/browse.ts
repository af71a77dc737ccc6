import type { LibrarySort, LibraryView } from '@officina/protocol';
import type { Clock } from '../time.js';
import { Access } from './access.js';
import type { LibraryEntry } from './library-document.js';
import type { LibraryStore } from './library-store.js';

/** An entry with what the page shows beside it. */
export interface BrowsedEntry {
  entry: LibraryEntry;
  /** The person's own tags, by name. */
  tags: readonly string[];
  /** Display name of who holds the lock, which may have run out. */
  lockHolder: string | null;
}

export interface BrowsedVersion {
  number: number;
  createdAt: number;
  /** Null when the account is gone. */
  by: string | null;
}

/** A part of one person's view of the library. */
export interface BrowseQuery {
  accountId: string;
  view: Exclude<LibraryView, 'tag'> | { tag: string };
  /** Folded by `foldText`; each must be found in the name or in the text. */
  words: readonly string[];
  sort: LibrarySort;
  after: BrowsePlace | null;
  limit: number;
}

/** The last entry of the part before: its sort key, and its id. */
export interface BrowsePlace {
  key: string | number;
  id: string;
}

export interface BrowseStore {
  /** One query, in order; newest first by time, and by name from the beginning of the alphabet; ties by id. */
  browse(query: BrowseQuery): Promise<readonly BrowsedEntry[]>;
  /** One document as the page shows it, whoever may see it. */
  browseOne(accountId: string, documentId: string): Promise<BrowsedEntry | undefined>;
  /** The versions of a document, newest first, each with the display name of who made it. */
  listVersions(documentId: string): Promise<readonly BrowsedVersion[]>;
}

export interface BrowsingDeps {
  browsing: BrowseStore;
  library: Pick<LibraryStore, 'find'>;
  clock: Clock;
}

const MOST_WORDS = 8;

/** What people look through on the library's page. */
export class Browsing {
  readonly #deps: BrowsingDeps;
  readonly #access: Access;

  constructor(deps: BrowsingDeps) {
    this.#deps = deps;
    this.#access = new Access(deps);
  }

  /** At most `limit` entries, and where the next part begins. */
  async list(
    query: Omit<BrowseQuery, 'words'> & { search: string },
  ): Promise<{ entries: readonly BrowsedEntry[]; next: BrowsePlace | null }> {
    const { search, ...rest } = query;
    const words = foldText(search).split(/\s+/).filter(Boolean).slice(0, MOST_WORDS);
    const entries = await this.#deps.browsing.browse({ ...rest, words });
    const last = entries.length === query.limit ? entries.at(-1)?.entry.document : undefined;
    return { entries, next: last ? { key: sortKeyOf(query.sort, last), id: last.id } : null };
  }

  /** Refuses by AppError: document_unknown. */
  async describe(accountId: string, documentId: string): Promise<BrowsedEntry> {
    const [entry, browsed] = await Promise.all([
      this.#access.require(accountId, documentId, 'see'),
      this.#deps.browsing.browseOne(accountId, documentId),
    ]);
    return browsed ?? { entry, tags: [], lockHolder: null };
  }

  /** Refuses by AppError: document_unknown. */
  async versions(accountId: string, documentId: string): Promise<readonly BrowsedVersion[]> {
    await this.#access.require(accountId, documentId, 'see');
    return await this.#deps.browsing.listVersions(documentId);
  }
}

/** Case, compatible forms and accents do not count in a search. */
export function foldText(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase();
}

function sortKeyOf(sort: LibrarySort, document: LibraryEntry['document']): string | number {
  switch (sort) {
    case 'modified':
      return document.modifiedAt;
    case 'created':
      return document.createdAt;
    case 'name':
      return document.name;
    default:
      return sort satisfies never;
  }
}
