import { AppError, type Permissions } from '@officina/protocol';
import type { Session } from '../../domain/sessions/session.js';
import type { RoomSessions } from '../ports.js';

export const ALL_PERMISSIONS: Permissions = {
  'document.export': true,
  'document.print': true,
  'document.edit': true,
  'review.changes.resolve': true,
  'review.comment': true,
  'collab.chat': true,
  'document.pausecollaboration': false,
  'document.fill': true,
};

export const NO_PERMISSIONS: Permissions = {
  'document.export': false,
  'document.print': false,
  'document.edit': false,
  'review.changes.resolve': false,
  'review.comment': false,
  'collab.chat': false,
  'document.pausecollaboration': false,
  'document.fill': false,
};

export function aSession(id: string, change: Partial<Session> = {}): Session {
  return {
    id,
    apiKeyId: 'key-1',
    documentKey: 'document-1',
    documentId: '4711',
    mode: 'edit',
    user: { userId: `user-of-${id}`, displayName: `Name of ${id}` },
    permissions: ALL_PERMISSIONS,
    callback: null,
    interfaceLanguage: 'en',
    unit: 'mm',
    view: 'pageview',
    ui: { saveButton: true, chatPanel: false, fileMenu: true, darkMode: false },
    createdAt: 0,
    expiresAt: 9_000_000_000_000,
    expiresAtMost: 9_000_000_000_000,
    openedAt: null,
    state: 'living',
    endedAt: null,
    ...change,
  };
}

export class FakeSessions implements RoomSessions {
  readonly activity: string[] = [];
  readonly extended: string[] = [];
  readonly #sessions = new Map<string, Session>();

  add(session: Session): Session {
    this.#sessions.set(session.id, session);
    return session;
  }

  async open(sessionId: string): Promise<{ session: Session }> {
    const session = this.#sessions.get(sessionId);
    if (!session) throw new AppError('session_unknown');
    if (session.state !== 'living') throw new AppError('session_expired');
    return { session };
  }

  async recordActivity(sessionId: string): Promise<void> {
    this.activity.push(sessionId);
  }

  async extend(sessionId: string): Promise<void> {
    this.extended.push(sessionId);
  }
}
