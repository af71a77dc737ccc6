import { AppError, type Blame } from '@officina/protocol';
import type { DocumentEngine } from '../content/document-engine.js';
import type { FileImport } from '../documents/file-import.js';
import type { Source } from '../documents/opening.js';
import type { ApiKey } from '../keys/api-key.js';
import type { Usage } from '../usage/usage.js';
import { type FormatMaker, mediaTypeOf, type OutputFormat, type ReviewOptions } from './format-maker.js';

export interface ConversionDeps {
  files: Pick<FileImport, 'receive'>;
  engine: Pick<DocumentEngine, 'toDocx'>;
  maker: FormatMaker;
  usage: Usage;
}

/** One call that turns a file into another format. */
export interface ConversionWish extends ReviewOptions {
  apiKey: ApiKey;
  source: Source;
  /** Opens the file that is sent, when it is protected. */
  password: string | null;
  format: OutputFormat;
  /** Null: the name of the file that is sent. */
  name: string | null;
  /** Protects the file that is made. */
  outputPassword: string | null;
}

export interface ConvertedFile {
  bytes: Uint8Array;
  fileName: string;
  mediaType: string;
  warnings: readonly string[];
}

const DEFAULT_NAME = 'Untitled';
const EXTENSION = /\.(docx|docm|dotx|doc|odt|rtf|txt|x?html?|pdf|zdoc|zfdoc|sxw|zip)$/i;

/** Turns files into other formats; nothing of them is kept. Rules FO30 to FO35. */
export class Conversion {
  readonly #deps: ConversionDeps;

  constructor(deps: ConversionDeps) {
    this.#deps = deps;
  }

  /** Refuses by AppError what cannot be read or made, naming the parameter to blame. */
  async convert(wish: ConversionWish): Promise<ConvertedFile> {
    const { apiKey, source, format } = wish;
    await this.#deps.usage.admit(apiKey);
    const file = await this.#deps.files.receive(source, apiKey.egressAllow);
    const { docx, warnings } = await blaming(
      (error) => ({ parameter: PASSWORD_CODES.has(error.code) ? 'password' : file.parameter }),
      this.#deps.engine.toDocx(file.bytes, {
        fileName: file.fileName,
        ...(wish.password === null ? {} : { password: wish.password }),
      }),
    );
    const title = (wish.name ?? file.fileName ?? DEFAULT_NAME).trim().replace(EXTENSION, '') || DEFAULT_NAME;
    const made = await blaming(
      () => ({ parameter: 'output_options', key: 'format' }),
      this.#deps.maker.make(docx, format, {
        ...{ title, password: wish.outputPassword },
        ...{ changes: wish.changes, comments: wish.comments },
      }),
    );
    await this.#deps.usage.countCall(apiKey);
    return {
      bytes: made.bytes,
      fileName: `${title}.${made.packaging === 'zip' ? 'zip' : format}`,
      mediaType: mediaTypeOf(format, made.packaging),
      warnings,
    };
  }
}

const PASSWORD_CODES: ReadonlySet<string> = new Set(['password_required', 'password_wrong']);

/** Names what is to blame in refusals that could not know it. */
async function blaming<T>(blameOf: (error: AppError) => Blame, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof AppError) || error.blame.parameter) throw error;
    // A server that lacks a part or is busy is not the caller's fault.
    const blame = error.code === 'busy' ? {} : blameOf(error);
    const seconds = error.retryAfterSeconds;
    throw new AppError(error.code, error.message, {
      ...{ blame, cause: error },
      ...(seconds === undefined ? {} : { retryAfterSeconds: seconds }),
    });
  }
}
