import { AppError } from '@officina/protocol';
import type { Clock, Scheduler } from '../../domain/time.js';
import type { ForeignConverter } from '../create-document-engine.js';
import type { ForeignFormat } from '../jobs.js';
import type { Parcel } from '../parcel.js';
import { type Runner, RunnerFault } from '../runner.js';
import { RunnerPool } from '../runner-pool.js';
import type { OfficeSearch } from './installation.js';
import { looksProtected } from './looks-protected.js';
import { type OfficeAnswer, type OfficeJob, type OfficeLimits, OfficeRunner } from './office-runner.js';

/** Formats that LibreOffice makes of a docx. */
export type OfficeTarget = 'pdf' | 'odt' | 'rtf' | 'doc';

export interface OfficeConverterOptions {
  search: OfficeSearch;
  /** Folder of the fonts that we ship, or null. */
  fonts: string | null;
  clock: Clock;
  scheduler: Scheduler;
  maxUploadBytes: number;
  /** LibreOffices at one time. */
  workers: number;
  limits?: Partial<OfficeLimits & { timeMs: number; queue: number; idleStopMs: number }>;
  /** Tests put their own here. */
  start?: () => Runner & { readonly isSpent?: boolean };
}

const MEGABYTE = 1024 * 1024;
const DEFAULT_LIMITS = {
  residentBytes: 1536 * MEGABYTE,
  restingBytes: 600 * MEGABYTE,
  jobs: 200,
  timeMs: 90_000,
  cpuMs: 60_000,
  queue: 64,
  /** An idle LibreOffice keeps some 150 MB. */
  idleStopMs: 10 * 60_000,
};
const ANSWER_PER_UPLOAD = 4;

const WRITERS: Readonly<Record<OfficeTarget | 'docx', string>> = {
  docx: 'MS Word 2007 XML',
  pdf: 'writer_pdf_Export',
  odt: 'writer8',
  rtf: 'Rich Text Format',
  doc: 'MS Word 97',
};

/** Everything that needs LibreOffice. Rules FO20 to FO29. */
export class OfficeConverter implements ForeignConverter {
  readonly formats: ReadonlySet<ForeignFormat> = new Set(['doc', 'odt', 'rtf', 'sxw', 'pdf']);
  readonly #options: OfficeConverterOptions;
  readonly #limits: typeof DEFAULT_LIMITS;
  readonly #pool: RunnerPool;
  #isClosed = false;

  constructor(options: OfficeConverterOptions) {
    this.#options = options;
    this.#limits = { ...DEFAULT_LIMITS, ...options.limits };
    const { clock, scheduler, workers } = options;
    this.#pool = new RunnerPool({
      ...{ clock, scheduler, most: workers, start: () => this.#start() },
      ...{ queueLimit: this.#limits.queue, timeLimitMs: this.#limits.timeMs },
      idleStopMs: this.#limits.idleStopMs,
    });
  }

  /** LibreOffices that run now. */
  get size(): number {
    return this.#pool.size;
  }

  /** Refuses by AppError: format_unsupported, password_required, password_wrong, upload_too_large, busy, engine_missing. */
  async toDocx(bytes: Uint8Array, format: ForeignFormat, password: string | null): Promise<Uint8Array> {
    const { search } = this.#options;
    if (format === 'pdf' && search.found && !search.installation.readsPdf) {
      throw missing('The file is a PDF', 'LibreOffice Draw', 'apt-get install libreoffice-draw-nogui');
    }
    const readAs = format === 'pdf' ? { readAs: 'writer_pdf_import' } : {};
    const job: OfficeJob = {
      ...{ source: format, target: 'docx', writeAs: WRITERS.docx, ...readAs },
      ...(password === null ? {} : { password }),
    };
    const { answer, file } = await this.#convert(job, bytes, `The file is of the format ${format}`);
    if (file) return file;
    if (looksProtected(bytes, format)) {
      throw password === null
        ? new AppError('password_required', 'The document is protected by a password.')
        : new AppError('password_wrong', 'The password does not open the document.');
    }
    throw new AppError('format_unsupported', `The file cannot be opened: ${wordsOf(answer)}.`);
  }

  /** Refuses by AppError: engine_missing, busy, upload_too_large, format_unsupported. */
  async fromDocx(
    docx: Uint8Array,
    format: OfficeTarget,
    options: { password?: string } = {},
  ): Promise<Uint8Array> {
    const job: OfficeJob = {
      // What it is, is known: LibreOffice need not try one filter after the other.
      ...{ source: 'docx', target: format, readAs: WRITERS.docx, writeAs: WRITERS[format] },
      ...(format === 'pdf' ? { filterData: pdfSettings(options.password) } : {}),
    };
    const { answer, file } = await this.#convert(job, docx, `The format ${format} was asked for`);
    if (file) return file;
    throw new AppError('format_unsupported', `The document cannot be made ${format}: ${wordsOf(answer)}.`);
  }

  close(): void {
    this.#isClosed = true;
    this.#pool.close();
  }

  async #convert(
    job: OfficeJob,
    bytes: Uint8Array,
    occasion: string,
  ): Promise<{ answer: OfficeAnswer; file: Uint8Array | undefined }> {
    const { search } = this.#options;
    if (!search.found && !this.#options.start) throw missing(occasion, search.missing, search.install);
    const parcel: Parcel = { header: job, blobs: [bytes] };
    try {
      const { header, blobs } = await this.#run(parcel);
      return { answer: header as OfficeAnswer, file: blobs[0] };
    } catch (error) {
      if (!(error instanceof RunnerFault)) throw error;
      throw FAULTS[error.why](error);
    }
  }

  /** A file that broke a worker gets a fresh one to itself: the breach may have been the work of the file before. */
  async #run(parcel: Parcel): Promise<Parcel> {
    try {
      return await this.#pool.run(parcel);
    } catch (error) {
      // A worker that ended with the server must have no successor: nobody would be left to end that one.
      if (!(error instanceof RunnerFault) || error.why !== 'crashed' || this.#isClosed) throw error;
    }
    const { clock, scheduler } = this.#options;
    const runner = this.#start();
    const cancel = scheduler.schedule(clock() + this.#limits.timeMs, () => runner.stop());
    try {
      return await runner.run(parcel);
    } finally {
      cancel();
      runner.stop();
    }
  }

  #start(): Runner {
    const { search, fonts, maxUploadBytes, start } = this.#options;
    if (start) return start();
    if (!search.found) throw new Error('LibreOffice is not there.');
    const limits = { ...this.#limits, answerBytes: maxUploadBytes * ANSWER_PER_UPLOAD };
    return new OfficeRunner(search.installation, fonts, limits);
  }
}

const FAULTS: Readonly<Record<RunnerFault['why'], (fault: RunnerFault) => AppError>> = {
  crashed: (cause) => new AppError('format_unsupported', 'LibreOffice broke twice over the file.', { cause }),
  memory: (cause) =>
    new AppError('upload_too_large', 'The document needs more memory to convert than this server gives.', {
      cause,
    }),
  time: (cause) =>
    new AppError('upload_too_large', 'The document takes longer to convert than this server waits.', {
      cause,
    }),
};

function missing(occasion: string, part: string, install: string): AppError {
  return new AppError(
    'engine_missing',
    `${occasion}, which needs ${part} on the server. It is installed by: ${install}.`,
  );
}

function pdfSettings(password: string | undefined): Record<string, boolean | string> {
  const plain = { ExportBookmarks: true, ExportNotes: true, UseTaggedPDF: true };
  return password === undefined ? plain : { ...plain, EncryptFile: true, DocumentOpenPassword: password };
}

function wordsOf(answer: OfficeAnswer): string {
  return answer.ok ? 'LibreOffice gave no file' : answer.message.replace(/\.$/, '');
}
