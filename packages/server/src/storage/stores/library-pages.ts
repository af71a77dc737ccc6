import type { Compilable } from 'kysely';
import type { LibraryEntry } from '../../domain/library/library-document.js';
import type { ListName, Place } from '../../domain/library/library-store.js';
import type { Database } from '../database.js';
import { preparedStatement } from './fixed-statement.js';
import { ENTRY_COLUMNS, type EntryRow, joinEntries, toEntry } from './library-entries.js';
import { selectListedPage } from './library-lists.js';
import { rowsAsText } from './rows-as-text.js';

type Statement = ReturnType<typeof preparedStatement<EntryRow | { text: string }>>;

/** Reads pages of lists with everything that an entry says: for each kind of page one statement, built once. */
export class LibraryPages {
  readonly #database: Database;
  readonly #statements = new Map<string, Statement>();

  constructor(database: Database) {
    this.#database = database;
  }

  /** In the order of lists. */
  async read(name: ListName, place: Place, limit: number): Promise<LibraryEntry[]> {
    const { rows } = await this.#database.db.executeQuery(
      this.#statementFor(name, place)({ ...name, ...('after' in place ? place.after : place), limit }),
    );
    return rows
      .flatMap((row) => ('text' in row ? readText(row.text) : row))
      .map(toEntry)
      .sort(inOrderOfLists);
  }

  #statementFor({ list }: ListName, place: Place): Statement {
    const kind = `${list} ${'after' in place ? 'after' : 'skip'}`;
    let statement = this.#statements.get(kind);
    if (!statement) {
      statement = preparedStatement((blank) => {
        const name = { list, of: blank<string>('of'), tag: blank<string>('tag') };
        const after = { id: blank<string>('id'), modifiedAt: blank<number>('modifiedAt') };
        const from: Place = 'after' in place ? { after } : { skip: blank<number>('skip') };
        return selectPage(this.#database, name, from, blank<number>('limit'));
      });
      this.#statements.set(kind, statement);
    }
    return statement;
  }
}

/**
 * Chosen before anything is joined, so that entries that are passed by cost as little as they can. PostgreSQL answers rows,
 * for there making one text of them costs more than it spares.
 */
function selectPage(
  database: Database,
  name: ListName,
  place: Place,
  limit: number,
): Compilable<EntryRow | { text: string }> {
  const entries = joinEntries(database, selectListedPage(database.db, name, place, limit));
  if (database.kind === 'postgres') return entries;
  return database.db
    .selectFrom(entries.as('entries'))
    .select(rowsAsText(database.kind, ENTRY_COLUMNS).as('text'));
}

function readText(text: string): EntryRow[] {
  return (JSON.parse(text) as EntryValues[]).map(toRow);
}

/** The values of `ENTRY_COLUMNS`, in their order. */
type EntryValues = readonly [
  ...[id: string, ownerId: string, name: string, urlStem: string, urlNumber: number],
  ...[createdAt: number, modifiedAt: number, modifiedBy: string, state: string],
  ...[isSharing: number, isPublic: number, allowsComments: number, showsComments: number, version: number],
  ...[lockHolder: string | null, lockedUntil: number | null, canWrite: number | null],
  ...[sharedWith: string | null, ...owner: PersonValues, ...editor: PersonValues],
];

type PersonValues = [
  email: string | null,
  loginName: string | null,
  displayName: string | null,
  createdAt: number | null,
];

/** Written out, for a row that is filled name by name costs more than all the rest of it. */
function toRow(values: EntryValues): EntryRow {
  return {
    id: values[0],
    owner_id: values[1],
    name: values[2],
    url_stem: values[3],
    url_number: values[4],
    created_at: values[5],
    modified_at: values[6],
    modified_by: values[7],
    state: values[8],
    is_sharing: values[9],
    is_public: values[10],
    allows_comments: values[11],
    shows_comments: values[12],
    version: values[13],
    lock_holder: values[14],
    locked_until: values[15],
    can_write: values[16],
    shared_with: values[17],
    of_owner_email: values[18],
    of_owner_login_name: values[19],
    of_owner_display_name: values[20],
    of_owner_created_at: values[21],
    of_editor_email: values[22],
    of_editor_login_name: values[23],
    of_editor_display_name: values[24],
    of_editor_created_at: values[25],
  };
}

function inOrderOfLists({ document: one }: LibraryEntry, { document: other }: LibraryEntry): number {
  return other.modifiedAt - one.modifiedAt || (one.id < other.id ? -1 : 1);
}
