import { type Compilable, sql } from 'kysely';
import type { Document, DocumentKey, DocumentStore } from '../../domain/documents/document.js';
import type { Session } from '../../domain/sessions/session.js';
import type { CountedCall } from '../../domain/usage/usage-store.js';
import type { Database, Step } from '../database.js';
import type { DocumentRow } from '../tables.js';
import { asFlag, asJson, type Columns, columnNames, valuesIn, writeColumns } from './columns.js';
import { fixedStatement, preparedStatement } from './fixed-statement.js';
import { sessionInsert } from './sessions.js';
import { callCounter, countIn } from './usage.js';

const COLUMNS: Columns<Document> = {
  key: { name: 'key' },
  face: { name: 'face' },
  kind: { name: 'kind' },
  apiKeyId: { name: 'api_key_id' },
  documentId: { name: 'document_id' },
  name: { name: 'name' },
  locked: { name: 'locked', ...asFlag },
  settingsAtUnlock: { name: 'settings_at_unlock', ...asJson },
  createdAt: { name: 'created_at' },
  expiresAt: { name: 'expires_at' },
  state: { name: 'state' },
  endedAt: { name: 'ended_at' },
  purgeAt: { name: 'purge_at' },
  importedSha256: { name: 'imported_sha256' },
  originalBlob: { name: 'original_blob' },
  baseBlob: { name: 'base_blob' },
  deliveredSequence: { name: 'delivered_sequence' },
};

export class SqlDocumentStore implements DocumentStore {
  readonly #database: Database;
  readonly #count: (call: CountedCall) => Compilable;
  readonly #insert: (document: Document) => Compilable;
  readonly #insertSession: (session: Session) => Compilable;
  readonly #newestLife: ReturnType<typeof newestLife>;
  readonly #updates = new Map<string, Update>();

  constructor(database: Database) {
    this.#database = database;
    this.#count = callCounter(database);
    this.#insert = documentInsert(database);
    this.#insertSession = sessionInsert(database);
    this.#newestLife = newestLife(database);
  }

  async find(key: DocumentKey): Promise<Document | undefined> {
    const row = await this.#select().where('key', '=', key).executeTakeFirst();
    return row && toDocument(row);
  }

  async findById(apiKeyId: string, documentId: string): Promise<Document | undefined> {
    const { rows } = await this.#database.db.executeQuery(this.#newestLife({ apiKeyId, documentId }));
    return rows[0] && toDocument(rows[0]);
  }

  async add(document: Document, first?: Session, call?: CountedCall): Promise<number> {
    const outcomes = await this.#database.atomically([
      this.#insertLife(document),
      ...(first ? [this.#insertSession(first)] : []),
      ...(call ? [this.#count(call)] : []),
    ]);
    return call ? countIn(outcomes.at(-1)) : 0;
  }

  async replace(
    former: DocumentKey,
    document: Document,
    ended: { at: number; purgeAt: number },
  ): Promise<readonly string[]> {
    const { db } = this.#database;
    const endFormer = db
      .updateTable('documents')
      .set({ state: 'expired', ended_at: ended.at, purge_at: ended.purgeAt })
      .where('key', '=', former)
      .where('state', '=', 'living');
    const endOpened = db
      .updateTable('sessions')
      .set({ state: 'expired', ended_at: ended.at })
      .where('document_key', '=', former)
      .where('state', '=', 'living')
      .where('opened_at', 'is not', null)
      .returning('id');
    const moveUnopened = db
      .updateTable('sessions')
      .set({ document_key: document.key })
      .where('document_key', '=', former)
      .where('state', '=', 'living');
    const latestExpiry = db
      .selectFrom('sessions')
      .select(({ fn }) => fn.max('expires_at').as('latest'))
      .where('document_key', '=', document.key)
      .where('state', '=', 'living');
    const coverMoved = db
      .updateTable('documents')
      .set({ expires_at: latestExpiry })
      .where('key', '=', document.key)
      .where('expires_at', '<', latestExpiry);
    const outcomes = await this.#database.atomically([
      { statement: endFormer, elseRefuse: `The document ${former} no longer lives.` },
      endOpened,
      this.#insertLife(document),
      moveUnopened,
      coverMoved,
    ]);
    return (outcomes[1]?.rows ?? []).map((row) => String(row.id));
  }

  async update(key: DocumentKey, change: Partial<Omit<Document, 'key' | 'apiKeyId'>>): Promise<void> {
    const row = writeColumns<Document>(COLUMNS, change);
    if (Object.keys(row).length === 0) return;
    await this.#database.db.executeQuery(this.#updateOf(Object.keys(row))({ ...row, 'the key': key }));
  }

  async listExpired(now: number, limit: number): Promise<readonly Document[]> {
    const rows = await this.#select()
      .where('state', '=', 'living')
      .where('expires_at', '<=', now)
      .orderBy('expires_at')
      .orderBy('key')
      .limit(limit)
      .execute();
    return rows.map(toDocument);
  }

  async listPurgeable(now: number, limit: number): Promise<readonly Document[]> {
    const rows = await this.#select()
      .where('state', '!=', 'living')
      .where('purge_at', '<=', now)
      .orderBy('purge_at')
      .orderBy('key')
      .limit(limit)
      .execute();
    return rows.map(toDocument);
  }

  async remove(key: DocumentKey): Promise<void> {
    await this.#database.db.deleteFrom('documents').where('key', '=', key).execute();
  }

  /** Refused by the index on living documents when there is one already. */
  #insertLife(document: Document): Step {
    return {
      statement: this.#insert(document),
      elseRefuse: `There is already a living document ${document.documentId} of this API key.`,
    };
  }

  /** One statement for each set of columns. */
  #updateOf(columns: readonly string[]): Update {
    const shape = columns.join(' ');
    let update = this.#updates.get(shape);
    if (!update) {
      update = preparedStatement((blank) =>
        this.#database.db
          .updateTable('documents')
          .set(Object.fromEntries(columns.map((name) => [name, blank(name)])))
          .where('key', '=', blank<string>('the key')),
      );
      this.#updates.set(shape, update);
    }
    return update;
  }

  #select() {
    return this.#database.db.selectFrom('documents').selectAll();
  }
}

type Update = ReturnType<typeof preparedStatement>;

/** Asked at every opening, call and delivery. */
function newestLife({ db }: Database) {
  return preparedStatement((blank) =>
    db
      .selectFrom('documents')
      .select(columnNames(COLUMNS) as (keyof DocumentRow)[])
      .where('api_key_id', '=', blank<string>('apiKeyId'))
      .where('document_id', '=', blank<string>('documentId'))
      .orderBy('life', 'desc')
      .limit(1),
  );
}

/** The statement that adds a life's row, and changes nothing where one lives already. */
function documentInsert({ db }: Database): (document: Document) => Compilable {
  const empty = Object.fromEntries(columnNames(COLUMNS).map((name) => [name, null]));
  const life = sql<number>`(
    select coalesce(max(life), 0) + 1 from documents where api_key_id = ${null} and document_id = ${null}
  )`;
  return fixedStatement(
    () =>
      db
        .insertInto('documents')
        .values({ ...(empty as unknown as DocumentRow), life })
        .onConflict((conflict) => conflict.doNothing())
        .returning('key'),
    (document) => [
      ...valuesIn(COLUMNS, writeColumns<Document>(COLUMNS, document)),
      document.apiKeyId,
      document.documentId,
    ],
  );
}

function toDocument(row: DocumentRow): Document {
  return {
    key: row.key,
    face: row.face as Document['face'],
    kind: row.kind as Document['kind'],
    apiKeyId: row.api_key_id,
    documentId: row.document_id,
    name: row.name,
    locked: row.locked === 1,
    settingsAtUnlock:
      row.settings_at_unlock === null
        ? null
        : (JSON.parse(row.settings_at_unlock) as Document['settingsAtUnlock']),
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    state: row.state as Document['state'],
    endedAt: row.ended_at,
    purgeAt: row.purge_at,
    importedSha256: row.imported_sha256,
    originalBlob: row.original_blob,
    baseBlob: row.base_blob,
    deliveredSequence: row.delivered_sequence,
  };
}
