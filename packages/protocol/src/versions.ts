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
  /** What it is called where that is not its number: versions of library documents are `n.m`. */
  label?: string;
  /** The state of the document that it holds, as its place in the log of edits. */
  sequence: number;
  savedAt: number;
  /** Display name of who asked for it; null when nobody did. */
  by: string | null;
  reason: 'user' | 'leave' | 'expiry' | 'api' | 'interval';
  delivery: VersionDelivery;
  /** Paths of the page that shows it and of its docx; the latter is null where the session may not export. */
  pagePath: string;
  downloadPath: string | null;
}

/** A state of a document that nobody saved, and that is kept all the same. */
export interface DocumentState {
  sequence: number;
  at: number;
  /**
   * `opened`: as the document came. `between`: one of those that are kept between saves. `restored`: people went back
   * here. `before_restore`: what was there until then.
   */
  kind: 'opened' | 'between' | 'restored' | 'before_restore';
  /** Display names of those who had edited since the state before; of the one who went back. */
  people: readonly string[];
  /** What was taken up again; for `restored` only. */
  from?: RestoredFrom;
  pagePath: string;
  downloadPath: string | null;
}

export interface RestoredFrom {
  /** Null where that state had not been saved. */
  version: number | null;
  at: number;
}

/** Names a version by its number, or a state by its place in the log. */
export type VersionName = { version: number } | { sequence: number };

/** The answer of `…/documents/{sessionId}/versions`, newest first. */
export interface DocumentVersions {
  versions: readonly DocumentVersion[];
  states: readonly DocumentState[];
  /** When the document is saved without anybody's asking. */
  automatic: { onLeave: boolean; everyMinutes: number | null };
}
