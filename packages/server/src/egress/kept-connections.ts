import type { Client } from 'undici';
import type { Clock } from '../domain/time.js';

/** Well below what any receiver waits before it closes an idle connection itself: the next request must not meet that. */
const KEEP_MS = 500;
/** As many as deliveries run at once. */
const MOST_KEPT = 16;

interface Kept {
  name: string;
  client: Client;
  since: number;
}

/** Connections whose last exchange ended well, for a moment: a backlog for one application need not connect for each file. */
export class KeptConnections {
  #kept: Kept[] = [];

  constructor(private readonly clock: Clock) {}

  /** One of that name that is still fresh, or a new one. */
  take(name: string, connect: () => Client): Client {
    this.#dropStale();
    const at = this.#kept.findLastIndex((kept) => kept.name === name);
    return this.#kept.splice(at, at < 0 ? 0 : 1)[0]?.client ?? connect();
  }

  keep(name: string, client: Client): void {
    this.#dropStale();
    if (this.#kept.length >= MOST_KEPT) drop(this.#kept.shift());
    this.#kept.push({ name, client, since: this.clock() });
  }

  #dropStale(): void {
    const now = this.clock();
    const isFresh = ({ since, client }: Kept) =>
      now - since >= 0 && now - since < KEEP_MS && !client.closed && !client.destroyed;
    const fresh = this.#kept.filter(isFresh);
    for (const kept of this.#kept) if (!fresh.includes(kept)) drop(kept);
    this.#kept = fresh;
  }
}

function drop(kept: Kept | undefined): void {
  kept?.client.destroy(null).catch(() => {});
}
