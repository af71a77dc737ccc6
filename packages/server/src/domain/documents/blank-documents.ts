import type { BlankDefaults, DocumentEngine, ImportedDocument } from '../content/document-engine.js';

/** Applications ask for few kinds of blank documents, and each is a few kilobytes. */
const KINDS_LIMIT = 64;

/** Makes each kind of blank document once: a creation without a file then costs no work of the engine. */
export class BlankDocuments {
  readonly #engine: Pick<DocumentEngine, 'blank'>;
  readonly #made = new Map<string, Promise<ImportedDocument>>();

  constructor(engine: Pick<DocumentEngine, 'blank'>) {
    this.#engine = engine;
  }

  get(defaults: BlankDefaults): Promise<ImportedDocument> {
    const name = JSON.stringify(defaults);
    const known = this.#made.get(name);
    if (known) return known;
    const making = this.#engine.blank(defaults);
    if (this.#made.size >= KINDS_LIMIT) this.#made.clear();
    this.#made.set(name, making);
    // A failure must not be remembered; the caller sees it through `making` itself.
    making.catch(() => this.#made.delete(name));
    return making;
  }
}
