import type { Neighbours } from '../neighbours.js';
import type { Connections, RoomControl, Session, SessionStore } from './session.js';

export interface RoomsEverywhereDeps {
  /** The rooms of this server. */
  here: RoomControl;
  connections: Connections;
  neighbours: Neighbours;
  sessions: Pick<SessionStore, 'find'>;
  report(error: unknown, subject: { sessionId: string }): void;
}

type EndReason = Parameters<RoomControl['endSession']>[1];

/** What one server tells the others. Permissions are not in it: they are read from the store, where the newest are. */
interface Notice {
  sessionId: string;
  /** Null when the session goes on. */
  ended: EndReason | null;
}

/**
 * The rooms of every server on the same data: a session may be ended, or get other permissions, on a server that its
 * people are not connected to. Its time is not told: the server that they are connected to moves it.
 */
export class RoomsEverywhere implements RoomControl {
  readonly #deps: RoomsEverywhereDeps;
  readonly #stopListening: () => void;

  constructor(deps: RoomsEverywhereDeps) {
    this.#deps = deps;
    this.#stopListening = deps.neighbours.listen('rooms', {
      hear: (message) => this.#follow(message as Notice),
      missed: () => {
        for (const sessionId of deps.connections.list()) this.#follow({ sessionId, ended: null });
      },
    });
  }

  stop(): void {
    this.#stopListening();
  }

  endSession(session: Session, reason: EndReason): void {
    this.#deps.here.endSession(session, reason);
    this.#tell({ sessionId: session.id, ended: reason });
  }

  tellExpiry(session: Session): void {
    this.#deps.here.tellExpiry(session);
  }

  tellPermissions(session: Session): void {
    this.#deps.here.tellPermissions(session);
    this.#tell({ sessionId: session.id, ended: null });
  }

  #tell(notice: Notice): void {
    this.#deps.neighbours.tell('rooms', notice);
  }

  #follow(notice: Notice): void {
    const { sessionId } = notice;
    if (!this.#deps.connections.has(sessionId)) return;
    this.#apply(notice).catch((error: unknown) => this.#deps.report(error, { sessionId }));
  }

  async #apply({ sessionId, ended }: Notice): Promise<void> {
    const { here, sessions } = this.#deps;
    const session = await sessions.find(sessionId);
    if (!session) return;
    if (session.state !== 'living') return here.endSession(session, ended ?? reasonOf(session));
    if (ended !== null) return here.endSession(session, ended);
    here.tellPermissions(session);
  }
}

function reasonOf({ state }: Session): EndReason {
  return state === 'expired' ? 'session_expired' : 'session_deleted';
}
