import { AppError } from '@officina/protocol';
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
  /** Read since the start because their text was missing: those of which it still is are not tried again. */
  readonly #caughtUp = new Set<string>();
  #mayLackMore = false;
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
    await this.#addMissing();
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

  async #addMissing(): Promise<void> {
    const missing = await this.#deps.search.listMissing(BATCH);
    const untried = missing.filter((id) => !this.#caughtUp.has(id));
    this.#mayLackMore = missing.length === BATCH && untried.length > 0;
    for (const id of untried) {
      this.#caughtUp.add(id);
      this.#add(id);
    }
  }

  async #work(): Promise<void> {
    for (;;) {
      for (const id of this.#waiting) {
        if (this.#isStopped) return;
        this.#waiting.delete(id);
        await this.#read(id).catch((error: unknown) => this.#deps.report(error, { documentId: id }));
      }
      if (!this.#mayLackMore) return;
      await this.#addMissing();
    }
  }

  async #read(id: string): Promise<void> {
    const entry = await this.#deps.library.find(id, null);
    const version = entry && (await this.#deps.library.findVersion(id, entry.document.version));
    const docx = version && (await this.#deps.blobs.get(version.blob));
    if (!docx) return;
    const { name } = entry.document;
    const text = await this.#textOf(docx, name, id);
    const content = foldText(`${name}\n${text}`).replaceAll('\0', ' ');
    await this.#deps.search.put(id, { version: version.number, content });
  }

  /** Empty when the document has none that can be read: it is found by its name. Refuses by AppError: busy. */
  async #textOf(docx: Uint8Array, name: string, id: string): Promise<string> {
    try {
      const { bytes } = await this.#deps.exports.exportAs(docx, 'txt', name);
      return new TextDecoder().decode(bytes).slice(0, LONGEST_TEXT);
    } catch (error) {
      if (!(error instanceof AppError) || error.code === 'busy') throw error;
      this.#deps.report(error, { documentId: id });
      return '';
    }
  }
}
