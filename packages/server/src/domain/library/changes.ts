import type { LibraryDocument } from './library-document.js';

/** Something that happened to a document of the library. */
export interface LibraryChange {
  documentId: string;
  ownerId: string;
  /**
   * `access`: who may do what with it, as by its share list, its standing or its lock; `content`: another version;
   * `name`: the name, which is a version too.
   */
  what: 'added' | 'content' | 'name' | 'access' | 'removed';
  /** Accounts that had it and have it no more. */
  former: readonly string[];
}

export type LibraryListener = (change: LibraryChange) => void;

/** Tells of every change once it is stored; the services of the library speak here, rooms and pages listen. */
export class LibraryChanges {
  readonly #listeners = new Set<LibraryListener>();

  /** Returns a function that ends the listening. */
  listen(listener: LibraryListener): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  tell(
    { id, ownerId }: Pick<LibraryDocument, 'id' | 'ownerId'>,
    what: LibraryChange['what'],
    former: readonly string[] = [],
  ): void {
    for (const listener of this.#listeners) listener({ documentId: id, ownerId, what, former });
  }
}
