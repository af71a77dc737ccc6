import type { LibrarySort } from '@officina/protocol';
import { type Expression, type SelectQueryBuilder, sql } from 'kysely';
import type { BrowsedEntry, BrowsedVersion, BrowseQuery, BrowseStore } from '../../domain/library/browse.js';
import type { SearchStore } from '../../domain/library/search-index.js';
import type { Database } from '../database.js';
import type { Tables } from '../tables.js';
import { type EntryRow, joinEntries, toEntry } from './library-entries.js';

/** Queries over different tables that give the same rows; `d` is always the document. */
type Chosen = SelectQueryBuilder<Tables & { d: Tables['library_documents'] }, 'd', object>;

interface BrowsedRow extends EntryRow {
  holder_name: string | null;
  /** One a line; null when there is none. */
  own_tags: string | null;
}

const SORT_COLUMNS: Readonly<Record<LibrarySort, 'd.modified_at' | 'd.created_at' | 'd.name'>> = {
  modified: 'd.modified_at',
  created: 'd.created_at',
  name: 'd.name',
};

export class SqlBrowseStore implements BrowseStore, SearchStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async browse(query: BrowseQuery): Promise<readonly BrowsedEntry[]> {
    const { sort, accountId, limit } = query;
    const key =
      query.view === 'shared' && sort === 'modified' ? sql.ref<number>('s.modified_at') : sortKey(sort);
    const id = query.view === 'shared' ? sql.ref<string>('s.document_id') : sql.ref<string>('d.id');
    const page = this.#narrow(this.#choose(query), query, key, id)
      .select(['d.id as document_id', 'd.modified_at', this.#ownRight(accountId)])
      .orderBy(key, sort === 'name' ? 'asc' : 'desc')
      .orderBy(id, 'asc')
      .limit(limit);
    const rows = await this.#withDetails(page, accountId)
      .orderBy(sortKey(sort), sort === 'name' ? 'asc' : 'desc')
      .orderBy('p.document_id', 'asc')
      .execute();
    return rows.map(toBrowsed);
  }

  async browseOne(accountId: string, documentId: string): Promise<BrowsedEntry | undefined> {
    const one = this.#documents()
      .where('d.id', '=', documentId)
      .select(['d.id as document_id', 'd.modified_at', this.#ownRight(accountId)]);
    const row = await this.#withDetails(one, accountId).executeTakeFirst();
    return row && toBrowsed(row);
  }

  async listVersions(documentId: string): Promise<readonly BrowsedVersion[]> {
    // Somebody who wrote elsewhere and never had an account here is known by the address.
    const address = sql<string | null>`case when v.created_by like '%@%' then v.created_by end`;
    return await this.#database.db
      .selectFrom('library_versions as v')
      .leftJoin('accounts as a', 'a.id', 'v.created_by')
      .select(({ fn }) => [
        'v.number',
        'v.created_at as createdAt',
        fn.coalesce('a.display_name', address).as('by'),
      ])
      .where('v.document_id', '=', documentId)
      .orderBy('v.number', 'desc')
      .execute();
  }

  async put(documentId: string, { version, content }: { version: number; content: string }): Promise<void> {
    await this.#database.db
      .insertInto('library_texts')
      .columns(['document_id', 'version', 'content'])
      .expression((eb) =>
        eb
          .selectFrom('library_documents')
          .select(({ cast, val }) => [
            'id',
            cast<number>(val(version), 'bigint').as('version'),
            cast<string>(val(content), 'text').as('content'),
          ])
          .where('id', '=', documentId),
      )
      .onConflict((conflict) => conflict.column('document_id').doUpdateSet({ version, content }))
      .execute();
  }

  async listMissing(limit: number): Promise<readonly string[]> {
    const rows = await this.#database.db
      .selectFrom('library_documents as d')
      .leftJoin('library_texts as x', (join) =>
        join.onRef('x.document_id', '=', 'd.id').onRef('x.version', '=', 'd.version'),
      )
      .select('d.id')
      .where('x.document_id', 'is', null)
      .limit(limit)
      .execute();
    return rows.map(({ id }) => id);
  }

  /** The documents of a view; each begins at an index. */
  #choose({ view, accountId }: BrowseQuery): Chosen {
    const documents = this.#documents();
    if (typeof view === 'object') {
      return documents
        .innerJoin('library_tags as t', 't.document_id', 'd.id')
        .where('t.account_id', '=', accountId)
        .where('t.name', '=', view.tag)
        .where('d.state', '=', 'kept')
        .where(
          sql<boolean>`(d.owner_id = ${accountId} or exists (select 1 from library_shares as o
            where o.document_id = d.id and o.account_id = ${accountId}))`,
        ) as unknown as Chosen;
    }
    switch (view) {
      case 'mine':
        return documents.where('d.owner_id', '=', accountId).where('d.state', '=', 'kept');
      case 'trash':
        return documents.where('d.owner_id', '=', accountId).where('d.state', '=', 'trashed');
      case 'public':
        return documents.where('d.state', '=', 'kept').where(sql<boolean>`d.is_public = 1`);
      case 'shared':
        return documents
          .innerJoin('library_shares as s', 's.document_id', 'd.id')
          .where('s.account_id', '=', accountId)
          .where('s.is_listed', '=', 1) as unknown as Chosen;
      default:
        return view satisfies never;
    }
  }

  #narrow(
    chosen: Chosen,
    { words, sort, after }: BrowseQuery,
    key: Expression<string | number>,
    id: Expression<string>,
  ): Chosen {
    let narrowed = chosen;
    for (const word of words) {
      const pattern = `%${word.replace(/[\\%_]/g, '\\$&')}%`;
      narrowed = narrowed.where(
        sql<boolean>`(lower(d.name) like ${pattern} escape '\\' or exists (select 1 from library_texts as x
          where x.document_id = d.id and x.content like ${pattern} escape '\\'))`,
      );
    }
    if (after === null) return narrowed;
    if (sort === 'name') {
      const name = sql<string>`lower(cast(${after.key} as text))`;
      return narrowed.where(sql<boolean>`(${key} > ${name} or (${key} = ${name} and ${id} > ${after.id}))`);
    }
    // Said twice, because the first half is what an index can begin at.
    return narrowed
      .where(sql<boolean>`${key} <= ${after.key}`)
      .where(sql<boolean>`(${key} < ${after.key} or ${id} > ${after.id})`);
  }

  #withDetails(page: unknown, accountId: string) {
    return joinEntries(this.#database, page as Parameters<typeof joinEntries>[1])
      .leftJoin('accounts as h', 'h.id', 'd.lock_holder')
      .select(['h.display_name as holder_name', this.#tagsOf(accountId).as('own_tags')])
      .$castTo<BrowsedRow>();
  }

  #documents(): Chosen {
    return this.#database.db.selectFrom('library_documents as d') as unknown as Chosen;
  }

  /** The person's right by their share; null for the owner and for those who have none. */
  #ownRight(accountId: string) {
    return sql<number | null>`(select r.can_write from library_shares as r
      where r.document_id = d.id and r.account_id = ${accountId})`.as('can_write');
  }

  #tagsOf(accountId: string) {
    const tags = sql`library_tags as y where y.document_id = d.id and y.account_id = ${accountId}`;
    return this.#database.kind === 'postgres'
      ? sql<string | null>`(select string_agg(y.name, chr(10) order by y.name) from ${tags})`
      : sql<
          string | null
        >`(select group_concat(name, char(10)) from (select y.name from ${tags} order by y.name) as tags)`;
  }
}

function sortKey(sort: LibrarySort) {
  return sort === 'name' ? sql<string>`lower(d.name)` : sql.ref<number>(SORT_COLUMNS[sort]);
}

function toBrowsed(row: BrowsedRow): BrowsedEntry {
  return {
    entry: toEntry(row),
    tags: row.own_tags === null ? [] : row.own_tags.split('\n'),
    lockHolder: row.holder_name,
  };
}
