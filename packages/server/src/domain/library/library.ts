import { AppError } from '@officina/protocol';
import type { BlobStore } from '../content/blob-store.js';
import type { Share, ShareStore } from '../sharing/share-store.js';
import type { Clock } from '../time.js';
import { Access } from './access.js';
import { type DocumentExports, type ExportedFile, type ExportFormat, mediaTypeOf } from './export-formats.js';
import { type LibraryEntry, parseVersion, type Version } from './library-document.js';
import type { LibraryStore, ListName } from './library-store.js';
import { openList, type Range, rangeUnsatisfied } from './lists.js';
import type { TagCount, TagStore } from './tag-store.js';

export interface LibraryDeps {
  library: LibraryStore;
  shares: ShareStore;
  tags: TagStore;
  blobs: Pick<BlobStore, 'get'>;
  exports: DocumentExports;
  clock: Clock;
}

/** A version of a document, and its docx. */
export interface ReadDocument {
  entry: LibraryEntry;
  version: Version;
  docx: Uint8Array;
}

/** What people find and read in the library. Rules: docs/spec/library.md. */
export class Library {
  readonly #deps: LibraryDeps;
  readonly #access: Access;

  constructor(deps: LibraryDeps) {
    this.#deps = deps;
    this.#access = new Access(deps);
  }

  /** Refuses by AppError: range_unsatisfied. */
  open(name: ListName, range: Range): Promise<AsyncIterable<readonly LibraryEntry[]>> {
    return openList(this.#deps.library, name, range);
  }

  count(name: ListName): Promise<number> {
    return this.#deps.library.count(name);
  }

  /** Refuses by AppError: document_unknown. */
  describe(accountId: string, documentId: string): Promise<LibraryEntry> {
    return this.#access.require(accountId, documentId, 'see');
  }

  /** Newest first. Refuses by AppError: document_unknown. */
  async versions(accountId: string, documentId: string): Promise<readonly Version[]> {
    await this.#access.require(accountId, documentId, 'see');
    return this.#deps.library.listVersions(documentId);
  }

  /** Refuses by AppError: document_unknown, permission_denied. */
  async shares(
    accountId: string,
    documentId: string,
  ): Promise<{ entry: LibraryEntry; shares: readonly Share[] }> {
    const entry = await this.#access.require(accountId, documentId, 'share');
    return { entry, shares: await this.#deps.shares.list(documentId) };
  }

  /**
   * The document, or an older version of it; without an account only what is public. Refuses by AppError:
   * document_unknown, permission_denied.
   */
  async read(accountId: string | null, documentId: string, versionText?: string): Promise<ReadDocument> {
    const entry = await this.#access.require(accountId, documentId, 'read');
    const number = versionText === undefined ? entry.document.version : parseVersion(versionText);
    const version =
      number === undefined ? undefined : await this.#deps.library.findVersion(documentId, number);
    if (!version) {
      throw new AppError('document_unknown', `The document has no version ${versionText}.`, {
        blame: { parameter: 'version' },
      });
    }
    const docx = await this.#deps.blobs.get(version.blob);
    if (!docx) throw new Error(`The blob ${version.blob} of document ${documentId} is missing.`);
    return { entry, version, docx };
  }

  /** The document as a file. Refuses by AppError: engine_missing, format_unsupported, busy. */
  async export({ entry, docx }: ReadDocument, format: ExportFormat): Promise<ExportedFile> {
    const file = { mediaType: mediaTypeOf(format), extension: format };
    const { exports } = this.#deps;
    switch (format) {
      case 'docx':
        return { ...file, bytes: docx };
      case 'txt':
      case 'html': {
        const { bytes, packaging } = await exports.exportAs(docx, format, entry.document.name);
        return packaging === 'plain'
          ? { ...file, bytes }
          : { bytes, mediaType: 'application/zip', extension: 'zip' };
      }
      case 'sxw':
        throw new AppError(
          'format_unsupported',
          'Files of the format sxw can be uploaded and no longer be made; download the document as odt.',
        );
      default:
        return { ...file, bytes: await exports.convert(docx, format, entry.document.name) };
    }
  }

  /** The document as one page; of a document with pictures the text, a paragraph for each line. */
  async html({ entry, docx }: ReadDocument): Promise<string> {
    const { name } = entry.document;
    const page = await this.#deps.exports.exportAs(docx, 'html', name);
    if (page.packaging === 'plain') return new TextDecoder().decode(page.bytes);
    const { bytes } = await this.#deps.exports.exportAs(docx, 'txt', name);
    const lines = new TextDecoder().decode(bytes).replace(/\n$/, '').split('\n');
    return `<html><body>${lines.map((line) => `<p>${escapeHtml(line)}</p>`).join('')}</body></html>`;
  }

  /** The person's tags, by how many documents have them. Refuses by AppError: range_unsatisfied. */
  async listTags(
    accountId: string,
    { from, limit, order }: Range & { order: 'asc' | 'desc' },
  ): Promise<readonly TagCount[]> {
    const tags = await this.#deps.tags.list(accountId, { order, skip: from - 1, limit });
    if (tags.length === 0 && from > 1) throw rangeUnsatisfied(from);
    return tags;
  }

  /** Tags the document for this person. Refuses by AppError: document_unknown, permission_denied. */
  async addTags(
    accountId: string,
    documentId: string,
    names: readonly string[],
  ): Promise<{ entry: LibraryEntry; tags: readonly string[] }> {
    const entry = await this.#access.require(accountId, documentId, 'tag');
    await this.#deps.tags.add(accountId, documentId, names);
    return { entry, tags: await this.#deps.tags.listOf(accountId, documentId) };
  }

  /** Takes tags away that the document has for this person; no error for others. */
  async removeTags(
    accountId: string,
    documentId: string,
    names: readonly string[],
  ): Promise<{ entry: LibraryEntry; tags: readonly string[] }> {
    const entry = await this.#access.require(accountId, documentId, 'tag');
    await this.#deps.tags.remove(accountId, documentId, names);
    return { entry, tags: await this.#deps.tags.listOf(accountId, documentId) };
  }
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
