import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AppError } from '@officina/protocol';
import type { FastifyInstance } from 'fastify';
import { Accounts } from '../../../domain/accounts/accounts.js';
import { Tickets } from '../../../domain/accounts/tickets.js';
import { BlobKeeper } from '../../../domain/documents/blob-keeper.js';
import { ApiKeys, hashApiKey } from '../../../domain/keys/api-keys.js';
import { makeApiKey } from '../../../domain/keys/make-api-key.js';
import { Authorship } from '../../../domain/library/authorship.js';
import { LibraryChanges } from '../../../domain/library/changes.js';
import type { DocumentExports } from '../../../domain/library/export-formats.js';
import { Library } from '../../../domain/library/library.js';
import { Shelf } from '../../../domain/library/shelf.js';
import { Sharing } from '../../../domain/sharing/sharing.js';
import { FakeEngine } from '../../../domain/testing/fake-collaborators.js';
import { FakeTime } from '../../../domain/testing/fake-time.js';
import { SeededRandom } from '../../../domain/testing/random.js';
import { openStorage, type Storage } from '../../../storage/index.js';
import { createApp } from '../../app.js';
import { UploadBudget } from '../../kit/upload-budget.js';
import { DATA_API_DEFAULTS, type DataApiOptions, dataApiFace, refuseBrokenCall } from '../index.js';

export const KEY = 'abcdef0123456789abcdef0123456789';
export const PASSWORD = 'right horse';

/** A file that the fake engine takes for a document. */
export const DOCX = 'first draft';

export interface LabOptions extends Partial<DataApiOptions> {
  convert?: DocumentExports['convert'];
  /** Other ids for everybody. */
  seed?: number;
}

/** The face over real SQLite, a fake clock and an engine that takes any text for a document. */
export interface Lab {
  app: FastifyInstance;
  storage: Storage;
  time: FakeTime;
  accounts: Accounts;
  tickets: Tickets;
  authorship: Authorship;
  shelf: Shelf;
  sharing: Sharing;
  uploads: UploadBudget;
  /** Opens an account `NAME@example.org` with the login name `NAME`, and logs in. */
  person(name: string): Promise<Person>;
  /** One request, as it is. */
  send(request: Sent): Promise<Received>;
  close(): Promise<void>;
}

export interface Sent {
  method?: string;
  url: string;
  query?: Readonly<Record<string, string>>;
  /** An urlencoded body. */
  form?: Readonly<Record<string, string>>;
  multipart?: Readonly<Record<string, string | { fileName: string; content: string; type?: string }>>;
  headers?: Readonly<Record<string, string>>;
  body?: string;
}

export interface Received {
  status: number;
  headers: Readonly<Record<string, unknown>>;
  text: string;
}

/** Somebody who is logged in, and calls with key and ticket in the query. */
export class Person {
  readonly #lab: Lab;
  readonly name: string;
  readonly id: string;
  readonly ticket: string;

  constructor(lab: Lab, name: string, id: string, ticket: string) {
    this.#lab = lab;
    this.name = name;
    this.id = id;
    this.ticket = ticket;
  }

  get email(): string {
    return `${this.name.toLowerCase()}@example.org`;
  }

  get query() {
    return { apikey: KEY, ticket: this.ticket };
  }

  get(path: string, query: Readonly<Record<string, string>> = {}): Promise<Received> {
    return this.#lab.send({ url: `/api/private/${path}`, query: { ...this.query, ...query } });
  }

  post(path: string, form: Readonly<Record<string, string>> = {}): Promise<Received> {
    return this.#lab.send({ method: 'POST', url: `/api/private/${path}`, query: this.query, form });
  }

  /** Uploads a document and returns its id. */
  async upload(name: string, content: string = DOCX, fields: Readonly<Record<string, string>> = {}) {
    const answer = await this.#lab.send({
      method: 'POST',
      url: '/api/private/json/uploadDocument',
      query: this.query,
      multipart: { ...fields, content: { fileName: `${name}.docx`, content } },
    });
    const { result } = JSON.parse(answer.text).response;
    if (result === undefined) throw new Error(answer.text);
    return String(result.documentId);
  }
}

const BOUNDARY = 'officina-test-boundary';

export async function openLab(options: LabOptions = {}): Promise<Lab> {
  const { convert, seed = 7, ...chosen } = options;
  const dataFolder = await mkdtemp(join(tmpdir(), 'officina-data-api-'));
  const storage = await openStorage({ dataFolder, databaseUrl: null, blobBucket: null });
  const time = new FakeTime();
  const { clock } = time;
  const random = new SeededRandom(seed);
  const letters = (count: number, alphabet: string) =>
    Array.from({ length: count }, () => alphabet[random.below(alphabet.length)]).join('');
  const randomHex = (bytes: number) => letters(bytes * 2, '0123456789abcdef');
  const accounts = new Accounts({ ...storage, clock, randomHex, passwordCost: { logN: 4, r: 1, p: 1 } });
  const tickets = new Tickets({ accounts, tickets: storage.tickets, clock, randomHex });
  const blobs = new BlobKeeper(storage.blobs, storage.blobReferences);
  const changes = new LibraryChanges();
  const authorship = new Authorship({
    ...storage,
    changes,
    engine: new FakeEngine(),
    blobs,
    clock,
    randomDigits: (count) => letters(1, '123456789') + letters(count - 1, '0123456789'),
  });
  const exports: DocumentExports = { exportAs: exportText, convert: convert ?? missConverter };
  const library = new Library({ ...storage, exports, clock });
  const shelf = new Shelf({ ...storage, blobs, changes, clock });
  const sharing = new Sharing({ ...storage, accounts, changes, clock });
  const keys = new ApiKeys({ store: storage.keys, clock });
  await storage.keys.add(makeApiKey('Tests', clock()), hashApiKey(KEY));
  const apiOptions = { ...DATA_API_DEFAULTS, ...chosen };
  const uploads = new UploadBudget(16 * 1024 * 1024);
  const face = dataApiFace({
    library,
    authorship,
    shelf,
    sharing,
    keys,
    tickets,
    uploads,
    maxUploadBytes: 1024 * 1024,
    clock,
    options: apiOptions,
  });
  const app = await createApp({
    trustedProxies: [],
    faces: [face],
    refuse: (path, reason) => refuseBrokenCall(apiOptions, path, reason),
  });
  const send = (request: Sent) => sendTo(app, request);
  const lab: Lab = {
    app,
    storage,
    time,
    accounts,
    tickets,
    authorship,
    shelf,
    sharing,
    uploads,
    send,
    async person(name) {
      const email = `${name.toLowerCase()}@example.org`;
      const { id } = await accounts.add({ email, displayName: name, password: PASSWORD });
      const login = { name: email, password: PASSWORD, service: 'ZohoWriter', address: '127.0.0.1' };
      const { secret } = await tickets.issue('ticket', login);
      return new Person(lab, name, id, secret);
    },
    async close() {
      await app.close();
      await storage.close();
      await rm(dataFolder, { recursive: true });
    },
  };
  return lab;
}

/** The fake engine's documents are their own text; a page with a picture is a zip. */
const exportText: DocumentExports['exportAs'] = async (docx, format, title) => {
  const text = new TextDecoder().decode(docx);
  if (format === 'txt') return { bytes: new TextEncoder().encode(`${text}\n`), packaging: 'plain' };
  if (text.includes('picture')) return { bytes: new TextEncoder().encode('PK'), packaging: 'zip' };
  const page = `<html><head><title>${title}</title></head><body><p>${text}</p></body></html>`;
  return { bytes: new TextEncoder().encode(page), packaging: 'plain' };
};

const missConverter: DocumentExports['convert'] = async (_docx, format) => {
  throw new AppError('engine_missing', `The format ${format} was asked for, which needs LibreOffice.`);
};

async function sendTo(app: FastifyInstance, request: Sent): Promise<Received> {
  const { method = 'GET', url, query, form, multipart, headers = {} } = request;
  const search = query ? `${url.includes('?') ? '&' : '?'}${new URLSearchParams(query)}` : '';
  const [body, type] = bodyOf(form, multipart);
  const answer = await app.inject({
    method: method as 'GET',
    url: url + search,
    headers: { ...(type === undefined ? {} : { 'content-type': type }), ...headers },
    ...(request.body !== undefined || body !== undefined ? { payload: request.body ?? body ?? '' } : {}),
  });
  return { status: answer.statusCode, headers: answer.headers, text: answer.body };
}

function bodyOf(
  form: Sent['form'],
  multipart: Sent['multipart'],
): [body: string | undefined, type: string | undefined] {
  if (multipart) {
    const parts = Object.entries(multipart).map(([name, value]) => {
      if (typeof value === 'string') return `content-disposition: form-data; name="${name}"\r\n\r\n${value}`;
      const type = value.type ?? 'application/download';
      return `content-disposition: form-data; name="${name}"; filename="${value.fileName}"\r\ncontent-type: ${type}\r\n\r\n${value.content}`;
    });
    const body = `${parts.map((part) => `--${BOUNDARY}\r\n${part}\r\n`).join('')}--${BOUNDARY}--\r\n`;
    return [body, `multipart/form-data; boundary=${BOUNDARY}`];
  }
  if (form) return [new URLSearchParams(form).toString(), 'application/x-www-form-urlencoded'];
  return [undefined, undefined];
}
