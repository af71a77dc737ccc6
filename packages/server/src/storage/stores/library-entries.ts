import { type AliasableExpression, sql } from 'kysely';
import type { LibraryEntry } from '../../domain/library/library-document.js';
import type { Database } from '../database.js';
import type { AccountRow, LibraryDocumentRow } from '../tables.js';
import type { Listed } from './library-lists.js';

type Person<Prefix extends string> = {
  [Field in (typeof PERSON_COLUMNS)[number] as `${Prefix}${Field}`]: AccountRow[Field] | null;
};

export interface EntryRow
  extends Pick<LibraryDocumentRow, (typeof DOCUMENT_COLUMNS)[number]>,
    Person<'of_owner_'>,
    Person<'of_editor_'> {
  can_write: number | null;
  /** Addresses, one a line; null when there is none. */
  shared_with: string | null;
}

const DOCUMENT_COLUMNS = [
  ...([
    'id',
    'owner_id',
    'name',
    'url_stem',
    'url_number',
    'created_at',
    'modified_at',
    'modified_by',
  ] as const),
  ...(['state', 'is_sharing', 'is_public', 'allows_comments', 'shows_comments', 'version'] as const),
  ...(['lock_holder', 'locked_until'] as const),
] as const satisfies readonly (keyof LibraryDocumentRow)[];

/** Of the owner, and of who made the newest version; both are null for somebody without an account. */
const PERSON_COLUMNS = ['email', 'login_name', 'display_name', 'created_at'] as const;

export const ENTRY_COLUMNS: readonly (keyof EntryRow)[] = [
  ...DOCUMENT_COLUMNS,
  ...(['can_write', 'shared_with'] as const),
  ...PERSON_COLUMNS.map((column) => `of_owner_${column}` as const),
  ...PERSON_COLUMNS.map((column) => `of_editor_${column}` as const),
];

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
    .select(DOCUMENT_COLUMNS.map((column) => `d.${column}` as const))
    .select(['p.can_write', sharedWith(database).as('shared_with')])
    .select(PERSON_COLUMNS.map((column) => `o.${column} as of_owner_${column}` as const))
    .select(PERSON_COLUMNS.map((column) => `e.${column} as of_editor_${column}` as const))
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
  const owner = toPerson(row.owner_id, {
    email: row.of_owner_email,
    login_name: row.of_owner_login_name,
    display_name: row.of_owner_display_name,
    created_at: row.of_owner_created_at,
  });
  if (!owner) throw new Error(`The owner of document ${row.id} is missing.`);
  const editor = toPerson(row.modified_by, {
    email: row.of_editor_email,
    login_name: row.of_editor_login_name,
    display_name: row.of_editor_display_name,
    created_at: row.of_editor_created_at,
  });
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
    editor: editor ?? toStranger(row.modified_by),
    sharedWith: row.shared_with === null ? [] : row.shared_with.split('\n'),
    share: row.can_write === null ? null : { canWrite: row.can_write === 1 },
  };
}

function toPerson(
  id: string,
  { email, login_name, display_name, created_at }: Person<''>,
): LibraryEntry['owner'] | null {
  if (email === null) return null;
  return { id, email, loginName: login_name, displayName: display_name ?? email, createdAt: created_at ?? 0 };
}

/** Somebody who wrote elsewhere and never had an account here is known by the address alone. */
function toStranger(modifiedBy: string): LibraryEntry['editor'] {
  if (!modifiedBy.includes('@')) return null;
  return { id: modifiedBy, email: modifiedBy, loginName: null, displayName: modifiedBy, createdAt: 0 };
}
