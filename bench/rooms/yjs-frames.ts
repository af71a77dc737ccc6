import { Buffer } from 'node:buffer';
import { createRequire } from 'node:module';

/** What the load needs of Yjs, which is installed with the peers alone. */
interface Yjs {
  Doc: new () => YDoc;
  encodeStateAsUpdate(document: YDoc): Uint8Array;
  applyUpdate(document: YDoc, update: Uint8Array): void;
  decodeUpdate(update: Uint8Array): {
    structs: readonly { id: { client: number; clock: number }; length: number }[];
  };
}

interface YDoc {
  clientID: number;
  getText(name: string): { readonly length: number; insert(index: number, text: string): void };
  on(event: 'update', listener: (update: Uint8Array) => void): void;
}

export const NAME_OF_TEXT = 'body';

let loaded: Yjs | undefined;

export function yjs(): Yjs {
  loaded ??= createRequire(new URL('../peers/package.json', import.meta.url))('yjs') as Yjs;
  return loaded;
}

/** A chain of single characters, each behind the one before, as updates of Yjs. */
export function typedUpdates(client: number, count: number): readonly Uint8Array[] {
  const document = new (yjs().Doc)();
  document.clientID = client;
  const updates: Uint8Array[] = [];
  document.on('update', (update) => updates.push(update));
  const text = document.getText(NAME_OF_TEXT);
  for (let n = 0; n < count; n += 1) text.insert(n, String.fromCharCode(97 + (n % 26)));
  return updates;
}

export function varUint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 0x7f; rest = Math.floor(rest / 128)) bytes.push(0x80 | (rest & 0x7f));
  bytes.push(rest);
  return Buffer.from(bytes);
}

export function varBytes(bytes: Uint8Array): Buffer {
  return Buffer.concat([varUint(bytes.length), bytes]);
}

export function varText(text: string): Buffer {
  return varBytes(Buffer.from(text));
}

/** Reads what the functions above write. */
export class FrameReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  varUint(): number {
    let value = 0;
    let scale = 1;
    for (;;) {
      const byte = this.#bytes[this.#at] ?? 0;
      this.#at += 1;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
      scale *= 128;
    }
  }

  varBytes(): Buffer {
    const length = this.varUint();
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }
}

const SYNC = 0;
const AWARENESS = 1;
const STEP_1 = 0;
const STEP_2 = 1;
const UPDATE = 2;

/** The frames of the Yjs protocols; Hocuspocus has the name of the document before each (`address`). */
export const frames = {
  update: (address: Buffer, update: Uint8Array) =>
    Buffer.concat([address, Buffer.from([SYNC, UPDATE]), varBytes(update)]),
  /** Asks for everything. */
  ask: (address: Buffer) => Buffer.concat([address, Buffer.from([SYNC, STEP_1, 1, 0])]),
  /** Person and caret, as the Yjs bindings of editors send them: all of it each time. */
  caret: (address: Buffer, client: number, clock: number, at: number) => {
    const place = { type: null, tname: NAME_OF_TEXT, item: { client, clock: at }, assoc: 0 };
    const state = {
      user: { name: `Person ${client}`, color: '#3b6fd4' },
      cursor: { anchor: place, head: place },
    };
    const update = Buffer.concat([
      varUint(1),
      varUint(client),
      varUint(clock),
      varText(JSON.stringify(state)),
    ]);
    return Buffer.concat([address, Buffer.from([AWARENESS]), varBytes(update)]);
  },
};

/** The update in a frame, whether it answers a question or comes from somebody; undefined for any other frame. */
export function updateIn(
  payload: Buffer,
  hasAddress: boolean,
): { isAnswer: boolean; update: Buffer } | undefined {
  const reader = new FrameReader(payload);
  if (hasAddress) reader.varBytes();
  if (reader.varUint() !== SYNC) return undefined;
  const step = reader.varUint();
  if (step !== STEP_2 && step !== UPDATE) return undefined;
  return { isAnswer: step === STEP_2, update: reader.varBytes() };
}
