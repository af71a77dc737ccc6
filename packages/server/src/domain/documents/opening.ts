import type { Permissions } from '@officina/protocol';
import type { BlankDefaults, ImportSettings } from '../content/document-engine.js';
import type { ApiKey } from '../keys/api-key.js';
import type { CallbackSettings } from '../saving/callback-settings.js';
import type { Session } from '../sessions/session.js';
import type { Document, DocumentKind } from './document.js';

/** Where the file of an opening comes from. */
export type Source =
  | { from: 'upload'; bytes: Uint8Array; fileName: string | null; sha256: string }
  | { from: 'url'; url: string };

/** What the caller wishes for the session that the call makes. */
export interface SessionWish {
  /** Null: a guest, who gets an id of their own. */
  userId: string | null;
  displayName: string;
  permissions: Permissions;
  callback: CallbackSettings | null;
  interfaceLanguage: string;
  unit: Session['unit'];
  view: Session['view'];
  ui: Session['ui'];
}

/** One call that opens a document for editing. */
export interface EditingWish {
  apiKey: ApiKey;
  kind: DocumentKind;
  /** Null: a document with an id of its own. */
  documentId: string | null;
  /** Null: the name that the id's former life had, else `Untitled`. */
  name: string | null;
  source: Source | null;
  /** For a new document without a file. */
  defaults: BlankDefaults;
  /** For a file that is sent. */
  settings: ImportSettings;
  session: SessionWish;
}

/** One call that opens a file for reading. */
export interface ReadingWish {
  apiKey: ApiKey;
  /** Null: `Untitled`. */
  name: string | null;
  source: Source;
  session: SessionWish;
}

/** What became of the document that the call named. */
export type Outcome = 'created' | 'joined' | 'reimported' | 'conflict';

export interface OpenedDocument {
  document: Document;
  session: Session;
  outcome: Outcome;
  /** What was odd about the file. */
  warnings: readonly string[];
}
