import pg from 'pg';

const RECONNECT_MS = 1_000;

interface LineEnd {
  onNotice(channel: string, payload: string): void;
  /** The line is back after a break, in which nothing was heard. */
  onBack(): void;
}

/** LISTEN and NOTIFY on a connection of their own, which comes back when it breaks. */
export class NoticeLine {
  readonly #databaseUrl: string;
  readonly #channels: readonly string[];
  readonly #ends: LineEnd[] = [];
  #client: pg.Client | undefined;
  #retry: NodeJS.Timeout | undefined;
  #isClosed = false;
  /** The notice before: the connection takes one at a time. */
  #sent: Promise<unknown> = Promise.resolve();

  private constructor(databaseUrl: string, channels: readonly string[]) {
    this.#databaseUrl = databaseUrl;
    this.#channels = channels;
  }

  static async open(databaseUrl: string, channels: readonly string[]): Promise<NoticeLine> {
    const line = new NoticeLine(databaseUrl, channels);
    await line.#connect();
    return line;
  }

  join(end: LineEnd): void {
    this.#ends.push(end);
  }

  /** In the order of the calls; false when the notice may not have gone out. */
  send(channel: string, payload: string): Promise<boolean> {
    const sent = this.#sent.then(() => this.#notify(channel, payload));
    this.#sent = sent;
    return sent;
  }

  /** Sends what waits, then ends. */
  async close(): Promise<void> {
    await this.#sent;
    this.#isClosed = true;
    clearTimeout(this.#retry);
    await this.#client?.end();
  }

  async #notify(channel: string, payload: string): Promise<boolean> {
    if (this.#isClosed || this.#client === undefined) return false;
    return await this.#client.query('select pg_notify($1, $2)', [channel, payload]).then(
      () => true,
      () => false,
    );
  }

  async #connect(): Promise<void> {
    const client = new pg.Client({
      connectionString: this.#databaseUrl,
      application_name: 'officina',
      keepAlive: true,
    });
    client.on('notification', ({ channel, payload }) => {
      for (const end of this.#ends) end.onNotice(channel, payload ?? '');
    });
    // The end of the connection, with or without an error, is handled once, below.
    client.on('error', () => {});
    client.on('end', () => this.#reconnectLater());
    await client.connect();
    for (const channel of this.#channels) await client.query(`listen ${channel}`);
    this.#client = client;
  }

  #reconnectLater(): void {
    this.#client = undefined;
    if (this.#isClosed) return;
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => {
      this.#connect().then(
        () => {
          for (const end of this.#ends) end.onBack();
        },
        () => this.#reconnectLater(),
      );
    }, RECONNECT_MS);
    this.#retry.unref();
  }
}
