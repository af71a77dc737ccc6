import { Buffer } from 'node:buffer';
import { inflateRawSync } from 'node:zlib';
import { FRAME_DICTIONARY, type ServerMessage } from '@officina/protocol';
import type { RoomSocket } from '../ports.js';

/** A socket that keeps what it is sent. */
export class FakeSocket implements RoomSocket {
  readonly frames: string[] = [];
  /** What `send` answers: bytes that the network has not taken. */
  backlog = 0;
  closed: { code: number; reason: string } | undefined;
  onClose: () => void = () => {};

  /** How many of the frames came packed. */
  packed = 0;

  send(frame: Uint8Array, isPacked = false): number {
    if (this.closed) throw new Error('The socket is closed.');
    if (isPacked) this.packed += 1;
    const text = isPacked ? inflateRawSync(frame, { dictionary: Buffer.from(FRAME_DICTIONARY) }) : frame;
    this.frames.push(Buffer.from(text).toString('utf8'));
    return this.backlog;
  }

  close(code: number, reason: string): void {
    if (this.closed) return;
    this.closed = { code, reason };
    this.onClose();
  }

  isOpen(): boolean {
    return this.closed === undefined;
  }

  get messages(): ServerMessage[] {
    return this.frames.flatMap((frame) => JSON.parse(frame) as ServerMessage[]);
  }

  all<T extends ServerMessage['t']>(type: T): Extract<ServerMessage, { t: T }>[] {
    return this.messages.filter((message): message is Extract<ServerMessage, { t: T }> => message.t === type);
  }
}
