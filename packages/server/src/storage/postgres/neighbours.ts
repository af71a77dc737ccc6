import { randomUUID } from 'node:crypto';
import type { Ear, NeighbourSubject, Neighbours } from '../../domain/neighbours.js';
import type { NoticeLine } from './notice-line.js';

export const NEIGHBOURS_CHANNEL = 'officina_neighbours';

/** PostgreSQL carries 8,000 bytes less one; our own name goes with each. */
const LONGEST_NOTICE = 7_900;
/** Stands for all that could not be told: whoever hears it has missed something. */
const SOMETHING = 'null';

/** The servers that listen on one PostgreSQL. */
export class PostgresNeighbours implements Neighbours {
  readonly #line: NoticeLine;
  readonly #node = randomUUID();
  readonly #ears = new Set<{ subject: NeighbourSubject; ear: Ear }>();
  #owesSomething = false;

  constructor(line: NoticeLine) {
    this.#line = line;
    line.join({
      onNotice: (channel, payload) => {
        if (channel === NEIGHBOURS_CHANNEL) this.#receive(payload);
      },
      onBack: () => {
        this.#miss();
        if (this.#owesSomething) void this.#send(SOMETHING);
      },
    });
  }

  tell(subject: NeighbourSubject, message: unknown): void {
    const notice = JSON.stringify([subject, message]);
    void this.#send(Buffer.byteLength(notice) > LONGEST_NOTICE ? SOMETHING : notice);
  }

  listen(subject: NeighbourSubject, ear: Ear): () => void {
    const listening = { subject, ear };
    this.#ears.add(listening);
    return () => {
      this.#ears.delete(listening);
    };
  }

  async #send(notice: string): Promise<void> {
    const isSent = await this.#line.send(NEIGHBOURS_CHANNEL, `${this.#node} ${notice}`);
    if (!isSent) this.#owesSomething = true;
    else if (notice === SOMETHING) this.#owesSomething = false;
  }

  #receive(payload: string): void {
    const at = payload.indexOf(' ');
    if (payload.slice(0, at) === this.#node) return;
    const notice = payload.slice(at + 1);
    if (notice === SOMETHING) {
      this.#miss();
      return;
    }
    const [subject, message] = JSON.parse(notice) as [NeighbourSubject, unknown];
    for (const each of [...this.#ears]) if (each.subject === subject) each.ear.hear(message);
  }

  #miss(): void {
    for (const { ear } of [...this.#ears]) ear.missed();
  }
}
