import type { Clock, Scheduler } from '../domain/time.js';
import { BACKLOG_LIMIT_BYTES, FAN_OUT_WINDOW_MS, PRESENCE_EVERY_MS, PRESENCE_WAIT_MS } from './limits.js';
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

/** Deliveries a second up to which every commit goes out at once. */
const FREE_DELIVERIES_PER_SECOND = 2_000;
/** Deliveries a second at which the window has its full width. */
const FULL_DELIVERIES_PER_SECOND = 500_000;

/**
 * How long durable operations are gathered before they go out: a send costs about the same for one operation as for
 * twenty, so the window grows with people × rate, and nobody waits in a quiet room. With its square root, because that is
 * where one more millisecond for everybody saves as much of the server as the one before it cost.
 */
export function fanOutWindow(people: number, operationsPerSecond: number): number {
  const deliveries = people * operationsPerSecond;
  if (deliveries <= FREE_DELIVERIES_PER_SECOND) return 0;
  return FAN_OUT_WINDOW_MS * Math.min(1, Math.sqrt(deliveries / FULL_DELIVERIES_PER_SECOND));
}

/** Sends one shared frame per flush to everybody: operations, comings and goings, and the newest selections. */
export class FanOut {
  readonly #deps: { clock: Clock; scheduler: Scheduler; metrics: RoomMetrics };
  readonly #listeners = new Set<Listener>();
  #operations: string[] = [];
  #others: string[] = [];
  /** Selections that changed since they were last sent, and the newest of everybody for those who join. */
  #selections = new Map<string, string>();
  readonly #newest = new Map<string, string>();
  #cancelFlush: (() => void) | undefined;
  #cancelPresence: (() => void) | undefined;
  #lastFlush = 0;
  #lastPresence = 0;
  #second = 0;
  #inThisSecond = 0;
  #inLastSecond = 0;

  constructor(deps: { clock: Clock; scheduler: Scheduler; metrics: RoomMetrics }) {
    this.#deps = deps;
  }

  add(listener: Listener): void {
    this.#listeners.add(listener);
  }

  remove(listener: Listener): void {
    this.#listeners.delete(listener);
  }

  /** Durable operations as JSON. They go out now, or when the window since the last frame is over. */
  sendOperations(operations: readonly string[]): void {
    const now = this.#deps.clock();
    this.#countRate(now, operations.length);
    this.#operations.push(...operations);
    const windowMs = fanOutWindow(this.#listeners.size, this.#rate());
    // The last frame may stand in the future: the clock can have been set back since.
    const due = Math.min(this.#lastFlush, now) + windowMs;
    if (due <= now) this.flush();
    else this.#cancelFlush ??= this.#deps.scheduler.schedule(due, () => this.flush());
  }

  /** Any other message as JSON; goes out at once, behind the operations that wait. */
  sendMessage(message: string): void {
    this.#others.push(message);
    this.flush();
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
      this.flush();
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

  /** Sends everything that waits. */
  flush(): void {
    const now = this.#deps.clock();
    this.#cancelFlush?.();
    this.#cancelFlush = undefined;
    const messages = this.#takeMessages(now);
    if (messages.length === 0) return;
    this.#lastFlush = now;
    const frame = new SharedFrame(`[${messages.join(',')}]`, this.#listeners.size);
    for (const listener of [...this.#listeners]) {
      const packed = listener.takesPacked ? frame.packed : undefined;
      this.send(listener, packed ?? frame.text, packed !== undefined);
    }
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
    this.#cancelFlush?.();
    this.#cancelPresence?.();
    this.#cancelFlush = undefined;
    this.#cancelPresence = undefined;
  }

  #takeMessages(now: number): string[] {
    const messages: string[] = [];
    if (this.#operations.length > 0) {
      messages.push(`{"t":"ops","operations":[${this.#operations.join(',')}]}`);
      this.#operations = [];
    }
    messages.push(...this.#others);
    this.#others = [];
    if (this.#selections.size > 0 && now - this.#lastPresence >= PRESENCE_EVERY_MS) {
      messages.push(presenceMessage(this.#selections));
      this.#selections = new Map();
      this.#lastPresence = now;
      this.#cancelPresence?.();
      this.#cancelPresence = undefined;
    }
    return messages;
  }

  #countRate(now: number, count: number): void {
    const second = Math.floor(now / 1_000);
    if (second !== this.#second) {
      this.#inLastSecond = second === this.#second + 1 ? this.#inThisSecond : 0;
      this.#inThisSecond = 0;
      this.#second = second;
    }
    this.#inThisSecond += count;
  }

  /** The busier of this second and the last: a burst widens the window before its second is over. */
  #rate(): number {
    return Math.max(this.#inThisSecond, this.#inLastSecond);
  }
}

/** Client ids hold no character that JSON would escape. */
function presenceMessage(selections: ReadonlyMap<string, string>): string {
  const texts = [...selections].map(
    ([client, selection]) => `{"client":"${client}","selection":${selection}}`,
  );
  return `{"t":"presence","selections":[${texts.join(',')}]}`;
}
