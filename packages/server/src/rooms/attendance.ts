import { GRACE_MS } from './limits.js';

/** Which sessions of a document are there: connected, or dropped so recently that they will be back. */
export class Attendance {
  readonly #connections = new Map<string, number>();
  readonly #droppedAt = new Map<string, number>();

  arrive(sessionId: string): void {
    this.#connections.set(sessionId, this.connectionsOf(sessionId) + 1);
    this.#droppedAt.delete(sessionId);
  }

  /** A `clean` departure was announced by the page; any other may be a network that comes back. */
  depart(sessionId: string, how: 'clean' | 'dropped', now: number): void {
    const left = this.connectionsOf(sessionId) - 1;
    if (left > 0) {
      this.#connections.set(sessionId, left);
      return;
    }
    this.#connections.delete(sessionId);
    if (how === 'dropped') this.#droppedAt.set(sessionId, now);
  }

  /** Ends the grace of a session that is over. */
  forget(sessionId: string): void {
    this.#droppedAt.delete(sessionId);
  }

  connectionsOf(sessionId: string): number {
    return this.#connections.get(sessionId) ?? 0;
  }

  activeSessions(now: number): Set<string> {
    const active = new Set(this.#connections.keys());
    for (const [sessionId, droppedAt] of this.#droppedAt) {
      if (now - droppedAt < GRACE_MS) active.add(sessionId);
      else this.#droppedAt.delete(sessionId);
    }
    return active;
  }
}
