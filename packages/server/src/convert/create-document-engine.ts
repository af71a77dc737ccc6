import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { ReviewTraces } from '@officina/engine/writer';
import { AppError } from '@officina/protocol';
import type { DocumentComparer } from '../domain/content/document-comparer.js';
import type {
  BlankDefaults,
  DocumentEngine,
  DocumentHistory,
  ImportedDocument,
  ImportSettings,
  SnapshotPlace,
} from '../domain/content/document-engine.js';
import { ReplicaFault } from '../domain/content/document-snapshots.js';
import type { Clock, Scheduler } from '../domain/time.js';
import { ChildRunner } from './child-runner.js';
import type { ExportFormat, ForeignFormat, Job, JobAnswer } from './jobs.js';
import { RunnerFault } from './runner.js';
import { RunnerPool } from './runner-pool.js';
import { ThreadRunner } from './thread-runner.js';

/** Makes a docx of what the engine does not read itself. Refuses by AppError, `password_wrong` among others. */
export interface ForeignConverter {
  readonly formats: ReadonlySet<ForeignFormat>;
  toDocx(bytes: Uint8Array, format: ForeignFormat, password: string | null): Promise<Uint8Array>;
}

/** Makes pages and texts of a docx, without anything else on the machine. */
export interface PageExporter {
  /** A page with pictures comes as a zip of both. Refuses by AppError. */
  exportAs(
    docx: Uint8Array,
    format: ExportFormat,
    title: string,
    traces?: ReviewTraces,
  ): Promise<{ bytes: Uint8Array; packaging: 'plain' | 'zip' }>;
}

export interface DocumentEngineOptions {
  clock: Clock;
  scheduler: Scheduler;
  /** Uploads beyond are refused before anything is read. */
  maxUploadBytes: number;
  foreignConverter?: ForeignConverter;
  limits?: Partial<EngineLimits>;
  /** Built scripts that run in the child process and in the thread; tests put their own here. */
  scripts?: Partial<{ importChild: string; replayThread: string }>;
}

export interface EngineLimits {
  importHeapBytes: number;
  importResidentBytes: number;
  importTimeMs: number;
  replayHeapBytes: number;
  replayTimeMs: number;
  /** Child processes, and threads, at one time. */
  runners: number;
  queueLimit: number;
  idleStopMs: number;
}

const MEGABYTE = 1024 * 1024;

/** Enough for the largest documents that the engine's own limits let through, and still bearable on a small machine. */
const DEFAULT_LIMITS: EngineLimits = {
  importHeapBytes: 1024 * MEGABYTE,
  importResidentBytes: 1536 * MEGABYTE,
  importTimeMs: 60_000,
  replayHeapBytes: 1024 * MEGABYTE,
  replayTimeMs: 300_000,
  runners: Math.max(1, Math.min(4, availableParallelism() - 1)),
  queueLimit: 64,
  idleStopMs: 30_000,
};

/** A base is the file rebuilt, and what is made from text is larger than the text. */
const ANSWER_PER_UPLOAD = 8;
/** Blank documents with equal defaults are equal; callers use few different ones. */
const BLANKS_KEPT = 32;

const FORMAT_NAMES: Readonly<Record<ForeignFormat, string>> = {
  doc: 'Word 97–2003 (doc)',
  odt: 'OpenDocument text (odt)',
  rtf: 'RTF',
  sxw: 'OpenOffice.org 1 text (sxw)',
  pdf: 'PDF',
  'encrypted-docx': 'encrypted docx',
};

/** The document core in processes and threads of its own. Rules RO50 to RO57. */
export function createDocumentEngine(
  options: DocumentEngineOptions,
): DocumentEngine & PageExporter & DocumentComparer {
  return new PooledEngine(options);
}

class PooledEngine implements DocumentEngine, PageExporter, DocumentComparer {
  readonly #options: DocumentEngineOptions;
  readonly #imports: RunnerPool;
  readonly #replays: RunnerPool;
  readonly #blanks = new Map<string, ImportedDocument>();

  constructor(options: DocumentEngineOptions) {
    this.#options = options;
    const limits = { ...DEFAULT_LIMITS, ...options.limits };
    const { clock, scheduler, maxUploadBytes } = options;
    const shared = {
      ...{ clock, scheduler, most: limits.runners },
      ...{ queueLimit: limits.queueLimit, idleStopMs: limits.idleStopMs },
    };
    const child = options.scripts?.importChild ?? builtScript('import-child.js');
    const thread = options.scripts?.replayThread ?? builtScript('replay-thread.js');
    this.#imports = new RunnerPool({
      ...shared,
      timeLimitMs: limits.importTimeMs,
      start: () =>
        new ChildRunner(child, {
          heapBytes: limits.importHeapBytes,
          residentBytes: limits.importResidentBytes,
          answerBytes: maxUploadBytes * ANSWER_PER_UPLOAD,
        }),
    });
    this.#replays = new RunnerPool({
      ...shared,
      timeLimitMs: limits.replayTimeMs,
      start: () => new ThreadRunner(thread, { heapBytes: limits.replayHeapBytes }),
    });
  }

  async import(
    bytes: Uint8Array,
    {
      fileName,
      password,
      settings,
    }: { fileName: string | null; password?: string; settings?: ImportSettings },
  ): Promise<ImportedDocument> {
    this.#refuseTooLarge(bytes);
    const { answer, blobs } = await this.#read(bytes, fileName, settings);
    if (answer.kind === 'imported') return imported(bytes, answer.warnings, blobs);
    if (answer.kind !== 'foreign') throw unexpected(answer);
    const docx = await this.#convert(blobs[0] ?? bytes, answer.format, password ?? null);
    const converted = await this.#read(docx, null, settings);
    if (converted.answer.kind !== 'imported') throw unexpected(converted.answer);
    return imported(docx, [...answer.warnings, ...converted.answer.warnings], converted.blobs);
  }

  async toDocx(
    bytes: Uint8Array,
    { fileName, password }: { fileName: string | null; password?: string },
  ): ReturnType<DocumentEngine['toDocx']> {
    this.#refuseTooLarge(bytes);
    const { answer, blobs } = await this.#runImport({ kind: 'vet', fileName }, bytes);
    if (answer.kind === 'vetted') return { docx: blobs[0] ?? bytes, warnings: answer.warnings };
    if (answer.kind !== 'foreign') throw unexpected(answer);
    const docx = await this.#convert(blobs[0] ?? bytes, answer.format, password ?? null);
    const converted = await this.#runImport({ kind: 'vet', fileName: null }, docx);
    if (converted.answer.kind !== 'vetted') throw unexpected(converted.answer);
    return { docx, warnings: [...answer.warnings, ...converted.answer.warnings] };
  }

  async blank(defaults: BlankDefaults): Promise<ImportedDocument> {
    const key = JSON.stringify(defaults);
    const known = this.#blanks.get(key);
    if (known) return known;
    const { answer, blobs } = await this.#replay({ kind: 'blank', defaults }, []);
    const [base, original] = blobs;
    if (answer.kind !== 'imported' || !base || !original) throw unexpected(answer);
    const blank = { original, base, warnings: answer.warnings };
    if (this.#blanks.size >= BLANKS_KEPT) this.#blanks.clear();
    this.#blanks.set(key, blank);
    return blank;
  }

  async build(history: DocumentHistory): ReturnType<DocumentEngine['build']> {
    const { answer, blobs } = await this.#replay(...replayOf('build', history));
    const [bytes] = blobs;
    if (answer.kind !== 'built' || !bytes) throw unexpected(answer);
    return { bytes, sequence: answer.sequence, refusals: answer.refusals };
  }

  async snapshot(history: DocumentHistory, as?: SnapshotPlace): ReturnType<DocumentEngine['snapshot']> {
    const { answer, blobs } = await this.#replay(...replayOf('snapshot', history, as));
    const [snapshot] = blobs;
    if (answer.kind !== 'snapshot' || !snapshot) throw unexpected(answer);
    const { sequence, digest, refusals } = answer;
    return { snapshot, sequence, digest, refusals };
  }

  async exportAs(
    docx: Uint8Array,
    format: ExportFormat,
    title: string,
    traces: ReviewTraces = AS_THEY_ARE,
  ): ReturnType<PageExporter['exportAs']> {
    const { answer, blobs } = await this.#runImport({ kind: 'export', format, title, traces }, docx);
    const [bytes] = blobs;
    if (answer.kind !== 'exported' || !bytes) throw unexpected(answer);
    return { bytes, packaging: answer.packaging };
  }

  async compare(before: Uint8Array, after: Uint8Array): Promise<Uint8Array> {
    const { answer, blobs } = await this.#runImport({ kind: 'compare' }, before, after);
    const [json] = blobs;
    if (answer.kind !== 'compared' || !json) throw unexpected(answer);
    return json;
  }

  async close(): Promise<void> {
    this.#imports.close();
    this.#replays.close();
  }

  #refuseTooLarge(bytes: Uint8Array): void {
    const { maxUploadBytes } = this.#options;
    if (bytes.byteLength <= maxUploadBytes) return;
    throw new AppError(
      'upload_too_large',
      `The file has ${bytes.byteLength} bytes; this server accepts up to ${maxUploadBytes}.`,
    );
  }

  async #convert(bytes: Uint8Array, format: ForeignFormat, password: string | null): Promise<Uint8Array> {
    const { foreignConverter } = this.#options;
    if (foreignConverter?.formats.has(format)) {
      const docx = await foreignConverter.toDocx(bytes, format, password);
      this.#refuseTooLarge(docx);
      return docx;
    }
    if (format === 'encrypted-docx') {
      throw new AppError(
        'password_required',
        'The document is protected by a password; this server opens only documents without one.',
      );
    }
    throw new AppError(
      'format_unsupported',
      `The file is ${FORMAT_NAMES[format]}; this server reads docx, html and txt.`,
    );
  }

  #read(bytes: Uint8Array, fileName: string | null, settings: ImportSettings | undefined): Promise<Answered> {
    const job: Job = { kind: 'import', fileName, ...(settings && { settings }) };
    return this.#runImport(job, bytes);
  }

  async #runImport(job: Job, ...blobs: readonly Uint8Array[]): Promise<Answered> {
    try {
      return answered(await this.#imports.run({ header: job, blobs }));
    } catch (error) {
      if (!(error instanceof RunnerFault)) throw error;
      throw IMPORT_FAULTS[error.why](error);
    }
  }

  async #replay(job: Job, blobs: readonly Uint8Array[]): Promise<Answered> {
    try {
      return answered(await this.#replays.run({ header: job, blobs }));
    } catch (error) {
      if (!(error instanceof RunnerFault) || error.why === 'crashed') throw error;
      throw new AppError('busy', error.message, { cause: error, retryAfterSeconds: 30 });
    }
  }
}

const AS_THEY_ARE: ReviewTraces = { changes: 'keep', comments: 'keep' };

interface Answered {
  answer: JobAnswer;
  blobs: readonly Uint8Array[];
}

/** A file that breaks its process is at fault: nothing else was in there. */
const IMPORT_FAULTS: Readonly<Record<RunnerFault['why'], (fault: RunnerFault) => AppError>> = {
  crashed: (cause) => new AppError('format_unsupported', 'The file could not be read.', { cause }),
  memory: (cause) =>
    new AppError('upload_too_large', 'The document needs more memory to open than this server gives.', {
      cause,
    }),
  time: (cause) =>
    new AppError('upload_too_large', 'The document takes longer to open than this server waits.', { cause }),
};

function answered({ header, blobs }: { header: unknown; blobs: readonly Uint8Array[] }): Answered {
  const answer = header as JobAnswer;
  if (answer.kind === 'refused') throw new AppError(answer.code, answer.message);
  if (answer.kind === 'fault') {
    const cause = new Error(answer.message);
    cause.stack = answer.stack;
    throw new ReplicaFault(
      `The replica broke at ${answer.sequence}: ${answer.message}`,
      answer.sequence,
      cause,
    );
  }
  return { answer, blobs };
}

/** Blobs of an import: the base, and the original when the engine made it. */
function imported(
  file: Uint8Array,
  warnings: readonly string[],
  [base, made]: readonly Uint8Array[],
): ImportedDocument {
  if (!base) throw new Error('An import gave no document.');
  return { original: made ?? file, base, warnings };
}

function replayOf(
  kind: 'build' | 'snapshot',
  history: DocumentHistory,
  as?: SnapshotPlace,
): [Job, readonly Uint8Array[]] {
  const { original, base, snapshot, operations, attachments } = history;
  const blobs = [original, base, ...(snapshot ? [snapshot] : []), ...attachments.values()];
  return [
    {
      kind,
      hasSnapshot: snapshot !== null,
      operations,
      attachments: [...attachments.keys()],
      ...(as && { as }),
    },
    blobs,
  ];
}

function unexpected(answer: JobAnswer): Error {
  return new Error(`The engine answered “${answer.kind}” to another question.`);
}

/** Runners always run built files; this module stands in `src/convert` or in `dist/convert`. */
function builtScript(name: string): string {
  return fileURLToPath(new URL(`../../dist/convert/${name}`, import.meta.url));
}
