import { Buffer } from 'node:buffer';
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { ROOM_LIMITS } from '@officina/protocol';
import { type WebSocket, WebSocketServer } from 'ws';
import type { RoomSocket } from './ports.js';
import type { Rooms } from './rooms.js';

/** A socket that answers no ping within this time is dead, though nobody has told us. */
const HEARTBEAT_MS = 30_000;

/** How long a closing handshake may take before the socket is cut. */
const CLOSE_LIMIT_MS = 5_000;

const ROOM_PATH = /^\/rooms\/writer\/([A-Za-z0-9_.~-]{1,200})$/;

/**
 * Takes upgrades at `/rooms/writer/{sessionId}`; others are left to other listeners. The origin does not matter:
 * no cookie is read, the session id in the path is the whole capability.
 */
export class RoomSocketServer {
  readonly #rooms: Rooms;
  readonly #webSockets = new WebSocketServer({
    noServer: true,
    // A longer frame is cut before it is held in memory.
    maxPayload: ROOM_LIMITS.frameChars,
    // Frames are small and many: compressing them costs more time than it saves bytes.
    perMessageDeflate: false,
    clientTracking: false,
    skipUTF8Validation: false,
  });
  readonly #frames = new WireFrames();
  readonly #living = new Map<WebSocket, 'answered' | 'asked'>();
  readonly #heartbeat: NodeJS.Timeout;
  readonly #detach: (() => void)[] = [];

  constructor(rooms: Rooms) {
    this.#rooms = rooms;
    this.#heartbeat = setInterval(() => this.#ask(), HEARTBEAT_MS);
    this.#heartbeat.unref();
  }

  attach(server: Server): void {
    const onUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      const sessionId = ROOM_PATH.exec((request.url ?? '').split('?')[0] ?? '')?.[1];
      socket.on('error', () => socket.destroy());
      if (sessionId === undefined) {
        // Node leaves an upgrade that somebody listens to entirely to the listeners.
        if (server.listenerCount('upgrade') === 1)
          socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n');
        return;
      }
      this.#webSockets.handleUpgrade(request, socket, head, (webSocket) =>
        this.#accept(webSocket, socket, sessionId),
      );
    };
    server.on('upgrade', onUpgrade);
    this.#detach.push(() => server.off('upgrade', onUpgrade));
  }

  /** Takes no more upgrades and cuts what is still open. */
  close(): void {
    for (const detach of this.#detach) detach();
    clearInterval(this.#heartbeat);
    for (const webSocket of this.#living.keys()) webSocket.terminate();
    this.#webSockets.close();
  }

  #accept(webSocket: WebSocket, socket: Duplex, sessionId: string): void {
    const connection = this.#rooms.connect(socketOf(webSocket, socket, this.#frames), sessionId);
    this.#living.set(webSocket, 'answered');
    webSocket.on('message', (data: Buffer, isBinary: boolean) => {
      if (isBinary) connection.malformed();
      else connection.receive(data.toString('utf8'));
    });
    webSocket.on('pong', () => this.#living.set(webSocket, 'answered'));
    // Broken framing and frames that are too long end here; the close that follows says the rest.
    webSocket.on('error', () => connection.malformed());
    webSocket.on('close', () => {
      this.#living.delete(webSocket);
      connection.dropped();
    });
  }

  #ask(): void {
    for (const [webSocket, answer] of this.#living) {
      if (answer === 'asked') webSocket.terminate();
      else {
        this.#living.set(webSocket, 'asked');
        webSocket.ping();
      }
    }
  }
}

/**
 * Frames as they go over the wire (RFC 6455 5.2): final, unmasked, whole. A frame that many get is framed once, and each
 * of them costs one write of the same bytes; `ws` writes its pings and its closing in between, never inside.
 */
class WireFrames {
  readonly #known = new WeakMap<Uint8Array, Buffer>();

  of(payload: Uint8Array, isPacked: boolean): Buffer {
    const known = this.#known.get(payload);
    if (known) return known;
    const length = payload.byteLength;
    const start = length < 126 ? 2 : length <= 0xffff ? 4 : 10;
    const wire = Buffer.allocUnsafe(start + length);
    wire[0] = isPacked ? 0x82 : 0x81;
    wire[1] = start === 2 ? length : start === 4 ? 126 : 127;
    if (start === 4) wire.writeUInt16BE(length, 2);
    else if (start === 10) wire.writeBigUInt64BE(BigInt(length), 2);
    wire.set(payload, start);
    this.#known.set(payload, wire);
    return wire;
  }
}

function socketOf(webSocket: WebSocket, socket: Duplex, frames: WireFrames): RoomSocket {
  return {
    send(frame, isPacked = false) {
      if (webSocket.readyState !== webSocket.OPEN) return 0;
      socket.write(frames.of(frame, isPacked));
      return socket.writableLength;
    },
    close(code, reason) {
      webSocket.close(code, reason);
      // A client that does not read does not answer the closing either.
      setTimeout(() => webSocket.terminate(), CLOSE_LIMIT_MS).unref();
    },
    isOpen: () => webSocket.readyState === webSocket.OPEN,
  };
}
