import type { ReviewTraces } from '@officina/engine/writer';
import type { ErrorCode, SequencedOperation } from '@officina/protocol';
import type {
  BlankDefaults,
  ImportSettings,
  OperationRefusal,
  SnapshotPlace,
} from '../domain/content/document-engine.js';

/** What a runner is asked; the bytes come beside it, in the order that each kind names. */
export type Job =
  /** Blobs: the file. */
  | { kind: 'import'; fileName: string | null; settings?: ImportSettings }
  /** Blobs: the file. */
  | { kind: 'vet'; fileName: string | null }
  /** Blobs: the docx. */
  | { kind: 'export'; format: ExportFormat; title: string; traces: ReviewTraces }
  /** Blobs: two docx, the earlier one first. */
  | { kind: 'compare' }
  | { kind: 'blank'; defaults: BlankDefaults }
  /** Blobs: original, base, the snapshot when there is one, and the attachments. */
  | {
      kind: 'build' | 'snapshot';
      hasSnapshot: boolean;
      operations: readonly SequencedOperation[];
      /** Names of the attachments, in the order of their blobs. */
      attachments: readonly string[];
      /** Where the snapshot is to stand; without it, where the operations end. */
      as?: SnapshotPlace;
    };

/** What our own code makes of a docx. */
export type ExportFormat = 'docx' | 'html' | 'txt' | 'zip' | 'svg';

/** What a runner answers. */
export type JobAnswer =
  /** Blobs: base, and the original unless it is the file itself. */
  | { kind: 'imported'; warnings: readonly string[] }
  /** Blobs: the docx unless it is the file itself. */
  | { kind: 'vetted'; warnings: readonly string[] }
  /** The file is of a format that the engine does not read itself. Blobs: what is to be read in its stead, if anything. */
  | { kind: 'foreign'; format: ForeignFormat; warnings: readonly string[] }
  /** Blobs: the file, which is a zip when a page has pictures. */
  | { kind: 'exported'; packaging: 'plain' | 'zip' }
  /** Blobs: the engine's Comparison as JSON. */
  | { kind: 'compared' }
  /** Blobs: the docx. */
  | { kind: 'built'; sequence: number; refusals: readonly OperationRefusal[] }
  /** Blobs: the snapshot. */
  | { kind: 'snapshot'; sequence: number; digest: string; refusals: readonly OperationRefusal[] }
  | { kind: 'refused'; code: ErrorCode; message: string }
  /** The replica threw where it should have executed or refused. */
  | { kind: 'fault'; message: string; stack: string; sequence: number | null };

export type ForeignFormat = 'doc' | 'odt' | 'rtf' | 'sxw' | 'pdf' | 'encrypted-docx';
