import type {
  LibraryImport,
  LibraryItem,
  LibraryPage,
  LibraryShares,
  LibrarySignIn,
  LibrarySort,
  LibraryTag,
  LibraryVersion,
  LibraryView,
} from '@officina/protocol';
import { type Answer, ask, postJson, sendFile } from '../front/ask.js';

export interface ListWish {
  view: LibraryView;
  tag: string | null;
  search: string;
  sort: LibrarySort;
}

/** `/library/api` as the page and the editor use it; `csrf` is the value that every change must carry. */
export class LibraryApi {
  readonly #root: string;
  readonly #headers: Readonly<Record<string, string>>;

  constructor(root: string, csrf: string) {
    this.#root = root;
    this.#headers = { 'x-officina-csrf': csrf };
  }

  list(
    { view, tag, search, sort }: ListWish,
    next: string | null,
    limit: number,
  ): Promise<Answer<LibraryPage>> {
    const query = new URLSearchParams({ view, sort, limit: String(limit) });
    if (tag !== null) query.set('tag', tag);
    if (search !== '') query.set('search', search);
    if (next !== null) query.set('next', next);
    return this.#read(`documents?${query}`);
  }

  tags(): Promise<Answer<{ tags: readonly LibraryTag[] }>> {
    return this.#read('tags');
  }

  describe(id: string): Promise<Answer<LibraryItem>> {
    return this.#read(`documents/${id}`);
  }

  shares(id: string): Promise<Answer<LibraryShares>> {
    return this.#read(`documents/${id}/shares`);
  }

  versions(id: string): Promise<Answer<{ versions: readonly LibraryVersion[] }>> {
    return this.#read(`documents/${id}/versions`);
  }

  create(name: string): Promise<Answer<{ id: string }>> {
    return this.#change('documents', { name });
  }

  /** A new document, or with `id` the next version of that one. */
  upload(
    file: File,
    id: string | null,
    onProgress: (share: number) => void,
  ): Promise<Answer<{ id: string }>> {
    const path = id === null ? 'documents/upload' : `documents/${id}/upload`;
    return sendFile(`${this.#root}/${path}`, file, { ...this.#headers }, onProgress);
  }

  /** One of the verbs of a document, with what it takes. */
  act<T = LibraryItem>(
    id: string,
    verb:
      | 'rename'
      | 'tags'
      | 'lock'
      | 'unlock'
      | 'trash'
      | 'restore'
      | 'delete'
      | 'shares'
      | 'shares/cancel'
      | 'sharing'
      | 'publish'
      | 'versions/restore',
    body?: unknown,
  ): Promise<Answer<T>> {
    return this.#change(`documents/${id}/${verb}`, body);
  }

  /** Signs in anew: every change from now on carries another value. */
  changePassword(current: string, next: string): Promise<Answer<LibrarySignIn>> {
    return this.#change('password', { current, next });
  }

  signOut(): Promise<Answer<LibrarySignIn>> {
    return this.#change('sign-out');
  }

  /** The whole account as a zip. */
  get archivePath(): string {
    return `${this.#root}/archive`;
  }

  importArchive(file: File): Promise<Answer<LibraryImport>> {
    const headers = { ...this.#headers, 'content-type': 'application/zip' };
    return ask(this.archivePath, { method: 'POST', headers, body: file });
  }

  downloadPath(id: string, format: string, version?: string): string {
    const query = new URLSearchParams({ format, ...(version !== undefined && { version }) });
    return `${this.#root}/documents/${id}/download?${query}`;
  }

  get newsPath(): string {
    return `${this.#root}/news`;
  }

  #read<T>(path: string): Promise<Answer<T>> {
    return ask<T>(`${this.#root}/${path}`, { method: 'GET' });
  }

  #change<T>(path: string, body?: unknown): Promise<Answer<T>> {
    return postJson<T>(`${this.#root}/${path}`, body, { ...this.#headers });
  }
}

export function readSignIn(root: string): Promise<Answer<LibrarySignIn>> {
  return ask(`${root}/session`, { method: 'GET' });
}

export function signIn(root: string, name: string, password: string): Promise<Answer<LibrarySignIn>> {
  return postJson(`${root}/sign-in`, { name, password }, {});
}
