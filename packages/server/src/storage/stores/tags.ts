import { type Expression, sql } from 'kysely';
import type { TagCount, TagStore } from '../../domain/library/tag-store.js';
import type { Database } from '../database.js';

/** SQLite takes an offset only with a limit. */
const ALL = Number.MAX_SAFE_INTEGER;

export class SqlTagStore implements TagStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async add(accountId: string, documentId: string, names: readonly string[]): Promise<void> {
    if (names.length === 0) return;
    await this.#database.db
      .insertInto('library_tags')
      .values(names.map((name) => ({ account_id: accountId, document_id: documentId, name })))
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }

  async remove(accountId: string, documentId: string, names: readonly string[]): Promise<void> {
    if (names.length === 0) return;
    await this.#database.db
      .deleteFrom('library_tags')
      .where('account_id', '=', accountId)
      .where('document_id', '=', documentId)
      .where('name', 'in', [...names])
      .execute();
  }

  async listOf(accountId: string, documentId: string): Promise<readonly string[]> {
    const rows = await this.#database.db
      .selectFrom('library_tags')
      .select('name')
      .where('account_id', '=', accountId)
      .where('document_id', '=', documentId)
      .orderBy('name')
      .execute();
    return rows.map(({ name }) => name);
  }

  async listAll(accountId: string): Promise<readonly { documentId: string; names: readonly string[] }[]> {
    const rows = await this.#database.db
      .selectFrom('library_tags')
      .select(['document_id', 'name'])
      .where('account_id', '=', accountId)
      .orderBy('document_id')
      .orderBy('name')
      .execute();
    const byDocument = new Map<string, string[]>();
    for (const { document_id: documentId, name } of rows) {
      const names = byDocument.get(documentId) ?? [];
      names.push(name);
      byDocument.set(documentId, names);
    }
    return [...byDocument].map(([documentId, names]) => ({ documentId, names }));
  }

  async list(
    accountId: string,
    { order, skip, limit }: { order: 'asc' | 'desc'; skip: number; limit: number | null },
  ): Promise<readonly TagCount[]> {
    const count: Expression<number> = sql`count(*)`;
    const rows = await this.#database.db
      .selectFrom('library_tags as t')
      .innerJoin('library_documents as d', 'd.id', 't.document_id')
      .leftJoin('library_shares as s', (join) =>
        join.onRef('s.document_id', '=', 't.document_id').on('s.account_id', '=', accountId),
      )
      .select(['t.name', sql<number>`${count}`.as('count')])
      .where('t.account_id', '=', accountId)
      .where('d.state', '=', 'kept')
      .where((eb) => eb.or([eb('d.owner_id', '=', accountId), eb('s.email', 'is not', null)]))
      .groupBy('t.name')
      .orderBy(count, order)
      .orderBy('t.name')
      .limit(limit ?? ALL)
      .offset(skip)
      .execute();
    return rows.map(({ name, count }) => ({ name, count: Number(count) }));
  }
}
