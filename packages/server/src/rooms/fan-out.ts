import type { Clock, Scheduler } from '../domain/time.js';
import { BACKLOG_LIMIT_BYTES, PRESENCE_EVERY_MS, PRESENCE_WAIT_MS } from './limits.js';
import type { RoomMetrics } from './metrics.js';
import type { RoomSocket } from './ports.js';
import { SharedFrame } from './shared-frame.js';

/** Somebody who gets the room's frames. */
export interface Listener {
  readonly socket: RoomSocket;
  /** Whether it reads packed frames. */
  readonly takesPacked: boolean;
  /** The network does not take what it is sent: to be closed, and resumed from the log when it comes back. */
  tooSlow(): void;
}

/** Sends one shared frame at a time to everybody: operations, comings and goings, and the newest selections. */
export class FanOut {
  readonly #deps: { clock: Clock; scheduler: Scheduler; metrics: RoomMetrics };
  readonly #listeners = new Set<Listener>();
  /** Selections that changed since they were last sent, and the newest of everybody for those who join. */
  #selections = new Map<string, string>();
  readonly #newest = new Map<string, string>();
  #cancelPresence: (() => void) | undefined;
  #lastPresence = 0;

  constructor(deps: { clock: Clock; scheduler: Scheduler; metrics: RoomMetrics }) {
    this.#deps = deps;
  }

  add(listener: Listener): void {
    this.#listeners.add(listener);
  }

  remove(listener: Listener): void {
    this.#listeners.delete(listener);
  }

  /** A commit's operations as JSON; they go out at once. */
  sendOperations(operations: readonly string[]): void {
    this.#sendToAll(`{"t":"ops","operations":[${operations.join(',')}]}`);
  }

  /** Any other message as JSON; goes out at once. */
  sendMessage(message: string): void {
    this.#sendToAll(message);
  }

  /** The newest selection of a client; goes out with the next frame when it is time for selections, else by itself. */
  sendSelection(client: string, selection: string): void {
    this.#selections.set(client, selection);
    this.#newest.set(client, selection);
    if (this.#cancelPresence) return;
    const now = this.#deps.clock();
    const due = Math.max(now + PRESENCE_WAIT_MS, Math.min(this.#lastPresence, now) + PRESENCE_EVERY_MS);
    this.#cancelPresence = this.#deps.scheduler.schedule(due, () => {
      this.#cancelPresence = undefined;
      this.#sendToAll();
    });
  }

  forgetSelection(client: string): void {
    this.#selections.delete(client);
    this.#newest.delete(client);
  }

  /** The message that tells a newcomer where everybody is; nothing when nobody is anywhere. */
  newestSelections(): readonly string[] {
    return this.#newest.size === 0 ? [] : [presenceMessage(this.#newest)];
  }

  /** Sends a frame to one listener and gives up on it when too much waits. */
  send(listener: Listener, frame: Uint8Array, isPacked = false): void {
    if (!listener.socket.isOpen()) return;
    this.#deps.metrics.framesSent += 1;
    this.#deps.metrics.bytesSent += frame.byteLength;
    // The frame itself is no backlog: a welcome may be larger than the limit, and would never arrive.
    const waiting = listener.socket.send(frame, isPacked) - frame.byteLength;
    if (waiting > BACKLOG_LIMIT_BYTES) listener.tooSlow();
  }

  /** Cancels what is scheduled. */
  stop(): void {
    this.#cancelPresence?.();
    this.#cancelPresence = undefined;
  }

  /** One frame with the messages, and with the selections when it is time for them. */
  #sendToAll(...messages: string[]): void {
    const now = this.#deps.clock();
    if (this.#selections.size > 0 && now - this.#lastPresence >= PRESENCE_EVERY_MS) {
      messages.push(presenceMessage(this.#selections));
      this.#selections = new Map();
      this.#lastPresence = now;
      this.#cancelPresence?.();
      this.#cancelPresence = undefined;
    }
    if (messages.length === 0) return;
    const frame = new SharedFrame(`[${messages.join(',')}]`, this.#listeners.size);
    for (const listener of [...this.#listeners]) {
      const packed = listener.takesPacked ? frame.packed : undefined;
      this.send(listener, packed ?? frame.text, packed !== undefined);
    }
  }
}

/** Client ids hold no character that JSON would escape. */
function presenceMessage(selections: ReadonlyMap<string, string>): string {
  const texts = [...selections].map(
    ([client, selection]) => `{"client":"${client}","selection":${selection}}`,
  );
  return `{"t":"presence","selections":[${texts.join(',')}]}`;
}
