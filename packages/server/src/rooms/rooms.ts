import {
  AppError,
  CLOSE_CODES,
  type EndReason,
  FRAME_PACKING,
  hasRight,
  participantColor,
  ROOM_LIMITS,
  ROOM_PROTOCOL_VERSION,
} from '@officina/protocol';
import type { AttachmentRefusal } from '../domain/content/attachments.js';
import { operationAuthor } from '../domain/log/numbered-operation.js';
import type { Connections, Presence, RoomControl, Session } from '../domain/sessions/session.js';
import { Connection } from './connection.js';
import { FloodGate } from './flood-gate.js';
import { CONNECTIONS_PER_ROOM, CONNECTIONS_PER_SESSION } from './limits.js';
import type { Hello, Member } from './member.js';
import { noMetrics, type RoomMetrics } from './metrics.js';
import type { RoomDeps, RoomSocket } from './ports.js';
import { permissionsOf } from './rights.js';
import type { Room } from './room.js';
import { RoomRegistry } from './room-registry.js';

/** All rooms of this node. */
export class Rooms {
  readonly presence: Presence = {
    activeSessions: (documentKey) => this.#registry.find(documentKey)?.activeSessions() ?? new Set(),
  };
  readonly connections: Connections = {
    has: (sessionId) => this.#connections.has(sessionId),
    list: () => [...this.#connections.keys()],
  };
  readonly control: RoomControl = {
    endSession: (session, reason) => this.#endSession(session, reason),
    tellExpiry: (session) =>
      this.#registry.find(session.documentKey)?.tellExpiry(session.id, session.expiresAt),
    tellPermissions: (session) => this.#tellPermissions(session),
  };
  readonly #deps: RoomDeps;
  readonly #metrics: RoomMetrics = noMetrics();
  readonly #registry: RoomRegistry;
  /** Every connection that is not closed, by session: one that is still joining must hear of its end too. */
  readonly #connections = new Map<string, Set<Connection>>();
  /** What each session may still send; kept until it is as good as new. */
  readonly #chars = new Map<string, FloodGate>();
  /** Sessions whose permissions changed while they were connected, or on their way in. */
  readonly #changed = new Map<string, Session>();
  readonly #stopListening: () => void;
  #isClosed = false;

  constructor(deps: RoomDeps) {
    this.#deps = deps;
    this.#registry = new RoomRegistry(deps, this.#metrics);
    this.#stopListening = deps.saves.onProgress((documentKey, sessionId, progress) => {
      this.#registry.find(documentKey)?.tellProgress(sessionId, progress);
    });
  }

  metrics(): Readonly<RoomMetrics> {
    return { ...this.#metrics, rooms: this.#registry.size };
  }

  /** A new WebSocket of a session's page; the answer takes its frames. */
  connect(socket: RoomSocket, sessionId: string): Connection {
    const { clock, scheduler } = this.#deps;
    const connection = new Connection(socket, sessionId, {
      clock,
      scheduler,
      metrics: this.#metrics,
      chars: this.#charsOf(sessionId),
      join: (joining, hello) => this.#join(joining, hello),
      onClosed: (closed) => this.#forget(closed),
      extend: () => void this.#extend(sessionId),
    });
    const siblings = this.#connections.get(sessionId) ?? new Set();
    this.#connections.set(sessionId, siblings.add(connection));
    this.#metrics.connections += 1;
    if (this.#isClosed) connection.close(CLOSE_CODES.restarting, 'The server restarts.');
    else if (siblings.size > CONNECTIONS_PER_SESSION)
      connection.close(CLOSE_CODES.flooding, 'Too many connections.');
    return connection;
  }

  /** The snapshot that a welcome named, or undefined when it is no longer handed out: the client then greets again. */
  async readSnapshot(sessionId: string, sequence: number): Promise<Uint8Array | undefined> {
    const { session } = await this.#deps.sessions.open(sessionId);
    const known = this.#registry.find(session.documentKey)?.snapshotBlob(sequence);
    if (known !== undefined) return this.#deps.content.readBlob(known);
    const opening = await this.#deps.content.openingSnapshot(session.documentKey);
    return opening.sequence === sequence ? this.#deps.content.readBlob(opening.blob) : undefined;
  }

  /** Keeps an attachment for the session's document, whose room must be open here: operations may name it afterwards. */
  async putAttachment(
    sessionId: string,
    sha256: string,
    bytes: Uint8Array,
  ): Promise<'kept' | 'may_not' | 'no_room' | AttachmentRefusal> {
    const { session } = await this.#deps.sessions.open(sessionId);
    if (!hasRight(permissionsOf(session), 'edit')) return 'may_not';
    const room = this.#registry.find(session.documentKey);
    if (!room) return 'no_room';
    const kept = await this.#deps.attachments.put(session.documentKey, sha256, bytes);
    if ('refused' in kept) return kept.refused;
    // The room may have been opened anew meanwhile; the new one may have looked before this was there.
    for (const each of [room, this.#registry.find(session.documentKey)]) each?.holdAttachment(sha256);
    return 'kept';
  }

  /** An attachment of the session's document. */
  async readAttachment(sessionId: string, sha256: string): Promise<Uint8Array | undefined> {
    const { session } = await this.#deps.sessions.open(sessionId);
    return this.#deps.attachments.read(session.documentKey, sha256);
  }

  /** Flushes every log, sends everybody away to come back, gives the leases back. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#registry.close();
    for (const connection of [...this.#connections.values()].flatMap((siblings) => [...siblings])) {
      connection.close(CLOSE_CODES.restarting, 'The server restarts.');
    }
    this.#stopListening();
  }

  async #join(connection: Connection, hello: Hello): Promise<{ room: Room; member: Member } | undefined> {
    if (hello.protocol !== ROOM_PROTOCOL_VERSION || hello.engine !== this.#deps.engine) {
      connection.tell({ t: 'reload', reason: 'version' });
      connection.close(CLOSE_CODES.ended, 'This page is of another version.');
      return undefined;
    }
    try {
      const { session } = await this.#deps.sessions.open(connection.sessionId);
      const room = await this.#registry.open(session.documentKey);
      return await this.#enter(connection, hello, session, room);
    } catch (error) {
      this.#turnAway(connection, error);
      return undefined;
    }
  }

  async #enter(
    connection: Connection,
    hello: Hello,
    session: Session,
    room: Room | undefined,
  ): Promise<{ room: Room; member: Member } | undefined> {
    if (!room || room.size >= CONNECTIONS_PER_ROOM) {
      connection.close(
        CLOSE_CODES.restarting,
        room ? 'This document is full.' : 'Another server has this document.',
      );
      return undefined;
    }
    const member = this.#memberOf(connection, hello, session);
    switch (await room.join(member, hello)) {
      case 'joined':
        return { room, member };
      case 'foreign_client':
        connection.malformed();
        return undefined;
      case 'gone':
        connection.close(CLOSE_CODES.restarting, 'The room restarts.');
        return undefined;
    }
  }

  #memberOf(connection: Connection, { client, packed }: Hello, session: Session): Member {
    const { userId, displayName } = session.user;
    const changed = this.#changed;
    return {
      client,
      get session() {
        return changed.get(session.id) ?? session;
      },
      participant: { userId, displayName, color: participantColor(userId), client },
      author: operationAuthor(client, userId, displayName),
      socket: connection.socket,
      takesPacked: packed === FRAME_PACKING,
      tooSlow: () => {
        this.#metrics.slowDrops += 1;
        connection.close(
          CLOSE_CODES.too_slow,
          'The network is too slow; what is missing comes when it is back.',
        );
      },
      close: (code, reason) => connection.close(code, reason),
    };
  }

  #turnAway(connection: Connection, error: unknown): void {
    if (error instanceof AppError && error.code === 'session_expired') {
      connection.end('session_expired');
    } else if (error instanceof AppError && error.code === 'session_unknown') {
      connection.close(CLOSE_CODES.unknown_session, 'There is no such session.');
    } else {
      this.#deps.journal.error({ session: connection.sessionId, err: error }, 'A client could not join.');
      connection.close(CLOSE_CODES.restarting, 'The room could not be opened.');
    }
  }

  async #extend(sessionId: string): Promise<void> {
    try {
      await this.#deps.sessions.extend(sessionId);
    } catch (error) {
      this.#deps.journal.warn({ session: sessionId, err: error }, 'A session could not be extended.');
    }
  }

  #endSession(session: Session, reason: EndReason): void {
    for (const connection of [...(this.#connections.get(session.id) ?? [])]) connection.end(reason);
    this.#registry.find(session.documentKey)?.forgetSession(session.id);
  }

  /** Heard by a connection that is still joining too: it takes its session from here. */
  #tellPermissions(session: Session): void {
    if (this.#connections.has(session.id)) this.#changed.set(session.id, session);
    this.#registry.find(session.documentKey)?.tellPermissions(session.id);
  }

  #forget(connection: Connection): void {
    this.#metrics.connections -= 1;
    const siblings = this.#connections.get(connection.sessionId);
    siblings?.delete(connection);
    if (siblings?.size !== 0) return;
    this.#connections.delete(connection.sessionId);
    this.#changed.delete(connection.sessionId);
    const now = this.#deps.clock();
    for (const [sessionId, gate] of this.#chars) {
      if (!this.#connections.has(sessionId) && gate.isFull(now)) this.#chars.delete(sessionId);
    }
  }

  #charsOf(sessionId: string): FloodGate {
    const { charsPerSecond, charBurst } = ROOM_LIMITS;
    const gate = this.#chars.get(sessionId) ?? new FloodGate(charsPerSecond, charBurst, this.#deps.clock());
    this.#chars.set(sessionId, gate);
    return gate;
  }
}
