import type { Permissions } from '@officina/protocol';
import type { DocumentKey } from '../documents/document-key.js';
import type { CallbackSettings } from '../saving/callback-settings.js';
import type { CountedCall } from '../usage/usage-store.js';

export interface SessionUser {
  userId: string;
  displayName: string;
}

/** One person's opening of one document. Its id is the capability that opens the page. */
export interface Session {
  id: string;
  apiKeyId: string;
  documentKey: DocumentKey;
  /** The caller's id of the document. */
  documentId: string;
  mode: 'edit' | 'preview';
  user: SessionUser;
  permissions: Permissions;
  callback: CallbackSettings | null;
  interfaceLanguage: string;
  unit: 'in' | 'mm';
  view: 'webview' | 'pageview';
  ui: { saveButton: boolean; chatPanel: boolean; fileMenu: boolean; darkMode: boolean };
  createdAt: number;
  expiresAt: number;
  /** Latest moment to which activity may move `expiresAt`. */
  expiresAtMost: number;
  /** When the URL was first opened. */
  openedAt: number | null;
  state: 'living' | 'deleted' | 'expired';
  endedAt: number | null;
}

/** What a list shows of a session: documents with a thousand of them are listed often. */
export type SessionSummary = Pick<Session, 'id' | 'documentId' | 'mode' | 'user' | 'createdAt' | 'expiresAt'>;

export interface SessionStore {
  find(id: string): Promise<Session | undefined>;
  /** Living sessions of a document, oldest first, ties by id; one indexed query. */
  listLiving(documentKey: DocumentKey): Promise<readonly Session[]>;
  /** The same sessions in the same order, without what a list does not show. */
  summarizeLiving(documentKey: DocumentKey): Promise<readonly SessionSummary[]>;
  /**
   * Adds a session, raises its document's `expiresAt` to at least the session's and counts the call that opened it, in
   * one transaction. Returns the month's new count of calls, 0 without a call.
   */
  add(session: Session, call?: CountedCall): Promise<number>;
  update(
    id: string,
    change: Partial<Pick<Session, 'permissions' | 'expiresAt' | 'openedAt' | 'state' | 'endedAt'>>,
  ): Promise<void>;
  /** Ends every living session of the document; returns those it ended. */
  endAll(documentKey: DocumentKey, state: 'deleted' | 'expired', at: number): Promise<readonly Session[]>;
  /** Living sessions whose `expiresAt` is not after `now`, oldest first, at most `limit`. */
  listExpired(now: number, limit: number): Promise<readonly Session[]>;
  /** Removes ended sessions that ended before `before`. Returns how many. */
  purgeEnded(before: number): Promise<number>;
}

/** Who is connected right now: answered by the rooms, asked by the API's lists. */
export interface Presence {
  /** Ids of the document's sessions that are active (connected, or dropped less than the grace period ago). */
  activeSessions(documentKey: DocumentKey): ReadonlySet<string>;
}

/** The sessions that are connected to this server, or on their way in. */
export interface Connections {
  has(sessionId: string): boolean;
  list(): readonly string[];
}

/** What the domain tells the rooms. */
export interface RoomControl {
  /** Closes the session's connections with close code 4403 and the reason. */
  endSession(
    session: Session,
    reason: 'session_deleted' | 'document_deleted' | 'session_expired' | 'access_withdrawn',
  ): void;
  /** Tells the session's connections their new expiry. */
  tellExpiry(session: Session): void;
  /** From now on the session's connections have its new permissions, and are told so. */
  tellPermissions(session: Session): void;
}
