import type { SequencedOperation } from '@officina/protocol';

/** Formats that an upload may have, by content. */
export type SourceFormat = 'docx' | 'doc' | 'odt' | 'rtf' | 'txt' | 'html' | 'sxw' | 'pdf';

export interface ImportedDocument {
  /** The docx that a save leaves untouched: the upload itself, or what was made from it. */
  original: Uint8Array;
  /** The bytes that every replica opens. */
  base: Uint8Array;
  warnings: readonly string[];
}

export interface BlankDefaults {
  orientation: 'portrait' | 'landscape';
  paperSize: string;
  fontName: string;
  fontSizePt: number;
  /** Millimetres. */
  marginsMm: { top: number; right: number; bottom: number; left: number };
  trackChanges: boolean;
  language: string | null;
  dateFormat: string | null;
}

/** What a caller may set in a document that it sends; null leaves the file's own setting alone. */
export interface ImportSettings {
  trackChanges: boolean | null;
  language: string | null;
}

/** What is needed to have a document at a sequence number. */
export interface DocumentHistory {
  original: Uint8Array;
  base: Uint8Array;
  /** A snapshot that already holds the operations up to its own sequence; null to start at the base. */
  snapshot: Uint8Array | null;
  /** Operations after the snapshot, or after the base, oldest first. */
  operations: readonly SequencedOperation[];
  /** The bytes that those operations name by their SHA-256. */
  attachments: ReadonlyMap<string, Uint8Array>;
}

/** Where in the log a snapshot stands: its sequence number, and each client's newest number up to there. */
export interface SnapshotPlace {
  sequence: number;
  newest: readonly (readonly [client: string, n: number])[];
}

export interface OperationRefusal {
  sequence: number;
  reason: string;
}

/**
 * The document core, run outside the event loop with limits on time and memory. Every method refuses by AppError:
 * `format_unsupported`, `media_type_mismatch`, `password_required`, `upload_too_large`, `busy`, `engine_missing`.
 */
export interface DocumentEngine {
  import(
    bytes: Uint8Array,
    options: { fileName: string | null; password?: string; settings?: ImportSettings },
  ): Promise<ImportedDocument>;
  /** A file as docx for those who hand it on: kept to the limits, but never opened by a replica, which costs twice as much. */
  toDocx(
    bytes: Uint8Array,
    options: { fileName: string | null; password?: string },
  ): Promise<{ docx: Uint8Array; warnings: readonly string[] }>;
  blank(defaults: BlankDefaults): Promise<ImportedDocument>;
  /** The docx at the last operation, with every untouched byte of `original` left alone. */
  build(
    history: DocumentHistory,
  ): Promise<{ bytes: Uint8Array; sequence: number; refusals: readonly OperationRefusal[] }>;
  /**
   * A snapshot at the last operation, and the digest that replicas at that sequence must have. With `as`, the same
   * document to go on from at another place of the log.
   */
  snapshot(
    history: DocumentHistory,
    as?: SnapshotPlace,
  ): Promise<{
    snapshot: Uint8Array;
    sequence: number;
    digest: string;
    refusals: readonly OperationRefusal[];
  }>;
  close(): Promise<void>;
}
