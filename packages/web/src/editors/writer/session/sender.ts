import type { Message } from '@officina/engine/writer/replica';
import type { ClientMessage } from '@officina/protocol';
import { type Attachments, PictureRefused } from './attachments.js';

/** Typing goes out in one frame per this time: short for the eye, long enough to hold a burst of keys. */
const SEND_AFTER_MS = 30;

export interface SenderDeps {
  readonly schedule: (task: () => void, delayMs: number) => () => void;
  readonly attachments: Pick<Attachments, 'payloadOf' | 'place'>;
  /** False where there is no link to send by. */
  readonly send: (...messages: ClientMessage[]) => boolean;
}

export interface SenderListener {
  /** The save goes out, or waits for what was typed before it. */
  saveAsked(): void;
  /** The room does not take a picture of the message with this number: the message does not go out. */
  pictureRefused(n: number, reason: string): void;
}

/** What this window has for the room, in its order: operations when their pictures are there, and behind them a save. */
export class Sender {
  readonly #deps: SenderDeps;
  readonly #listener: SenderListener;
  #isOpen = false;
  #waiting: Message[] = [];
  #isDue = false;
  /** Whose pictures are on their way to the room: nothing behind it goes out before. */
  #placing: Message | null = null;
  /** A save that was asked for while something of before was still here. */
  #save: { readonly force: boolean } | null = null;

  constructor(deps: SenderDeps, listener: SenderListener) {
    this.#deps = deps;
    this.#listener = listener;
  }

  /** The room has let this window in. */
  open(): void {
    this.#isOpen = true;
  }

  /** The link broke. What the room has not got is handed over again, by `resend`, after the next `open`. */
  close(): void {
    this.#isOpen = false;
    this.#waiting = [];
    this.#save = null;
  }

  /** Drops what waits: the document is opened anew. */
  clear(): void {
    this.#waiting = [];
  }

  /** Goes out soon, together with what else comes until then. */
  add(message: Message): void {
    this.#waiting.push(message);
    if (this.#isDue) return;
    this.#isDue = true;
    this.#deps.schedule(() => {
      this.#isDue = false;
      this.flush();
    }, SEND_AFTER_MS);
  }

  /** All that the room has not got, unchanged and under the same numbers. */
  resend(messages: readonly Message[]): void {
    if (!this.#isOpen) return;
    this.#waiting = [...messages];
    this.flush();
  }

  flush(): void {
    if (!this.#isOpen) return;
    const ready: ClientMessage[] = [];
    for (let first = this.#waiting[0]; first !== undefined; first = this.#waiting[0]) {
      const o = this.#deps.attachments.payloadOf(first);
      if (o === null) {
        this.#place(first);
        break;
      }
      ready.push({ t: 'op', n: first.id.n, base: first.base, o });
      this.#waiting.shift();
    }
    if (ready.length > 0) this.#deps.send(...ready);
    if (this.#waiting.length === 0) this.#sendSave();
  }

  /** Asks for a save of all that was added before. */
  save(force: boolean): void {
    this.#save = { force };
    this.flush();
    if (this.#save === null) return;
    if (this.#isOpen && this.#waiting.length > 0) this.#listener.saveAsked();
    else this.#sendSave();
  }

  /** Puts a message's pictures to the room, then goes on sending. */
  #place(message: Message): void {
    if (this.#placing === message) return;
    this.#placing = message;
    void this.#deps.attachments
      .place(message)
      .catch((error: unknown) => {
        if (!(error instanceof PictureRefused)) throw error;
        this.#waiting = this.#waiting.filter((each) => each !== message);
        this.#listener.pictureRefused(message.id.n, error.message);
      })
      .finally(() => {
        this.#placing = null;
        this.flush();
      });
  }

  #sendSave(): void {
    if (this.#save === null) return;
    const { force } = this.#save;
    this.#save = null;
    if (this.#deps.send(force ? { t: 'save', force } : { t: 'save' })) this.#listener.saveAsked();
  }
}
