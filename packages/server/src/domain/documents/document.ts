import type { ImportSettings } from '../content/document-engine.js';
import type { Session } from '../sessions/session.js';
import type { CountedCall } from '../usage/usage-store.js';
import type { DocumentKey } from './document-key.js';

export type { DocumentKey };

export type DocumentKind = 'document' | 'merge_template' | 'fillable_template';

/** The editor that a document belongs to. */
export type DocumentFace = 'writer';

export interface Document {
  key: DocumentKey;
  face: DocumentFace;
  kind: DocumentKind;
  apiKeyId: string;
  /** The caller's id, or a generated one; among living documents unique per API key. */
  documentId: string;
  /** Display name as the caller gave it, so possibly with an extension. */
  name: string;
  /** True while the file is protected and nobody has typed its password: both blobs are then the upload itself. */
  locked: boolean;
  /** What the caller set in the file, which can only be written into it once its password is typed; else null. */
  settingsAtUnlock: ImportSettings | null;
  createdAt: number;
  /** Latest expiry of its sessions. */
  expiresAt: number;
  state: 'living' | 'deleted' | 'expired';
  /** When `state` left `living`. */
  endedAt: number | null;
  /** When the content of an ended life may be removed for good; null while it lives and once its content is gone. */
  purgeAt: number | null;
  /** SHA-256 of the file as it was received, or null for a blank document. */
  importedSha256: string | null;
  /** Blob of the docx as received (or made): what a save leaves untouched. */
  originalBlob: string;
  /** Blob of version 0 as every replica opens it: the original with paragraph identities. */
  baseBlob: string;
  /** Highest sequence number that has been saved and confirmed by the application. */
  deliveredSequence: number;
}

export interface DocumentStore {
  find(key: DocumentKey): Promise<Document | undefined>;
  /** The newest life of the caller's id, living or ended: an id is remembered for ever, its content is not. */
  findById(apiKeyId: string, documentId: string): Promise<Document | undefined>;
  /**
   * Adds a document, and with it its first session and the call that opened it, in one transaction. Returns the month's
   * new count of calls, 0 without a call. Refuses a second living document of the same API key and id with a plain Error.
   */
  add(document: Document, first?: Session, call?: CountedCall): Promise<number>;
  /**
   * Begins another life of a caller's id, in one transaction: the former life ends as `expired` with those of its living
   * sessions that were opened, its other living sessions go over to the new life, and the new life is added.
   * Returns the ids of the sessions that it ended. Refuses with a plain Error when the former life no longer lives.
   */
  replace(
    former: DocumentKey,
    document: Document,
    ended: { at: number; purgeAt: number },
  ): Promise<readonly string[]>;
  update(key: DocumentKey, change: Partial<Omit<Document, 'key' | 'apiKeyId'>>): Promise<void>;
  /** Living documents whose `expiresAt` is not after `now`, oldest first, at most `limit`. */
  listExpired(now: number, limit: number): Promise<readonly Document[]>;
  /** Ended documents whose `purgeAt` is not after `now`, oldest first, at most `limit`. */
  listPurgeable(now: number, limit: number): Promise<readonly Document[]>;
  /** Forgets the row of one life. */
  remove(key: DocumentKey): Promise<void>;
}
