import type { Message } from '@officina/engine/writer/replica';
import {
  ATTACHMENT_LIMITS,
  attachmentsOf,
  bytesWithin,
  INLINE_BYTES,
  namingAttachments,
  pictureTypeOf,
  type SequencedOperation,
} from '@officina/protocol';

/** The part of `fetch` that is used here. */
export interface AttachmentTransport {
  put(sha256: string, bytes: Uint8Array): Promise<{ readonly status: number; readonly words: string }>;
  get(sha256: string): Promise<Uint8Array>;
}

export interface AttachmentsDeps {
  readonly transport: AttachmentTransport;
  readonly sha256Of: (bytes: Uint8Array) => Promise<string>;
  readonly schedule: (task: () => void, delayMs: number) => () => void;
}

/** A picture that the room will not have, whoever asks again. */
export class PictureRefused extends Error {}

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 8_000;
/** Answers that another try does not change. */
const FINAL: ReadonlySet<number> = new Set([403, 404, 411, 413, 415, 422]);
/** Bytes of fetched pictures that wait here for their operations; what has run is in the document. */
const KEPT_MOST = 64 * 1024 * 1024;

/** Pictures go beside the operations that bring them: put to the room first, fetched from it before they are shown. */
export class Attachments {
  readonly #deps: AttachmentsDeps;
  readonly #names = new WeakMap<Uint8Array, string>();
  /** Names that the room has. */
  readonly #placed = new Set<string>();
  readonly #kept = new Map<string, Uint8Array>();
  readonly #fetching = new Map<string, Promise<void>>();

  constructor(deps: AttachmentsDeps) {
    this.#deps = deps;
  }

  /** What of a message goes to the room, or null while the room lacks a picture of it: `place` them first. */
  payloadOf({ ops, touch }: Message): object | null {
    const locks = touch === undefined ? {} : { touch };
    const within = bytesWithin(ops);
    if (within.length === 0) return { ops, ...locks };
    if (within.some((bytes) => isHeavy(bytes) && !this.#placed.has(this.#names.get(bytes) ?? '')))
      return null;
    const { value, names } = namingAttachments(ops, (bytes) => this.#names.get(bytes), base64Of);
    return { ops: value, ...locks, ...(names.length > 0 && { blobs: names }) };
  }

  /** Puts every picture of a message to the room; rejects with `PictureRefused` when it will not have one. */
  async place({ ops }: Message): Promise<void> {
    for (const bytes of bytesWithin(ops).filter(isHeavy)) {
      const name = this.#names.get(bytes) ?? (await this.#deps.sha256Of(bytes));
      this.#names.set(bytes, name);
      this.#keep(name, bytes);
      if (this.#placed.has(name)) continue;
      await this.#put(name, bytes);
      this.#placed.add(name);
    }
  }

  /** How many of these operations can run now, from the first on; the rest waits for its pictures. */
  readyCount(operations: readonly SequencedOperation[]): number {
    const missing = operations.findIndex(({ o }) => attachmentsOf(o).some((name) => !this.#kept.has(name)));
    return missing < 0 ? operations.length : missing;
  }

  readonly bytesOf = (name: string): Uint8Array | undefined => this.#kept.get(name);

  /** Fetches what an operation needs, however long it takes: nothing behind it can run before. */
  async fetchFor({ o }: SequencedOperation): Promise<void> {
    await Promise.all(attachmentsOf(o).map((name) => this.#fetch(name)));
  }

  /** These operations have run: only what waits for others is kept. */
  ran(operations: readonly SequencedOperation[]): void {
    for (const { o } of operations) {
      for (const name of attachmentsOf(o)) {
        const bytes = this.#kept.get(name);
        // The newest last, so that the oldest go first.
        if (bytes) this.#keep(name, bytes);
      }
    }
    let sum = [...this.#kept.values()].reduce((total, { length }) => total + length, 0);
    for (const [name, { length }] of this.#kept) {
      if (sum <= KEPT_MOST) return;
      this.#kept.delete(name);
      sum -= length;
    }
  }

  #keep(name: string, bytes: Uint8Array): void {
    this.#kept.delete(name);
    this.#kept.set(name, bytes);
  }

  async #put(name: string, bytes: Uint8Array): Promise<void> {
    if (bytes.length > ATTACHMENT_LIMITS.bytes) throw new PictureRefused('the picture is too large.');
    for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
      const answer = await this.#deps.transport.put(name, bytes).catch(() => null);
      if (answer !== null && answer.status >= 200 && answer.status < 300) return;
      if (answer !== null && FINAL.has(answer.status)) throw new PictureRefused(answer.words);
      await this.#pause(pause);
    }
  }

  #fetch(name: string): Promise<void> {
    if (this.#kept.has(name)) return Promise.resolve();
    const already = this.#fetching.get(name);
    if (already) return already;
    const fetching = this.#fetchLong(name).finally(() => this.#fetching.delete(name));
    this.#fetching.set(name, fetching);
    return fetching;
  }

  async #fetchLong(name: string): Promise<void> {
    for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
      const bytes = await this.#deps.transport.get(name).catch(() => null);
      // Another picture in its place would show here what nobody else sees.
      if (bytes !== null && (await this.#deps.sha256Of(bytes)) === name) {
        this.#keep(name, bytes);
        this.#placed.add(name);
        return;
      }
      await this.#pause(pause);
    }
  }

  #pause(delayMs: number): Promise<void> {
    return new Promise((resolve) => this.#deps.schedule(resolve, delayMs));
  }
}

/** Too heavy to go inside an operation, and of a kind that the room keeps beside it. */
function isHeavy(bytes: Uint8Array): boolean {
  return bytes.length > INLINE_BYTES && pictureTypeOf(bytes) !== null;
}

/** More arguments than this at once are too many for a call. */
const CHUNK = 8_192;

function base64Of(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += CHUNK)
    text += String.fromCharCode(...bytes.subarray(at, at + CHUNK));
  return btoa(text);
}
