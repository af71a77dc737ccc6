import { createOfficina, type OpenedDocument, type OpenRequest } from '@officina/client';
import { createTestServer, type TestServer, type TestServerOptions } from '@officina/client/testing';
import type { SaveProgress } from '@officina/protocol';
import type { Save } from '../../packages/server/src/domain/saving/save.js';
import { API_KEY, type DoomedServer } from './doomed-server.js';
import { judge, noting, Promises } from './promises.js';
import { Typist } from './typist.js';

/** How often a thing that must come is looked for. */
const LOOK_MS = 50;
/** When it has not come by then it does not come: long, since a machine may have little time for it. */
const MOST_MS = 600_000;

/** One document, the application that it is saved to, and everything that was promised about it. */
export class Stage {
  readonly promises = new Promises();
  /** Every step of a save that somebody at the document was told. */
  readonly heard: SaveProgress[] = [];
  readonly #typists: Typist[] = [];
  #tokens = 0;

  private constructor(
    readonly receiver: TestServer,
    readonly session: OpenedDocument,
  ) {}

  /** `timeoutMs` and `retries` are the caller's. */
  static async set(
    server: DoomedServer,
    caller: { timeoutMs: number; retries: number },
    application: TestServerOptions = {},
    document?: NonNullable<OpenRequest['document']>,
  ): Promise<Stage> {
    const receiver = await createTestServer(application);
    const session = await createOfficina({ baseUrl: server.url, apiKey: API_KEY }).openDocument({
      documentName: 'Chaos',
      ...(document ? { document } : {}),
      user: { id: 'ann', displayName: 'Ann' },
      callback: { saveUrl: receiver.url, format: 'docx', ...caller },
    });
    return new Stage(receiver, session);
  }

  /** A person at the document, on this server. */
  async join(server: DoomedServer): Promise<Typist> {
    const name = `stage-${this.#typists.length}`;
    const events = noting(this.promises);
    const typist = await Typist.join(server.url, this.session.sessionId, name, {
      ...events,
      onSave: (progress) => {
        this.heard.push(progress);
        events.onSave(progress);
      },
    });
    this.#typists.push(typist);
    return typist;
  }

  /** A person who comes back, again and again until there is a way in. */
  async rejoin(server: DoomedServer): Promise<Typist> {
    let typist: Typist | undefined;
    await until('somebody can join', async () => {
      typist = await this.join(server).catch(() => undefined);
      return typist !== undefined;
    });
    return typist as Typist;
  }

  /** Types a word and waits until it is safe. */
  async typeSafely(typist: Typist): Promise<void> {
    const token = this.type(typist);
    await until(`${token} is safe`, () => this.promises.safe.includes(token));
  }

  /** Types a word of which nobody waits to hear. */
  type(typist: Typist): string {
    this.#tokens += 1;
    const token = `(stage ${this.#tokens})`;
    typist.type(token);
    return token;
  }

  /** Asks for a save over the API; once this resolves it is accepted. Returns its id. */
  async accept(server: DoomedServer): Promise<string> {
    const safe = this.promises.safe.length;
    const api = createOfficina({ baseUrl: server.url, apiKey: API_KEY });
    const { delivery_id: id } = await api.save(this.session.sessionId, { force: true });
    this.promises.accepted.set(String(id), safe);
    return String(id);
  }

  /** Resolves when every save of the ledger has reached the application, or given way to one that has. */
  async settled(server: DoomedServer): Promise<readonly Save[]> {
    let ledger: readonly Save[] = [];
    await until('every save is settled', async () => {
      ledger = (await server.readLedger()).filter((save) => this.#isMine(save));
      return ledger.every(({ state }) => state === 'delivered' || state === 'superseded');
    });
    return ledger;
  }

  /** What was promised and not kept, as the server has it now. */
  async judge(server: DoomedServer): Promise<string[]> {
    const typist = await this.join(server);
    const ledger = (await server.readLedger()).filter((save) => this.#isMine(save));
    return judge({ promises: this.promises, text: typist.text, ledger, received: this.receiver.received });
  }

  #isMine({ documentId }: Save): boolean {
    return documentId === this.session.documentId;
  }

  async clear(): Promise<void> {
    for (const typist of this.#typists) typist.leave();
    await this.receiver.close();
  }
}

/** Waits for a thing, never for a time; rejects with its name when it does not come. */
export async function until(what: string, isSo: () => boolean | Promise<boolean>): Promise<void> {
  for (let waitedMs = 0; !(await isSo()); waitedMs += LOOK_MS) {
    if (waitedMs > MOST_MS) throw new Error(`It did not come that ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}
