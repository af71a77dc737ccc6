import { type Neighbours, NO_NEIGHBOURS } from '../neighbours.js';
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

export interface LibraryListener {
  /** A change that this server made. */
  onChange(change: LibraryChange): void;
  /** A change that another server on the same data made, and has followed as far as the store goes. */
  onFarChange?(change: LibraryChange): void;
  /** Other servers may have told changes in vain. */
  onMissed?(): void;
}

/** Tells of every change once it is stored; the services of the library speak here, rooms and pages listen. */
export class LibraryChanges {
  readonly #neighbours: Neighbours;
  readonly #listeners = new Set<LibraryListener>();

  constructor(neighbours: Neighbours = NO_NEIGHBOURS) {
    this.#neighbours = neighbours;
    // For as long as the storage is open.
    neighbours.listen('library', {
      hear: (message) => {
        for (const { onFarChange } of this.#listeners) onFarChange?.(message as LibraryChange);
      },
      missed: () => {
        for (const { onMissed } of this.#listeners) onMissed?.();
      },
    });
  }

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
    const change: LibraryChange = { documentId: id, ownerId, what, former };
    for (const { onChange } of this.#listeners) onChange(change);
    this.#neighbours.tell('library', change);
  }
}
