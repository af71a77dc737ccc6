import { AppError } from '@officina/protocol';
import type { Document, DocumentKind, DocumentStore } from '../documents/document.js';
import type { Clock } from '../time.js';
import type { Presence, RoomControl, Session, SessionStore, SessionSummary } from './session.js';
import { movedExpiry, type SessionLimits, standingOf, writeIntervalMs } from './session-times.js';

export interface SessionServiceDeps {
  sessions: SessionStore;
  documents: Pick<DocumentStore, 'find' | 'findById' | 'update'>;
  presence: Presence;
  rooms: RoomControl;
  clock: Clock;
  limits: SessionLimits;
}

/** `active` while somebody is connected through the session. */
export type SessionStatus = 'active' | 'inactive';

export interface SessionView {
  session: SessionSummary;
  kind: DocumentKind;
  status: SessionStatus;
}

export interface DocumentSummary {
  document: Document;
  activeSessions: number;
  /** Distinct people among the active sessions. */
  collaborators: number;
}

export interface DocumentOverview extends DocumentSummary {
  /** Living sessions, oldest first. */
  sessions: readonly SessionView[];
}

/** What a session is to its API key and to the people who open it. Rules: docs/spec/sessions.md. */
export class SessionService {
  readonly #deps: SessionServiceDeps;
  /** When a session's activity may be written next, so that a busy session costs one write a minute. */
  readonly #quietUntil = new Map<string, number>();

  constructor(deps: SessionServiceDeps) {
    this.#deps = deps;
  }

  /** The session if it lives. */
  async find(id: string): Promise<Session | undefined> {
    const session = await this.#deps.sessions.find(id);
    return session && standingOf(session, this.#deps.clock()) === 'living' ? session : undefined;
  }

  /** Opens the session's page: marks it opened, which is activity. Refuses by AppError: session_unknown, session_expired. */
  async open(id: string): Promise<{ session: Session; document: Document }> {
    const found = await this.#findLiving(id);
    const document = await this.#deps.documents.find(found.documentKey);
    if (document?.state !== 'living') throw new AppError('session_expired');
    const session = await this.#markOpened(found);
    return { session: await this.#moveExpiry(session, document), document };
  }

  /** Moves the expiry as rule SE13 says; writes at most once a minute per session, and nothing for one that ended. */
  async recordActivity(id: string): Promise<void> {
    const now = this.#deps.clock();
    if ((this.#quietUntil.get(id) ?? 0) > now) return;
    this.#quietUntil.set(id, now + writeIntervalMs(this.#deps.limits));
    const session = await this.find(id);
    if (!session) return this.forget(id);
    const document = await this.#deps.documents.find(session.documentKey);
    if (document) await this.#moveExpiry(session, document);
  }

  /** Moves the expiry because the person asked for it. Refuses by AppError: session_unknown, session_expired. */
  async extend(id: string): Promise<Session> {
    const session = await this.#findLiving(id);
    const document = await this.#deps.documents.find(session.documentKey);
    return document ? this.#moveExpiry(session, document) : session;
  }

  /** The living sessions of a living document. Refuses by AppError: document_unknown. */
  async listForDocument(apiKeyId: string, documentId: string): Promise<DocumentOverview> {
    const document = await this.#findDocument(apiKeyId, documentId);
    const active = this.#deps.presence.activeSessions(document.key);
    const living = await this.#listLiving(document);
    const sessions = living.map((session) => viewOf(session, document, active));
    return { document, sessions, ...countActive(living, active) };
  }

  /** The document and who is in it. Refuses by AppError: document_unknown. */
  async describeDocument(apiKeyId: string, documentId: string): Promise<DocumentSummary> {
    const document = await this.#findDocument(apiKeyId, documentId);
    const active = this.#deps.presence.activeSessions(document.key);
    // Most documents that are asked about have nobody in them, and then there is nobody to count.
    const living = active.size > 0 ? await this.#listLiving(document) : [];
    return { document, ...countActive(living, active) };
  }

  /**
   * The session as its API key sees it; undefined when that key has no such session. Refuses by AppError:
   * session_expired.
   */
  async describe(apiKeyId: string, sessionId: string): Promise<SessionView | undefined> {
    const session = await this.#deps.sessions.find(sessionId);
    if (session?.apiKeyId !== apiKeyId) return undefined;
    const standing = standingOf(session, this.#deps.clock());
    if (standing === 'expired') throw new AppError('session_expired');
    if (standing === 'unknown') return undefined;
    const document = await this.#deps.documents.find(session.documentKey);
    return document && viewOf(session, document, this.#deps.presence.activeSessions(document.key));
  }

  /** Ends one person's access. Refuses by AppError: session_unknown, session_expired. */
  async remove(apiKeyId: string, sessionId: string): Promise<void> {
    const session = await this.#deps.sessions.find(sessionId);
    if (session?.apiKeyId !== apiKeyId) throw new AppError('session_unknown');
    this.#requireLiving(session);
    await this.#deps.sessions.update(session.id, { state: 'deleted', endedAt: this.#deps.clock() });
    this.forget(session.id);
    this.#deps.rooms.endSession(session, 'session_deleted');
  }

  /** Forgets what is kept in memory about a session that ended. */
  forget(id: string): void {
    this.#quietUntil.delete(id);
  }

  async #listLiving(document: Document): Promise<readonly SessionSummary[]> {
    const now = this.#deps.clock();
    const sessions = await this.#deps.sessions.summarizeLiving(document.key);
    return sessions.filter((session) => session.expiresAt > now);
  }

  async #findLiving(id: string): Promise<Session> {
    const session = await this.#deps.sessions.find(id);
    if (!session) throw new AppError('session_unknown');
    return this.#requireLiving(session);
  }

  #requireLiving(session: Session): Session {
    const standing = standingOf(session, this.#deps.clock());
    if (standing === 'living') return session;
    throw new AppError(standing === 'expired' ? 'session_expired' : 'session_unknown');
  }

  async #markOpened(session: Session): Promise<Session> {
    if (session.openedAt !== null) return session;
    const openedAt = this.#deps.clock();
    await this.#deps.sessions.update(session.id, { openedAt });
    return { ...session, openedAt };
  }

  /** Small moves are left out: they would cost a write at every reload of a page. */
  async #moveExpiry(session: Session, document: Document): Promise<Session> {
    const expiresAt = movedExpiry(session, this.#deps.clock(), this.#deps.limits);
    const gained = expiresAt - session.expiresAt;
    const isLastMove = expiresAt === session.expiresAtMost && gained > 0;
    if (gained < writeIntervalMs(this.#deps.limits) && !isLastMove) return session;
    await this.#deps.sessions.update(session.id, { expiresAt });
    if (document.expiresAt < expiresAt) await this.#deps.documents.update(document.key, { expiresAt });
    const moved = { ...session, expiresAt };
    this.#deps.rooms.tellExpiry(moved);
    return moved;
  }

  async #findDocument(apiKeyId: string, documentId: string): Promise<Document> {
    const document = await this.#deps.documents.findById(apiKeyId, documentId);
    if (document?.state !== 'living' || document.expiresAt <= this.#deps.clock()) {
      throw new AppError('document_unknown');
    }
    return document;
  }
}

function viewOf(session: SessionSummary, document: Document, active: ReadonlySet<string>): SessionView {
  return { session, kind: document.kind, status: active.has(session.id) ? 'active' : 'inactive' };
}

function countActive(
  living: readonly SessionSummary[],
  active: ReadonlySet<string>,
): Pick<DocumentSummary, 'activeSessions' | 'collaborators'> {
  const present = living.filter((session) => active.has(session.id));
  const people = new Set(present.map((session) => session.user.userId || session.id));
  return { activeSessions: present.length, collaborators: people.size };
}
