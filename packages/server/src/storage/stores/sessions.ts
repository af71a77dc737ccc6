import type { Compilable } from 'kysely';
import type { DocumentKey } from '../../domain/documents/document.js';
import type { Session, SessionStore, SessionSummary } from '../../domain/sessions/session.js';
import type { CountedCall } from '../../domain/usage/usage-store.js';
import type { Database } from '../database.js';
import type { SessionRow } from '../tables.js';
import { asJson, type Columns, columnNames, valuesIn, writeColumns } from './columns.js';
import { fixedStatement } from './fixed-statement.js';
import { rowsAsText } from './rows-as-text.js';
import { callCounter, countIn } from './usage.js';

/** A session without its person, who has two columns. */
type FlatSession = Omit<Session, 'user'> & { userId: string; displayName: string };

const COLUMNS: Columns<FlatSession> = {
  id: { name: 'id' },
  apiKeyId: { name: 'api_key_id' },
  documentKey: { name: 'document_key' },
  documentId: { name: 'document_id' },
  mode: { name: 'mode' },
  userId: { name: 'user_id' },
  displayName: { name: 'display_name' },
  permissions: { name: 'permissions', ...asJson },
  callback: { name: 'callback', ...asJson },
  interfaceLanguage: { name: 'interface_language' },
  unit: { name: 'unit' },
  view: { name: 'view' },
  ui: { name: 'ui', ...asJson },
  createdAt: { name: 'created_at' },
  expiresAt: { name: 'expires_at' },
  expiresAtMost: { name: 'expires_at_most' },
  openedAt: { name: 'opened_at' },
  state: { name: 'state' },
  endedAt: { name: 'ended_at' },
};

export class SqlSessionStore implements SessionStore {
  readonly #database: Database;
  readonly #count: (call: CountedCall) => Compilable;
  readonly #insert: (session: Session) => Compilable;

  constructor(database: Database) {
    this.#database = database;
    this.#count = callCounter(database);
    this.#insert = sessionInsert(database);
  }

  async find(id: string): Promise<Session | undefined> {
    const row = await this.#select().where('id', '=', id).executeTakeFirst();
    return row && toSession(row);
  }

  async listLiving(documentKey: DocumentKey): Promise<readonly Session[]> {
    const rows = await this.#select()
      .where('document_key', '=', documentKey)
      .where('state', '=', 'living')
      .orderBy('created_at')
      .execute();
    // Ties are settled here: the order of texts in PostgreSQL depends on how its cluster was made.
    return rows.map(toSession).sort(byAge);
  }

  async summarizeLiving(documentKey: DocumentKey): Promise<readonly SessionSummary[]> {
    const { rows } = await this.#database.db
      .selectFrom('sessions')
      .select(rowsAsText(this.#database.kind, SUMMARY_COLUMNS).as('rows'))
      .where('document_key', '=', documentKey)
      .where('state', '=', 'living')
      .executeTakeFirstOrThrow();
    return (JSON.parse(rows) as SummaryRow[]).map(toSummary).sort(byAge);
  }

  async add(session: Session, call?: CountedCall): Promise<number> {
    const { db } = this.#database;
    const [, , counted] = await this.#database.atomically([
      this.#insert(session),
      db
        .updateTable('documents')
        .set({ expires_at: session.expiresAt })
        .where('key', '=', session.documentKey)
        .where('expires_at', '<', session.expiresAt),
      ...(call ? [this.#count(call)] : []),
    ]);
    return countIn(counted);
  }

  async update(
    id: string,
    change: Partial<Pick<Session, 'permissions' | 'expiresAt' | 'openedAt' | 'state' | 'endedAt'>>,
  ): Promise<void> {
    const row = writeColumns<FlatSession>(COLUMNS, change);
    if (Object.keys(row).length === 0) return;
    await this.#database.db.updateTable('sessions').set(row).where('id', '=', id).execute();
  }

  async endAll(
    documentKey: DocumentKey,
    state: 'deleted' | 'expired',
    at: number,
  ): Promise<readonly Session[]> {
    const rows = await this.#database.db
      .updateTable('sessions')
      .set({ state, ended_at: at })
      .where('document_key', '=', documentKey)
      .where('state', '=', 'living')
      .returningAll()
      .execute();
    return rows.map(toSession).sort(byAge);
  }

  async listExpired(now: number, limit: number): Promise<readonly Session[]> {
    const rows = await this.#select()
      .where('state', '=', 'living')
      .where('expires_at', '<=', now)
      .orderBy('expires_at')
      .orderBy('id')
      .limit(limit)
      .execute();
    return rows.map(toSession);
  }

  async purgeEnded(before: number): Promise<number> {
    const { numDeletedRows } = await this.#database.db
      .deleteFrom('sessions')
      .where('state', '!=', 'living')
      .where('ended_at', '<', before)
      .executeTakeFirst();
    return Number(numDeletedRows);
  }

  #select() {
    return this.#database.db.selectFrom('sessions').selectAll();
  }
}

/** The statement that adds a session's row. */
export function sessionInsert({ db }: Database): (session: Session) => Compilable {
  const empty = Object.fromEntries(columnNames(COLUMNS).map((name) => [name, null]));
  return fixedStatement(
    () => db.insertInto('sessions').values(empty as unknown as SessionRow),
    ({ user, ...rest }) => valuesIn(COLUMNS, writeColumns<FlatSession>(COLUMNS, { ...rest, ...user })),
  );
}

const SUMMARY_COLUMNS = [
  'id',
  'document_id',
  'mode',
  'user_id',
  'display_name',
  'created_at',
  'expires_at',
] as const satisfies readonly (keyof SessionRow)[];

/** The values of `SUMMARY_COLUMNS`, in their order. */
type SummaryRow = readonly [
  id: string,
  documentId: string,
  mode: Session['mode'],
  userId: string,
  displayName: string,
  createdAt: number,
  expiresAt: number,
];

function toSummary(row: SummaryRow): SessionSummary {
  const [id, documentId, mode, userId, displayName, createdAt, expiresAt] = row;
  return { id, documentId, mode, user: { userId, displayName }, createdAt, expiresAt };
}

function byAge(left: SessionSummary, right: SessionSummary): number {
  return left.createdAt - right.createdAt || (left.id < right.id ? -1 : 1);
}

function toSession(row: SessionRow): Session {
  return {
    id: row.id,
    apiKeyId: row.api_key_id,
    documentKey: row.document_key,
    documentId: row.document_id,
    mode: row.mode as Session['mode'],
    user: { userId: row.user_id, displayName: row.display_name },
    permissions: JSON.parse(row.permissions) as Session['permissions'],
    callback: row.callback === null ? null : (JSON.parse(row.callback) as Session['callback']),
    interfaceLanguage: row.interface_language,
    unit: row.unit as Session['unit'],
    view: row.view as Session['view'],
    ui: JSON.parse(row.ui) as Session['ui'],
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    expiresAtMost: row.expires_at_most,
    openedAt: row.opened_at,
    state: row.state as Session['state'],
    endedAt: row.ended_at,
  };
}
