import {
  CLOSE_CODES,
  type ClientMessage,
  type EndReason,
  ROOM_LIMITS,
  type ServerMessage,
} from '@officina/protocol';
import type { Clock, Scheduler } from '../domain/time.js';
import { readFrame, selectionJson } from './envelope.js';
import { FloodGate } from './flood-gate.js';
import { HELLO_LIMIT_MS, REJECTIONS_BEFORE_END, REJECTIONS_WINDOW_MS } from './limits.js';
import type { Departure, Hello, Member } from './member.js';
import type { RoomMetrics } from './metrics.js';
import type { RoomSocket } from './ports.js';
import type { Room } from './room.js';

/** From the upgrade to the end; every message means something in one of these states only. */
export type ConnectionState =
  | { state: 'greeting' }
  | { state: 'joining'; hello: Hello }
  | { state: 'live'; room: Room; member: Member }
  | { state: 'closed' };

export interface ConnectionDeps {
  clock: Clock;
  scheduler: Scheduler;
  metrics: RoomMetrics;
  /** Brings the connection into its room, or closes it; the answer is the place it got. */
  join(connection: Connection, hello: Hello): Promise<{ room: Room; member: Member } | undefined>;
  /** Characters that the session may still send; shared by its connections, so that a new one brings no new allowance. */
  chars: FloodGate;
  /** The connection is over, whatever ended it. */
  onClosed(connection: Connection): void;
  extend(connection: Connection): void;
}

/** One client's conversation: reads its frames, holds it to its limits, and passes on what has a meaning now. */
export class Connection {
  readonly socket: RoomSocket;
  readonly sessionId: string;
  readonly #deps: ConnectionDeps;
  readonly #frames: FloodGate;
  readonly #operations: FloodGate;
  readonly #rejections: FloodGate;
  readonly #cancelHelloLimit: () => void;
  #state: ConnectionState = { state: 'greeting' };
  #isSaving = false;

  constructor(socket: RoomSocket, sessionId: string, deps: ConnectionDeps) {
    this.socket = socket;
    this.sessionId = sessionId;
    this.#deps = deps;
    const now = deps.clock();
    this.#frames = new FloodGate(ROOM_LIMITS.framesPerSecond, ROOM_LIMITS.frameBurst, now);
    this.#operations = new FloodGate(ROOM_LIMITS.operationsPerSecond, ROOM_LIMITS.operationBurst, now);
    const perSecond = REJECTIONS_BEFORE_END / (REJECTIONS_WINDOW_MS / 1_000);
    this.#rejections = new FloodGate(perSecond, REJECTIONS_BEFORE_END, now);
    this.#cancelHelloLimit = deps.scheduler.schedule(now + HELLO_LIMIT_MS, () => {
      if (this.#state.state === 'greeting') this.close(CLOSE_CODES.malformed, 'No greeting came.');
    });
  }

  /** One text frame from the client. */
  receive(text: string): void {
    if (this.#state.state === 'closed') return;
    const now = this.#deps.clock();
    // Before anything is parsed: parsing is what a flood costs.
    if (!this.#frames.admits(now) || !this.#deps.chars.admits(now, text.length)) {
      this.#flood();
      return;
    }
    const messages = readFrame(text);
    if (!messages) this.malformed();
    for (const message of messages ?? []) {
      if (this.#isClosed()) return;
      this.#handle(message);
    }
  }

  /** A frame that is no text, too long, or no list of messages that make sense now. */
  malformed(): void {
    this.#deps.metrics.malformed += 1;
    this.close(CLOSE_CODES.malformed, 'This frame means nothing here.');
  }

  /** The socket is gone, without a word from the page. */
  dropped(): void {
    this.#finish('dropped');
  }

  /** Ends the session on this connection for good, and says why. */
  end(reason: EndReason): void {
    this.tell({ t: 'ended', reason });
    this.close(CLOSE_CODES.ended, reason);
  }

  tell(message: ServerMessage): void {
    if (this.socket.isOpen()) this.socket.send(new TextEncoder().encode(JSON.stringify([message])));
  }

  /** Closes from our side. Who is closed for slowness or flood comes back; everybody else has been told not to. */
  close(code: number, reason: string): void {
    if (this.#isClosed()) return;
    this.#finish(code === CLOSE_CODES.ended ? 'clean' : 'dropped');
    this.socket.close(code, reason);
  }

  #handle(message: ClientMessage): void {
    const state = this.#state;
    if (message.t === 'ping') this.tell({ t: 'pong' });
    else if (message.t === 'bye') this.#sayGoodbye();
    else if (state.state === 'live') this.#handleLive(message, state.room, state.member);
    else if (state.state === 'greeting' && message.t === 'hello') void this.#join(message);
    // Nothing else can be said before the welcome: what is resent depends on it.
    else this.malformed();
  }

  #handleLive(message: ClientMessage, room: Room, member: Member): void {
    switch (message.t) {
      case 'op':
        if (!this.#operations.admits(this.#deps.clock())) this.#flood();
        else if (!room.operate(member, message)) this.#countRejection();
        break;
      case 'presence': {
        const selection = selectionJson(message.selection);
        if (selection === undefined) this.malformed();
        else room.select(member, selection);
        break;
      }
      case 'save':
        this.#save(room, member, message.force === true);
        break;
      case 'digest':
        room.hearDigest(member, message.sequence, message.digest);
        break;
      case 'restore':
        this.#restore(room, member, message);
        break;
      case 'extend':
        this.#deps.extend(this);
        break;
      default:
        // A second hello; bye and ping were dealt with.
        this.malformed();
    }
  }

  #sayGoodbye(): void {
    this.#finish('clean');
    this.socket.close(1000, 'Goodbye.');
  }

  async #join(hello: Hello): Promise<void> {
    this.#state = { state: 'joining', hello };
    this.#cancelHelloLimit();
    const place = await this.#deps.join(this, hello);
    if (!place) return;
    if (this.#state.state === 'joining') this.#state = { state: 'live', ...place };
    else place.room.leave(place.member, 'dropped');
  }

  /** A second wish while the first is being accepted is the same wish. */
  #save(room: Room, member: Member, force: boolean): void {
    if (this.#isSaving) return;
    this.#isSaving = true;
    void room.save(member, force).finally(() => {
      this.#isSaving = false;
    });
  }

  #restore(room: Room, member: Member, wish: Extract<ClientMessage, { t: 'restore' }>): void {
    const { version, sequence = 0 } = wish;
    void room.restore(member, version === undefined ? { sequence } : { version }, (refusal) =>
      this.tell({ t: 'restoreRefused', ...refusal }),
    );
  }

  #flood(): void {
    this.#deps.metrics.floods += 1;
    this.close(CLOSE_CODES.flooding, 'Too much at once; come back more slowly.');
  }

  #countRejection(): void {
    if (!this.#rejections.admits(this.#deps.clock())) this.end('misbehaved');
  }

  #finish(how: Departure): void {
    const state = this.#state;
    if (state.state === 'closed') return;
    this.#state = { state: 'closed' };
    this.#cancelHelloLimit();
    if (state.state === 'live') state.room.leave(state.member, how);
    this.#deps.onClosed(this);
  }

  #isClosed(): boolean {
    return this.#state.state === 'closed';
  }
}
