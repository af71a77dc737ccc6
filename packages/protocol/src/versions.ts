/** How far a version has come on its way to the application. */
export type VersionDelivery =
  | { state: 'sending' }
  | { state: 'waiting'; nextAttemptAt: number; message: string }
  | { state: 'delivered'; at: number; message: string }
  /** A newer version took its place before it was sent. */
  | { state: 'superseded' }
  | { state: 'undelivered'; message: string }
  /** Not sent, since that would have overwritten what came later. */
  | { state: 'conflict'; message: string };

/** One saved state of a document. */
export interface DocumentVersion {
  /** Counts the saves of the document, from 1. */
  number: number;
  savedAt: number;
  /** Display name of who asked for it; null when nobody did. */
  by: string | null;
  reason: 'user' | 'leave' | 'expiry' | 'api' | 'interval';
  delivery: VersionDelivery;
  /** Paths of the page that shows it and of its docx; the latter is null where the session may not export. */
  pagePath: string;
  downloadPath: string | null;
}

/** The answer of `…/documents/{sessionId}/versions`, newest first. */
export interface DocumentVersions {
  versions: readonly DocumentVersion[];
  /** When the document is saved without anybody's asking. */
  automatic: { onLeave: boolean; everyMinutes: number | null };
}
