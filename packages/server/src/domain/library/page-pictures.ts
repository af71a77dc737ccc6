import type { ReadDocument } from './library.js';

export interface PagePicture {
  bytes: Uint8Array;
  mediaType: string;
}

export interface PagePicturesDeps {
  /** A picture of the first page as SVG. Refuses by AppError: busy, format_unsupported. */
  draw(docx: Uint8Array): Promise<Uint8Array>;
}

/** A page of the list shows some sixty, and people come back to it. */
const KEPT = 600;

/** Pictures of first pages, made when somebody first asks for one; equal documents have one in common. */
export class PagePictures {
  readonly #deps: PagePicturesDeps;
  readonly #made = new Map<string, Promise<Uint8Array>>();

  constructor(deps: PagePicturesDeps) {
    this.#deps = deps;
  }

  async get({ version: { blob }, docx }: Pick<ReadDocument, 'version' | 'docx'>): Promise<PagePicture> {
    const known = this.#made.get(blob);
    const making = known ?? this.#deps.draw(docx);
    // The latest one asked for stands last, so that the first is the one to forget.
    this.#made.delete(blob);
    this.#made.set(blob, making);
    if (this.#made.size > KEPT) this.#made.delete(this.#made.keys().next().value ?? '');
    if (!known) making.catch(() => this.#made.delete(blob));
    return { bytes: await making, mediaType: 'image/svg+xml' };
  }
}
