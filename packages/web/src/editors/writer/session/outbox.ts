import type { Message } from '@officina/engine/writer/replica';

/** Own messages that the server has not acknowledged, kept where a crash of this window cannot reach them. */
export interface Outbox {
  /** Keeps `message` until it is forgotten. Never throws: without storage the window's memory is all there is. */
  keep(message: Message): void;
  /** Everything of this client up to `n` is durable on the server. */
  forget(n: number): void;
  /** What this client had kept when its window was last closed, oldest first. */
  leftOver(): Promise<readonly Message[]>;
}

const DATABASE = 'officina-writer';
const STORE = 'outbox';

interface Row {
  /** Session and client, then number: one key range is one client's queue. */
  readonly key: [session: string, client: string, n: number];
  readonly message: Message;
}

/** An outbox in IndexedDB. Writes go out together, once per turn of the event loop. */
export class IndexedOutbox implements Outbox {
  readonly #session: string;
  readonly #client: string;
  readonly #database: Promise<IDBDatabase | null>;
  #waiting: Message[] = [];
  #forgetTo = 0;
  #flushing = false;

  constructor(factory: IDBFactory | undefined, session: string, client: string) {
    this.#session = session;
    this.#client = client;
    this.#database = openDatabase(factory);
  }

  keep(message: Message): void {
    this.#waiting.push(message);
    this.#flushSoon();
  }

  forget(n: number): void {
    if (n <= this.#forgetTo) return;
    this.#forgetTo = n;
    this.#flushSoon();
  }

  async leftOver(): Promise<readonly Message[]> {
    const database = await this.#database;
    if (database === null) return [];
    const store = database.transaction(STORE, 'readonly').objectStore(STORE);
    const rows = await settled<Row[]>(store.getAll(this.#range(Number.POSITIVE_INFINITY)));
    return (rows ?? []).map((row) => row.message);
  }

  #flushSoon(): void {
    if (this.#flushing) return;
    this.#flushing = true;
    void this.#database.then((database) => {
      this.#flushing = false;
      if (database !== null) this.#flush(database);
    });
  }

  #flush(database: IDBDatabase): void {
    const transaction = database.transaction(STORE, 'readwrite', { durability: 'relaxed' });
    const store = transaction.objectStore(STORE);
    for (const message of this.#waiting) {
      if (message.id.n > this.#forgetTo) {
        store.put({ key: [this.#session, this.#client, message.id.n], message } satisfies Row);
      }
    }
    this.#waiting = [];
    if (this.#forgetTo > 0) store.delete(this.#range(this.#forgetTo));
    // All of it leaves this window now: a letter that is on the screen is kept even if the window ends in that moment.
    transaction.commit();
  }

  #range(to: number): IDBKeyRange {
    return IDBKeyRange.bound([this.#session, this.#client, 0], [this.#session, this.#client, to]);
  }
}

/** Clients of this session that left something behind. */
export async function clientsWithLeftOvers(
  factory: IDBFactory | undefined,
  session: string,
): Promise<readonly string[]> {
  const database = await openDatabase(factory);
  if (database === null) return [];
  const store = database.transaction(STORE, 'readonly').objectStore(STORE);
  const range = IDBKeyRange.bound([session], [session, []]);
  const keys = (await settled<IDBValidKey[]>(store.getAllKeys(range))) ?? [];
  database.close();
  return [...new Set(keys.map((key) => String((key as [string, string, number])[1])))];
}

async function openDatabase(factory: IDBFactory | undefined): Promise<IDBDatabase | null> {
  if (factory === undefined) return null;
  try {
    const request = factory.open(DATABASE, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: 'key' });
    return await settled<IDBDatabase>(request);
  } catch {
    // Storage is barred in some private windows and sandboxed frames, by an exception rather than an error event.
    return null;
  }
}

function settled<T>(request: IDBRequest<T>): Promise<T | null> {
  return new Promise((resolve) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => resolve(null);
  });
}
