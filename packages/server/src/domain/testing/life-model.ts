/** Six hours and a day, as the domain under test is set up. */
const SESSION_MS = 6 * 3_600_000;
const SESSION_MAX_MS = 24 * 3_600_000;
const REMEMBER_MS = 7 * 24 * 3_600_000;
/** Smaller moves of an expiry are not written. */
const WRITE_MS = 60_000;

export interface ModelSession {
  name: string;
  documentId: string;
  createdAt: number;
  expiresAt: number;
  opened: boolean;
  connected: boolean;
  /** Since when it has ended, and how. */
  ended: { how: 'deleted' | 'expired'; at: number } | null;
}

interface ModelDocument {
  file: string | null;
  edits: number;
  delivered: number;
  sessions: ModelSession[];
  expiresAt: number;
  alive: boolean;
}

/**
 * The rules of docs/spec/sessions.md once more, as plainly as they can be written: one list of documents, no stores, no
 * lives, no sweeps. Random histories compare it with the domain.
 */
export class LifeModel {
  readonly documents = new Map<string, ModelDocument>();
  readonly sessions: ModelSession[] = [];

  /** What the call answers, and the session that it makes unless it is refused. */
  post(id: string, file: string | null, name: string, now: number): { outcome: string } {
    const found = this.documents.get(id);
    const document = found && this.#isAlive(found, now) ? found : undefined;
    if (!document) {
      if (found && file === null) return { outcome: 'gone' };
      this.#begin(id, file, now, found ? this.#endAll(found, now) : []);
      return { outcome: this.#add(id, name, now, found ? 'reimported' : 'created') };
    }
    if (file === null || document.sessions.some((one) => one.connected)) {
      return { outcome: this.#add(id, name, now, 'joined') };
    }
    const undelivered = document.edits > document.delivered;
    if (undelivered && file === document.file) return { outcome: this.#add(id, name, now, 'joined') };
    if (document.edits === 0 && file === document.file) {
      return { outcome: this.#add(id, name, now, 'reimported') };
    }
    const moving = this.living(id, now).filter((one) => !one.opened);
    for (const session of this.living(id, now)) {
      if (session.opened) session.ended = { how: 'expired', at: now };
    }
    this.#begin(id, file, now, moving);
    return { outcome: this.#add(id, name, now, undelivered ? 'conflict' : 'reimported') };
  }

  /** False when the page answers with an error. */
  open(session: ModelSession, now: number): boolean {
    if (this.standing(session, now) !== 'living') return false;
    session.opened = true;
    this.touch(session, now);
    return true;
  }

  touch(session: ModelSession, now: number): void {
    const moved = Math.max(session.expiresAt, Math.min(session.createdAt + SESSION_MAX_MS, now + SESSION_MS));
    const isLastMove = moved === session.createdAt + SESSION_MAX_MS;
    if (moved - session.expiresAt < WRITE_MS && !isLastMove) return;
    session.expiresAt = moved;
    const document = this.documents.get(session.documentId);
    if (document) document.expiresAt = Math.max(document.expiresAt, moved);
  }

  deleteDocument(id: string, now: number): boolean {
    const document = this.documents.get(id);
    if (!document || !this.#isAlive(document, now)) return false;
    document.alive = false;
    for (const session of document.sessions) {
      session.connected = false;
      // The store ends what it has not marked as ended, so one that is over by time is told as deleted too.
      if (!session.ended) session.ended = { how: 'deleted', at: now };
    }
    return true;
  }

  deleteSession(session: ModelSession, now: number): 'done' | 'expired' | 'unknown' {
    const standing = this.standing(session, now);
    if (standing !== 'living') return standing;
    session.ended = { how: 'deleted', at: now };
    session.connected = false;
    return 'done';
  }

  /** Ends what is over by time. */
  sweep(now: number): void {
    for (const session of this.sessions) {
      if (session.ended || session.expiresAt > now) continue;
      session.ended = { how: 'expired', at: session.expiresAt };
      session.connected = false;
    }
    for (const document of this.documents.values()) {
      if (document.expiresAt <= now) document.alive = false;
    }
  }

  standing(session: ModelSession, now: number): 'living' | 'expired' | 'unknown' {
    if (session.ended?.how === 'deleted') return 'unknown';
    if (!session.ended && session.expiresAt > now) return 'living';
    return now - (session.ended?.at ?? session.expiresAt) < REMEMBER_MS ? 'expired' : 'unknown';
  }

  /** Living sessions of a living document, oldest first; undefined when there is no such document. */
  list(id: string, now: number): ModelSession[] | undefined {
    const document = this.documents.get(id);
    return document && this.#isAlive(document, now) ? this.living(id, now) : undefined;
  }

  living(id: string, now: number): ModelSession[] {
    const sessions = this.documents.get(id)?.sessions ?? [];
    return sessions.filter((session) => this.standing(session, now) === 'living');
  }

  #isAlive(document: ModelDocument, now: number): boolean {
    return document.alive && document.expiresAt > now;
  }

  #begin(id: string, file: string | null, now: number, sessions: ModelSession[]): void {
    const expiresAt = Math.max(now + SESSION_MS, ...sessions.map((one) => one.expiresAt));
    this.documents.set(id, { file, edits: 0, delivered: 0, sessions, expiresAt, alive: true });
  }

  #endAll(document: ModelDocument, now: number): [] {
    for (const session of document.sessions) {
      if (!session.ended) session.ended = { how: 'expired', at: now };
      session.connected = false;
    }
    return [];
  }

  #add(id: string, name: string, now: number, outcome: string): string {
    const session: ModelSession = {
      name,
      documentId: id,
      createdAt: now,
      expiresAt: now + SESSION_MS,
      opened: false,
      connected: false,
      ended: null,
    };
    const document = this.documents.get(id);
    document?.sessions.push(session);
    if (document) document.expiresAt = Math.max(document.expiresAt, session.expiresAt);
    this.sessions.push(session);
    return outcome;
  }
}
