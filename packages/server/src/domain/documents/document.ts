/** Internal name of one *life* of a document: importing the caller's id afresh begins another life with another key. */
export type DocumentKey = string;

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
  /** Display name without extension. */
  name: string;
  createdAt: number;
  /** Latest expiry of its sessions. */
  expiresAt: number;
  state: 'living' | 'deleted' | 'expired';
  /** When `state` left `living`. */
  endedAt: number | null;
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
  /** The newest life of the caller's id, living or ended. */
  findById(apiKeyId: string, documentId: string): Promise<Document | undefined>;
  add(document: Document): Promise<void>;
  update(key: DocumentKey, change: Partial<Omit<Document, 'key' | 'apiKeyId'>>): Promise<void>;
  /** Living documents whose `expiresAt` is not after `now`, oldest first, at most `limit`. */
  listExpired(now: number, limit: number): Promise<readonly Document[]>;
  /** Forgets the row of one life. */
  remove(key: DocumentKey): Promise<void>;
}
