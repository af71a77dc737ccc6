import { Buffer } from 'node:buffer';
import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';

/** A mask of zeros leaves the payload as it is, so that a client's frame costs the load next to nothing. */
const NO_MASK = Buffer.alloc(4);
const MASKED = 0x80;
const FINAL = 0x80;
const TEXT = 1;
const BINARY = 2;
const PONG = 10;

/**
 * A WebSocket that only counts the bytes it gets, until somebody wants to read them: the load must not be what is measured.
 * What a server sends is unmasked and, for all of these, whole in one frame.
 */
export class LightSocket {
  bytes = 0;
  frames = 0;
  readonly #socket: Socket;
  #rest: Buffer = Buffer.alloc(0);
  #read: ((payload: Buffer, isBinary: boolean) => void) | null = null;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.on('data', (chunk) => this.#take(chunk));
    socket.on('error', () => socket.destroy());
  }

  /** Resolves when the server has accepted the upgrade; `read` gets every frame from the first. */
  static open(url: string, read: (payload: Buffer, isBinary: boolean) => void): Promise<LightSocket> {
    const { hostname, port, pathname } = new URL(url);
    return new Promise((resolve, reject) => {
      const socket = connect(Number(port), hostname);
      socket.once('error', reject);
      socket.once('close', () => reject(new Error(`${url} closed before it was open.`)));
      const head: Buffer[] = [];
      const onHead = (chunk: Buffer) => {
        head.push(chunk);
        const all = Buffer.concat(head);
        const end = all.indexOf('\r\n\r\n');
        if (end < 0) return;
        socket.off('data', onHead);
        if (!all.toString('latin1', 0, 12).endsWith('101')) {
          reject(new Error(`${url} answers ${all.toString('latin1', 0, 40)}`));
          return;
        }
        const opened = new LightSocket(socket);
        opened.#read = read;
        opened.#take(all.subarray(end + 4));
        resolve(opened);
      };
      socket.on('data', onHead);
      socket.write(
        `GET ${pathname} HTTP/1.1\r\nHost: ${hostname}:${port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
          `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${randomBytes(16).toString('base64')}\r\n\r\n`,
      );
    });
  }

  get isOpen(): boolean {
    return this.#socket.writable && !this.#socket.destroyed;
  }

  /** Hands every further frame to `read`; null: only counts bytes from now on, for good. */
  listen(read: ((payload: Buffer, isBinary: boolean) => void) | null): void {
    this.#read = read;
  }

  sendText(text: string): void {
    this.#send(TEXT, Buffer.from(text));
  }

  sendBytes(payload: Uint8Array): void {
    this.#send(BINARY, payload);
  }

  /** Says that it is alive: who only counts bytes answers no ping. */
  pong(): void {
    this.#send(PONG, NO_MASK.subarray(0, 0));
  }

  close(): void {
    this.#socket.destroy();
  }

  #send(opcode: number, payload: Uint8Array): void {
    const head =
      payload.length < 126
        ? Buffer.from([FINAL | opcode, MASKED | payload.length])
        : Buffer.from([FINAL | opcode, MASKED | 126, payload.length >> 8, payload.length & 0xff]);
    if (payload.length > 0xffff) throw new Error('A frame of the load is too long.');
    if (!this.#socket.destroyed) this.#socket.write(Buffer.concat([head, NO_MASK, payload]));
  }

  #take(chunk: Buffer): void {
    this.bytes += chunk.length;
    if (this.#read === null && this.#rest.length === 0) return;
    let rest = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    for (let frame = firstFrame(rest); frame !== null; frame = firstFrame(rest)) {
      rest = rest.subarray(frame.end);
      this.frames += 1;
      if (frame.opcode === TEXT || frame.opcode === BINARY)
        this.#read?.(frame.payload, frame.opcode === BINARY);
    }
    // The end of a frame that is only half here has to be found before bytes can be merely counted.
    this.#rest = rest;
  }
}

function firstFrame(bytes: Buffer): { opcode: number; payload: Buffer; end: number } | null {
  if (bytes.length < 2) return null;
  const short = (bytes[1] as number) & 0x7f;
  const start = short < 126 ? 2 : short === 126 ? 4 : 10;
  if (bytes.length < start) return null;
  const length =
    short < 126 ? short : short === 126 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2));
  const end = start + length;
  if (bytes.length < end) return null;
  return { opcode: (bytes[0] as number) & 0x0f, payload: bytes.subarray(start, end), end };
}
