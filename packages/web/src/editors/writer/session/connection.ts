import { CLOSE_CODES, type ClientMessage, type ServerMessage } from '@officina/protocol';
import { readFrame } from './read-frame.js';

/** Where the link to the room stands. `closed` is final; everything else mends itself. */
export type Link =
  | { readonly state: 'connecting'; readonly attempt: number }
  | { readonly state: 'open' }
  | { readonly state: 'waiting'; readonly attempt: number; readonly until: number }
  | { readonly state: 'closed'; readonly code: number; readonly reason: string };

/** The part of a WebSocket that is used here; binary frames come as an ArrayBuffer. */
export interface RoomSocket {
  send(text: string): void;
  close(code?: number, reason?: string): void;
  onopen: (() => void) | null;
  onmessage: ((event: { readonly data: unknown }) => void) | null;
  onclose: ((event: { readonly code: number; readonly reason: string }) => void) | null;
}

export interface ConnectionDeps {
  readonly openSocket: () => RoomSocket;
  readonly now: () => number;
  readonly random: () => number;
  /** Runs `task` once after `delayMs`; the answer takes it back. */
  readonly schedule: (task: () => void, delayMs: number) => () => void;
}

export interface ConnectionListener {
  /** A socket is open: say hello. Nothing else may be sent before the room's welcome. */
  opened(): void;
  received(messages: readonly ServerMessage[]): void;
  linkChanged(link: Link): void;
}

const FIRST_RETRY_MS = 400;
const LONGEST_RETRY_MS = 5_000;
/** A proxy in between may drop a silent socket after a minute. */
const PING_EVERY_MS = 20_000;
/** Two pings without an answer: the socket is dead, though nobody closed it. */
const SILENCE_LIMIT_MS = 45_000;
/** A server that restarts is back soon. */
const RESTART_RETRY_MS = 700;

const FINAL_CODES: ReadonlySet<number> = new Set([
  CLOSE_CODES.malformed,
  CLOSE_CODES.unknown_session,
  CLOSE_CODES.ended,
]);

/** One lasting link to a room: opens sockets, again and again, and speaks in arrays of messages. */
export class Connection {
  readonly #deps: ConnectionDeps;
  readonly #listener: ConnectionListener;
  #link: Link = { state: 'connecting', attempt: 0 };
  #socket: RoomSocket | null = null;
  #attempt = 0;
  #lastHeard = 0;
  #cancelTimer: () => void = () => {};

  constructor(deps: ConnectionDeps, listener: ConnectionListener) {
    this.#deps = deps;
    this.#listener = listener;
  }

  get link(): Link {
    return this.#link;
  }

  start(): void {
    if (this.#socket === null && this.#link.state !== 'closed') this.#open();
  }

  /** Tries at once, as when the browser says that the network is back. */
  hasten(): void {
    if (this.#link.state === 'waiting') this.#open();
    else if (this.#link.state === 'open') this.send({ t: 'ping' });
  }

  /** Sends in one frame; false when the room cannot be reached now. */
  send(...messages: readonly ClientMessage[]): boolean {
    if (this.#socket === null || this.#link.state !== 'open') return false;
    this.#socket.send(JSON.stringify(messages));
    return true;
  }

  /** Drops this socket and opens another: the room and this client no longer agree. */
  restart(): void {
    this.#release();
    this.#wait(FIRST_RETRY_MS);
  }

  close(reason: string): void {
    const socket = this.#release();
    this.#become({ state: 'closed', code: 1000, reason });
    socket?.close(1000, reason);
  }

  #open(): void {
    this.#cancelTimer();
    this.#attempt += 1;
    this.#become({ state: 'connecting', attempt: this.#attempt });
    const socket = this.#deps.openSocket();
    this.#socket = socket;
    socket.onopen = () => {
      this.#lastHeard = this.#deps.now();
      this.#become({ state: 'open' });
      this.#keepAlive();
      this.#listener.opened();
    };
    socket.onmessage = ({ data }) => {
      this.#lastHeard = this.#deps.now();
      // Only a room that speaks resets the back-off: a proxy may accept sockets for a server that is down.
      this.#attempt = 0;
      this.#listener.received(JSON.parse(readFrame(data)) as ServerMessage[]);
    };
    socket.onclose = ({ code, reason }) => {
      if (this.#socket !== socket) return;
      this.#release();
      if (FINAL_CODES.has(code)) this.#become({ state: 'closed', code, reason });
      else this.#wait(this.#retryDelay(code));
    };
  }

  #retryDelay(code: number): number {
    const backOff = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.max(0, this.#attempt - 1));
    const base =
      code === CLOSE_CODES.flooding
        ? LONGEST_RETRY_MS
        : code === CLOSE_CODES.restarting && this.#attempt === 0
          ? RESTART_RETRY_MS
          : backOff;
    // Half of the delay is chance, so that a restarted server does not meet everybody in the same instant.
    return base / 2 + (base / 2) * this.#deps.random();
  }

  #wait(delayMs: number): void {
    this.#become({ state: 'waiting', attempt: this.#attempt, until: this.#deps.now() + delayMs });
    this.#cancelTimer = this.#deps.schedule(() => this.#open(), delayMs);
  }

  #keepAlive(): void {
    this.#cancelTimer = this.#deps.schedule(() => {
      if (this.#link.state !== 'open') return;
      if (this.#deps.now() - this.#lastHeard >= SILENCE_LIMIT_MS) {
        const socket = this.#release();
        socket?.close(4000, 'silent');
        this.#wait(this.#retryDelay(4000));
        return;
      }
      this.send({ t: 'ping' });
      this.#keepAlive();
    }, PING_EVERY_MS);
  }

  #release(): RoomSocket | null {
    this.#cancelTimer();
    const socket = this.#socket;
    this.#socket = null;
    if (socket !== null) {
      socket.onopen = null;
      socket.onmessage = null;
      socket.onclose = null;
    }
    return socket;
  }

  #become(link: Link): void {
    this.#link = link;
    this.#listener.linkChanged(link);
  }
}
