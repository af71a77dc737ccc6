import { type AliasableExpression, sql } from 'kysely';
import type { LibraryEntry } from '../../domain/library/library-document.js';
import type { ListName, Place } from '../../domain/library/library-store.js';
import type { Database } from '../database.js';
import type { AccountRow, LibraryDocumentRow } from '../tables.js';
import { type Listed, selectListedPage } from './library-lists.js';
import { rowsAsText } from './rows-as-text.js';

type Person<Prefix extends string> = {
  [Field in keyof Omit<AccountRow, 'password_hash' | 'login_key' | 'disabled_at'> as `${Prefix}${Field}`]:
    | AccountRow[Field]
    | null;
};

export interface EntryRow extends LibraryDocumentRow, Person<'of_owner_'>, Person<'of_editor_'> {
  can_write: number | null;
  /** Addresses, one a line; null when there is none. */
  shared_with: string | null;
}

/** A page of a list with everything that an entry says, in one statement and as one text. */
export function selectPage(database: Database, name: ListName, place: Place, limit: number) {
  const { db, kind } = database;
  // Chosen before anything is joined, so that entries that are passed by cost as little as they can.
  const entries = joinEntries(database, selectListedPage(db, name, place, limit));
  return db.selectFrom(entries.as('entries')).select(rowsAsText(kind, ENTRY_COLUMNS).as('rows'));
}

/** The entries of such a text, in the order of lists. */
export function toPage(rows: string): LibraryEntry[] {
  const values = JSON.parse(rows) as readonly (readonly (string | number | null)[])[];
  return values.map((row) => toEntry(toEntryRow(row))).sort(inOrderOfLists);
}

const ENTRY_COLUMNS = [
  ...['id', 'owner_id', 'name', 'url_stem', 'url_number', 'created_at', 'modified_at', 'modified_by'],
  ...['state', 'is_sharing', 'is_public', 'allows_comments', 'shows_comments', 'version'],
  ...['lock_holder', 'locked_until', 'can_write', 'shared_with'],
  ...['of_owner_id', 'of_owner_email', 'of_owner_login_name', 'of_owner_display_name', 'of_owner_created_at'],
  ...['of_editor_id', 'of_editor_email', 'of_editor_login_name', 'of_editor_display_name'],
  'of_editor_created_at',
];

/** The values of `ENTRY_COLUMNS`, in their order, under their names. */
function toEntryRow(values: readonly (string | number | null)[]): EntryRow {
  const row: Record<string, string | number | null> = {};
  for (const [at, column] of ENTRY_COLUMNS.entries()) row[column] = values[at] ?? null;
  return row as unknown as EntryRow;
}

function inOrderOfLists({ document: one }: LibraryEntry, { document: other }: LibraryEntry): number {
  return other.modifiedAt - one.modifiedAt || (one.id < other.id ? -1 : 1);
}

/** One document as one person meets it. */
export function selectEntry(database: Database, id: string, accountId: string | null) {
  const one = database.db
    .selectFrom('library_documents as found')
    .leftJoin('library_shares as s', (join) =>
      join.onRef('s.document_id', '=', 'found.id').on('s.account_id', '=', accountId),
    )
    .select(['found.id as document_id', 'found.modified_at', 's.can_write'])
    .where('found.id', '=', id);
  return joinEntries(database, one);
}

/** Everything that an entry says of the documents that were chosen. */
export function joinEntries(database: Database, listed: AliasableExpression<Listed>) {
  return database.db
    .selectFrom(listed.as('p'))
    .innerJoin('library_documents as d', 'd.id', 'p.document_id')
    .leftJoin('accounts as o', 'o.id', 'd.owner_id')
    .leftJoin('accounts as e', 'e.id', 'd.modified_by')
    .selectAll('d')
    .select([
      'p.can_write',
      'o.id as of_owner_id',
      'o.email as of_owner_email',
      'o.login_name as of_owner_login_name',
      'o.display_name as of_owner_display_name',
      'o.created_at as of_owner_created_at',
      'e.id as of_editor_id',
      'e.email as of_editor_email',
      'e.login_name as of_editor_login_name',
      'e.display_name as of_editor_display_name',
      'e.created_at as of_editor_created_at',
      sharedWith(database).as('shared_with'),
    ])
    .$castTo<EntryRow>();
}

/** All addresses of document `d` in one text, in the order of sharing. */
function sharedWith({ kind }: Database) {
  const shares = sql`library_shares as x where x.document_id = d.id`;
  return kind === 'postgres'
    ? sql<string | null>`(select string_agg(x.email, chr(10) order by x.created_at, x.email) from ${shares})`
    : sql<string | null>`(select group_concat(email, char(10)) from
        (select x.email as email from ${shares} order by x.created_at, x.email) as people)`;
}

export function toEntry(row: EntryRow): LibraryEntry {
  const owner = toPerson(row, 'of_owner_');
  if (!owner) throw new Error(`The owner of document ${row.id} is missing.`);
  return {
    document: {
      id: row.id,
      ownerId: row.owner_id,
      name: row.name,
      urlName: { stem: row.url_stem, number: row.url_number },
      createdAt: row.created_at,
      modifiedAt: row.modified_at,
      modifiedBy: row.modified_by,
      state: row.state as LibraryEntry['document']['state'],
      isSharing: row.is_sharing === 1,
      publication:
        row.is_public === 1
          ? { allowsComments: row.allows_comments === 1, showsComments: row.shows_comments === 1 }
          : null,
      version: row.version,
      lock:
        row.lock_holder === null || row.locked_until === null
          ? null
          : { holderId: row.lock_holder, until: row.locked_until },
    },
    owner,
    editor: toPerson(row, 'of_editor_') ?? toStranger(row.modified_by),
    sharedWith: row.shared_with === null ? [] : row.shared_with.split('\n'),
    share: row.can_write === null ? null : { canWrite: row.can_write === 1 },
  };
}

function toPerson(row: EntryRow, prefix: 'of_owner_' | 'of_editor_'): LibraryEntry['owner'] | null {
  const { [`${prefix}id` as const]: id, [`${prefix}email` as const]: email } = row;
  if (id === null || email === null) return null;
  return {
    id,
    email,
    loginName: row[`${prefix}login_name`],
    displayName: row[`${prefix}display_name`] ?? email,
    createdAt: row[`${prefix}created_at`] ?? 0,
  };
}

/** Somebody who wrote elsewhere and never had an account here is known by the address alone. */
function toStranger(modifiedBy: string): LibraryEntry['editor'] {
  if (!modifiedBy.includes('@')) return null;
  return { id: modifiedBy, email: modifiedBy, loginName: null, displayName: modifiedBy, createdAt: 0 };
}
