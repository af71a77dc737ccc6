import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Accounts } from '../../../domain/accounts/accounts.js';
import { Tickets } from '../../../domain/accounts/tickets.js';
import type { AccountArchives } from '../../../domain/archive/account-archives.js';
import { BlobKeeper } from '../../../domain/documents/blob-keeper.js';
import { Authorship } from '../../../domain/library/authorship.js';
import { Browsing } from '../../../domain/library/browse.js';
import { LibraryChanges } from '../../../domain/library/changes.js';
import { Editing } from '../../../domain/library/editing.js';
import type { DocumentExports } from '../../../domain/library/export-formats.js';
import { Library } from '../../../domain/library/library.js';
import { PagePictures } from '../../../domain/library/page-pictures.js';
import { SearchIndex } from '../../../domain/library/search-index.js';
import { Shelf } from '../../../domain/library/shelf.js';
import { createVersionDeliverer } from '../../../domain/library/version-deliverer.js';
import { Sharing } from '../../../domain/sharing/sharing.js';
import { makeDomain } from '../../../domain/testing/domain-fixture.js';
import { SeededRandom } from '../../../domain/testing/random.js';
import { openStorage } from '../../../storage/index.js';
import { createApp } from '../../app.js';
import { UploadBudget } from '../../kit/upload-budget.js';
import { createLibraryFace } from '../index.js';

export const PASSWORD = 'right horse';

export type LibraryLab = Awaited<ReturnType<typeof openLibraryLab>>;

/** The library over real SQLite and a fake clock, with rooms that say what they were told; any text is a document. */
export async function openLibraryLab() {
  const dataFolder = await mkdtemp(join(tmpdir(), 'officina-library-'));
  const storage = await openStorage({ dataFolder, databaseUrl: null, blobBucket: null });
  const domain = makeDomain();
  const { time, rooms, engine } = domain;
  const { clock } = time;
  const random = new SeededRandom(7);
  const letters = (count: number, alphabet: string) =>
    Array.from({ length: count }, () => alphabet[random.below(alphabet.length)]).join('');
  const randomHex = (bytes: number) => letters(bytes * 2, '0123456789abcdef');
  const accounts = new Accounts({ ...storage, clock, randomHex, passwordCost: { logN: 4, r: 1, p: 1 } });
  const tickets = new Tickets({ accounts, tickets: storage.tickets, clock, randomHex });
  const blobs = new BlobKeeper(storage.blobs, storage.blobReferences);
  const changes = new LibraryChanges();
  const faults: unknown[] = [];
  const report = (error: unknown) => void faults.push(error);
  const exports: DocumentExports = {
    exportAs: async (bytes) => ({ bytes, packaging: 'plain' }),
    convert: async (bytes) => bytes,
  };
  const library = new Library({ ...storage, exports, clock });
  const authorship = new Authorship({
    ...storage,
    ...{ engine, blobs, changes, clock },
    randomDigits: (count) => letters(1, '123456789') + letters(count - 1, '0123456789'),
  });
  const editing = new Editing({
    ...storage,
    changes,
    documents: domain.documents,
    documentService: domain.documentService,
    sessions: domain.sessions,
    saves: domain.saveStore,
    rooms,
    presence: rooms,
    clock,
    scheduler: time,
    report,
  });
  const searchIndex = new SearchIndex({ ...storage, exports, changes, report });
  const face = createLibraryFace({
    library,
    authorship,
    editing,
    shelf: new Shelf({ ...storage, blobs, changes, clock }),
    sharing: new Sharing({ ...storage, accounts, changes, clock }),
    browsing: new Browsing({ ...storage, clock }),
    pictures: new PagePictures({ draw: async (docx) => docx }),
    archives: undefined as unknown as AccountArchives,
    ...{ accounts, tickets, changes, clock, scheduler: time, shares: storage.shares },
    uploads: new UploadBudget(16 * 1024 * 1024),
    maxUploadBytes: 1024 * 1024,
    publicUrl: null,
  });
  const app = await createApp({ trustedProxies: [], faces: [face.plugin], refuse: () => undefined });
  await app.ready();
  return {
    ...{
      app,
      storage,
      domain,
      time,
      rooms,
      accounts,
      authorship,
      library,
      editing,
      changes,
      searchIndex,
      faults,
    },
    face,
    deliverer: createVersionDeliverer(
      { ...storage, authorship, sessions: domain.sessions, clock },
      {
        deliver: async () => {
          throw new Error('An application was meant.');
        },
      },
    ),
    /** Opens an account `NAME@example.org` and signs in. */
    async person(name: string): Promise<Person> {
      const email = `${name.toLowerCase()}@example.org`;
      const account = await accounts.add({ email, displayName: name, loginName: name, password: PASSWORD });
      const person = new Person(app, account);
      await person.signIn(name);
      return person;
    },
    /** Opens an account for any address by signing up, and signs in. */
    async stranger(name: string, email: string): Promise<Person> {
      const account = await accounts.signUp({ email, displayName: name, password: PASSWORD }, '192.0.2.1');
      const person = new Person(app, account);
      await person.signIn(name);
      return person;
    },
    /** Lets everything that a change set off come to its end. */
    async settle(documentId: string, account: Person): Promise<void> {
      await searchIndex.settled();
      await editing.requireEmpty(documentId).catch(() => undefined);
      await account.get(`documents/${documentId}`);
    },
    async close() {
      editing.stop();
      await searchIndex.stop();
      await app.close();
      await storage.close();
      await rm(dataFolder, { recursive: true, force: true });
    },
  };
}

type App = Awaited<ReturnType<typeof createApp>>;
type Account = Awaited<ReturnType<Accounts['add']>>;

/** Somebody at a browser that is signed in. */
export class Person {
  readonly #app: App;
  readonly account: Account;
  cookie = '';
  csrf = '';

  constructor(app: App, account: Account) {
    this.#app = app;
    this.account = account;
  }

  async signIn(name: string, password: string = PASSWORD) {
    const answer = await this.#app.inject({
      method: 'POST',
      url: '/library/api/sign-in',
      payload: { name, password },
    });
    this.cookie = String(answer.headers['set-cookie'] ?? '').split(';', 1)[0] ?? '';
    this.csrf = answer.json().csrf ?? '';
    return answer;
  }

  async get(path: string) {
    return await this.#app.inject({ url: `/library/api/${path}`, headers: { cookie: this.cookie } });
  }

  async post(path: string, payload: object = {}, headers: Record<string, string> = {}) {
    return await this.#app.inject({
      method: 'POST',
      url: `/library/api/${path}`,
      headers: { cookie: this.cookie, 'x-officina-csrf': this.csrf, ...headers },
      payload,
    });
  }

  /** Uploads a text as a document and returns its id. */
  async upload(name: string, content: string, path = 'documents/upload'): Promise<string> {
    const form = new FormData();
    form.set('content', new File([content], `${name}.docx`));
    const body = new Response(form);
    const answer = await this.#app.inject({
      method: 'POST',
      url: `/library/api/${path}`,
      headers: {
        cookie: this.cookie,
        'x-officina-csrf': this.csrf,
        'content-type': body.headers.get('content-type') ?? '',
      },
      payload: Buffer.from(await body.arrayBuffer()),
    });
    if (answer.statusCode !== 200) throw new Error(answer.body);
    return answer.json().id;
  }

  /** Names of a list, in its order. */
  async names(query: string): Promise<string[]> {
    return (await this.get(`documents?${query}`)).json().items.map(({ name }: { name: string }) => name);
  }
}
