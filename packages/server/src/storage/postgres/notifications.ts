import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { LocalSignals, type SaveSignals } from '../signals.js';

const CHANNEL = 'officina_saves';
const RECONNECT_MS = 1_000;

/** Signals between the nodes on one PostgreSQL, over LISTEN and NOTIFY on a connection of its own. */
export class PostgresSignals implements SaveSignals {
  readonly #databaseUrl: string;
  readonly #local = new LocalSignals();
  /** Tells our own notifications from those of others. */
  readonly #node = randomUUID();
  #client: pg.Client | undefined;
  #retry: NodeJS.Timeout | undefined;
  #isClosed = false;
  #sending: Promise<void> | undefined;
  #isAskedAgain = false;

  private constructor(databaseUrl: string) {
    this.#databaseUrl = databaseUrl;
  }

  static async open(databaseUrl: string): Promise<PostgresSignals> {
    const signals = new PostgresSignals(databaseUrl);
    await signals.#connect();
    return signals;
  }

  onWaiting(listener: () => void): () => void {
    return this.#local.onWaiting(listener);
  }

  /** Tells everybody: this process at once, the others with at most one notification on its way at a time. */
  raise(): void {
    this.#local.raise();
    if (this.#sending !== undefined) {
      this.#isAskedAgain = true;
      return;
    }
    this.#sending = this.#send().finally(() => {
      this.#sending = undefined;
      if (!this.#isAskedAgain) return;
      this.#isAskedAgain = false;
      this.raise();
    });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#retry);
    await this.#sending;
    await this.#client?.end();
  }

  /** A notification that is lost costs time and no job: jobs are found by asking, sooner or later. */
  async #send(): Promise<void> {
    if (this.#isClosed) return;
    await this.#client?.query('select pg_notify($1, $2)', [CHANNEL, this.#node]).catch(() => {});
  }

  async #connect(): Promise<void> {
    const client = new pg.Client({
      connectionString: this.#databaseUrl,
      application_name: 'officina',
      keepAlive: true,
    });
    client.on('notification', ({ payload }) => {
      if (payload !== this.#node) this.#local.raise();
    });
    // The end of the connection, with or without an error, is handled once, below.
    client.on('error', () => {});
    client.on('end', () => this.#reconnectLater());
    await client.connect();
    await client.query(`listen ${CHANNEL}`);
    this.#client = client;
  }

  #reconnectLater(): void {
    this.#client = undefined;
    if (this.#isClosed) return;
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => {
      this.#connect().then(
        // What was said meanwhile was not heard.
        () => this.#local.raise(),
        () => this.#reconnectLater(),
      );
    }, RECONNECT_MS);
    this.#retry.unref();
  }
}
