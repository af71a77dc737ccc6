import type { PageExporter } from './convert/create-document-engine.js';
import type { Accounts } from './domain/accounts/accounts.js';
import type { DocumentEngine } from './domain/content/document-engine.js';
import type { FormatMaker } from './domain/conversion/format-maker.js';
import type { BlobKeeper } from './domain/documents/blob-keeper.js';
import { Authorship } from './domain/library/authorship.js';
import { Browsing } from './domain/library/browse.js';
import { LibraryChanges } from './domain/library/changes.js';
import type { DocumentExports } from './domain/library/export-formats.js';
import { Library } from './domain/library/library.js';
import { PagePictures } from './domain/library/page-pictures.js';
import { SearchIndex } from './domain/library/search-index.js';
import { Shelf } from './domain/library/shelf.js';
import { Sharing } from './domain/sharing/sharing.js';
import type { Clock } from './domain/time.js';
import type { Storage } from './storage/index.js';
import { randomDigits } from './system-random.js';

/** A version holds the traces of a review as the document does. */
const AS_IT_IS = { password: null, changes: 'as_markups', comments: 'all' } as const;
/** Nobody reads the title of a picture. */
const NO_TITLE = '';

export interface LibraryHouseDeps {
  storage: Storage;
  engine: DocumentEngine & PageExporter;
  maker: FormatMaker;
  blobs: BlobKeeper;
  accounts: Accounts;
  clock: Clock;
  report(error: unknown, subject: { documentId: string }): void;
}

/** The services of the library over one store, one engine and one ear for changes. */
export function createLibraryHouse(deps: LibraryHouseDeps) {
  const { storage, engine, maker, blobs, accounts, clock, report } = deps;
  const changes = new LibraryChanges(storage.neighbours);
  const exports: DocumentExports = {
    exportAs: (docx, format, title) => engine.exportAs(docx, format, title),
    convert: async (docx, format, title) => (await maker.make(docx, format, { ...AS_IT_IS, title })).bytes,
  };
  return {
    changes,
    library: new Library({ ...storage, exports, clock }),
    authorship: new Authorship({ ...storage, engine, blobs, changes, clock, randomDigits }),
    shelf: new Shelf({ ...storage, blobs, changes, clock }),
    sharing: new Sharing({ ...storage, accounts, changes, clock }),
    browsing: new Browsing({ ...storage, clock }),
    pictures: new PagePictures({
      draw: async (docx) => (await engine.exportAs(docx, 'svg', NO_TITLE)).bytes,
    }),
    searchIndex: new SearchIndex({ ...storage, exports, changes, report }),
  };
}
