import type { Buffer } from 'node:buffer';
import { Buffer as Bytes } from 'node:buffer';
import { fileURLToPath } from 'node:url';
import type { Contender, Person, Running } from './contender.js';
import { LightSocket } from './light-socket.js';
import { type Footing, type ServerProcess, startProcess } from './server-process.js';
import { frames, typedUpdates, updateIn, varText, yjs } from './yjs-frames.js';

export type PeerName = 'hocuspocus' | 'y-websocket';

/** More keys than anybody types in a measurement. */
const KEYS = 160;
const AUTH = 2;
const TOKEN = 0;

/** A peer, with every document opening as what `storedFile` holds. */
export async function startPeer(
  name: PeerName,
  footing: Footing,
  storedFile?: string,
): Promise<ServerProcess> {
  const script = fileURLToPath(new URL(`../peers/${name}.mjs`, import.meta.url));
  return startProcess(footing, [script, ...(storedFile ? [storedFile] : [])]);
}

export function peerContender(name: PeerName, footing: Footing): Contender {
  return {
    name,
    async start(): Promise<Running> {
      const server = await startPeer(name, footing);
      return {
        pid: server.pid,
        stop: () => server.stop(),
        async gather(people) {
          const gathered: YjsPerson[] = [];
          for (let index = 0; index < people; index += 1) {
            const person = new YjsPerson(name, 'shared', 1_000 + index, KEYS);
            await person.join(server.url);
            gathered.push(person);
          }
          return gathered;
        },
      };
    },
  };
}

/** Speaks to a peer as its own page does: update and awareness in a frame each, made before they are needed. */
export class YjsPerson implements Person {
  readonly #client: number;
  readonly #document: string;
  readonly #hasAddress: boolean;
  readonly #address: Buffer;
  readonly #updates: readonly Buffer[];
  readonly #carets: readonly Buffer[];
  #socket: LightSocket | undefined;
  #typed = 0;

  constructor(peer: PeerName, document: string, client: number, keys: number) {
    this.#client = client;
    this.#document = document;
    this.#hasAddress = peer === 'hocuspocus';
    this.#address = this.#hasAddress ? varText(document) : Bytes.alloc(0);
    this.#updates = typedUpdates(client, keys).map((update) => frames.update(this.#address, update));
    this.#carets = this.#updates.map((_, n) => frames.caret(this.#address, client, n + 1, n));
  }

  get isOpen(): boolean {
    return this.#socket?.isOpen ?? false;
  }

  get bytes(): number {
    return this.#socket?.bytes ?? 0;
  }

  /** Resolves with the document's whole state. */
  async join(url: string): Promise<Uint8Array> {
    return new Promise((resolve, reject) => {
      const read = (payload: Buffer) => {
        const found = updateIn(payload, this.#hasAddress);
        if (!found?.isAnswer) return;
        this.#socket?.listen(() => {});
        resolve(Uint8Array.from(found.update));
      };
      const path = this.#hasAddress ? '/' : `/${this.#document}`;
      LightSocket.open(`${url.replace('http:', 'ws:')}${path}`, read).then((socket) => {
        this.#socket = socket;
        if (this.#hasAddress) {
          const token = Bytes.concat([varText('anybody'), varText('4.7.0')]);
          socket.sendBytes(Bytes.concat([this.#address, Bytes.from([AUTH, TOKEN]), token]));
        }
        socket.sendBytes(frames.ask(this.#address));
      }, reject);
    });
  }

  type(): string {
    const n = this.#typed;
    const update = this.#updates[n];
    const caret = this.#carets[n];
    if (!update || !caret) throw new Error('Nobody types that much.');
    this.#typed += 1;
    this.#socket?.sendBytes(update);
    this.#socket?.sendBytes(caret);
    return `${this.#client}:${n}`;
  }

  listen(heard: (key: string) => void): void {
    this.#socket?.listen((payload) => this.#tell(payload, heard));
  }

  doze(): void {
    this.#socket?.listen(null);
  }

  stayAlive(): void {
    this.#socket?.pong();
  }

  leave(): void {
    this.#socket?.close();
  }

  #tell(payload: Buffer, heard: (key: string) => void): void {
    const found = updateIn(payload, this.#hasAddress);
    if (!found) return;
    for (const { id, length } of yjs().decodeUpdate(found.update).structs) {
      for (let n = id.clock; n < id.clock + length; n += 1) heard(`${id.client}:${n}`);
    }
  }
}
