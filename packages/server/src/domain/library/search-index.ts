import type { BlobStore } from '../content/blob-store.js';
import { foldText } from './browse.js';
import type { LibraryChanges } from './changes.js';
import type { DocumentExports } from './export-formats.js';
import type { LibraryStore } from './library-store.js';

/** The searchable text of each document's newest version. */
export interface SearchStore {
  /** Nothing when the document is gone. */
  put(documentId: string, text: { version: number; content: string }): Promise<void>;
  /** Ids of documents whose newest version has no text yet, at most `limit`. */
  listMissing(limit: number): Promise<readonly string[]>;
}

export interface SearchIndexDeps {
  search: SearchStore;
  library: Pick<LibraryStore, 'find' | 'findVersion'>;
  blobs: Pick<BlobStore, 'get'>;
  exports: Pick<DocumentExports, 'exportAs'>;
  changes: LibraryChanges;
  report(error: unknown, subject: { documentId: string }): void;
}

/** Longer texts are found by their beginning only. */
const LONGEST_TEXT = 200_000;
const BATCH = 100;

/** Reads every new version's text, one after the other, so that people find documents by what stands in them. */
export class SearchIndex {
  readonly #deps: SearchIndexDeps;
  readonly #stopListening: () => void;
  readonly #waiting = new Set<string>();
  #working: Promise<void> | undefined;
  #isStopped = false;

  constructor(deps: SearchIndexDeps) {
    this.#deps = deps;
    this.#stopListening = deps.changes.listen({
      onChange: ({ documentId, what }) => {
        if (what === 'added' || what === 'content' || what === 'name') this.#add(documentId);
      },
    });
  }

  /** Takes up what came while nobody listened. Resolves once it is known, not once it is read. */
  async start(): Promise<void> {
    for (const id of await this.#deps.search.listMissing(BATCH)) this.#add(id);
  }

  /** Resolves when the document that is being read is done. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#stopListening();
    await this.#working;
  }

  /** Resolves when nothing waits any more. */
  async settled(): Promise<void> {
    while (this.#working) await this.#working;
  }

  #add(documentId: string): void {
    this.#waiting.add(documentId);
    this.#working ??= this.#work().finally(() => {
      this.#working = undefined;
    });
  }

  async #work(): Promise<void> {
    for (const id of this.#waiting) {
      if (this.#isStopped) return;
      this.#waiting.delete(id);
      await this.#read(id).catch((error: unknown) => this.#deps.report(error, { documentId: id }));
    }
  }

  async #read(id: string): Promise<void> {
    const entry = await this.#deps.library.find(id, null);
    const version = entry && (await this.#deps.library.findVersion(id, entry.document.version));
    const docx = version && (await this.#deps.blobs.get(version.blob));
    if (!docx) return;
    const { name } = entry.document;
    const { bytes } = await this.#deps.exports.exportAs(docx, 'txt', name);
    const text = new TextDecoder().decode(bytes).slice(0, LONGEST_TEXT);
    const content = foldText(`${name}\n${text}`).replaceAll('\0', ' ');
    await this.#deps.search.put(id, { version: version.number, content });
  }
}
