import { AppError, type Blame } from '@officina/protocol';
import type { DocumentEngine, ImportSettings } from '../content/document-engine.js';
import type { DocumentFetcher, EgressPolicy } from '../saving/deliverer.js';
import { sha256Of } from './blob-keeper.js';
import type { Source } from './opening.js';

export interface FileImportDeps {
  engine: Pick<DocumentEngine, 'import'>;
  fetcher: DocumentFetcher;
  egress: EgressPolicy;
  /** Whether the session's page can ask a person for a file's password; else a protected file is refused. */
  asksForPasswords?: boolean;
}

export interface ReceivedFile {
  bytes: Uint8Array;
  fileName: string | null;
  sha256: string;
  /** The parameter that it came by. */
  parameter: 'document' | 'url';
}

export interface ImportedFile {
  original: Uint8Array;
  base: Uint8Array;
  sha256: string;
  /** The file waits for its password. */
  locked: boolean;
  warnings: readonly string[];
}

/** Brings the caller's file in: fetched where it is named by URL, and made a document outside the event loop. */
export class FileImport {
  readonly #deps: FileImportDeps;

  constructor(deps: FileImportDeps) {
    this.#deps = deps;
  }

  /** The file itself. Refuses by AppError, blaming `document` or `url`. */
  async receive(source: Source, egressAllow: readonly string[]): Promise<ReceivedFile> {
    if (source.from === 'upload') return { ...source, parameter: 'document' };
    const refusal = await this.#deps.egress.refusal(source.url, egressAllow);
    if (refusal) throw new AppError('egress_refused', refusal, { blame: { parameter: 'url' } });
    const { bytes, fileName } = await blaming(
      { parameter: 'url' },
      this.#deps.fetcher.fetch(source.url, egressAllow),
    );
    return { bytes, fileName, sha256: await sha256Of(bytes), parameter: 'url' };
  }

  /** The document made of it. A protected file is taken in as it is, if its password can be asked later. */
  async import(file: ReceivedFile, settings: ImportSettings): Promise<ImportedFile> {
    const { bytes, fileName, sha256 } = file;
    try {
      const imported = await blaming(
        { parameter: file.parameter },
        this.#deps.engine.import(bytes, { fileName, settings }),
      );
      return { ...imported, sha256, locked: false };
    } catch (error) {
      const isProtected = error instanceof AppError && error.code === 'password_required';
      if (!isProtected || !this.#deps.asksForPasswords) throw error;
      return { original: bytes, base: bytes, sha256, locked: true, warnings: [] };
    }
  }
}

/** Names the parameter to blame in refusals that could not know it. */
async function blaming<T>(blame: Blame, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof AppError) || error.blame.parameter) throw error;
    const { message, retryAfterSeconds: seconds } = error;
    throw new AppError(error.code, message, {
      blame: { ...error.blame, ...blame },
      ...(seconds === undefined ? {} : { retryAfterSeconds: seconds }),
      cause: error,
    });
  }
}
