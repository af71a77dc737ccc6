import { sql } from 'kysely';
import type {
  LibraryDocument,
  LibraryEntry,
  Lock,
  UrlName,
  Version,
} from '../../domain/library/library-document.js';
import { urlNameText } from '../../domain/library/library-document.js';
import type {
  Belongings,
  DocumentChange,
  LibraryStore,
  ListName,
  Place,
} from '../../domain/library/library-store.js';
import type { Database, Step } from '../database.js';
import type { LibraryDocumentRow, LibraryVersionRow } from '../tables.js';
import { selectEntry, toEntry } from './library-entries.js';
import { selectListed } from './library-lists.js';
import { LibraryPages } from './library-pages.js';
import { insertBelongings } from './whole-document.js';

const TAKEN = 'The id or the URL name of the document is taken.';

export class SqlLibraryStore implements LibraryStore {
  readonly #database: Database;
  readonly #pages: LibraryPages;

  constructor(database: Database) {
    this.#database = database;
    this.#pages = new LibraryPages(database);
  }

  async add(document: LibraryDocument, version: Version): Promise<boolean> {
    const { db } = this.#database;
    const insert = db
      .insertInto('library_documents')
      .values(toRow(document))
      .onConflict((conflict) => conflict.doNothing());
    // An id that was taken has its first version already.
    const insertVersion = db
      .insertInto('library_versions')
      .columns(['document_id', 'number', 'blob', 'created_at', 'created_by'])
      .expression((eb) =>
        eb
          .selectFrom('library_documents')
          .select(({ cast, val }) => [
            'id',
            'version',
            cast<string>(val(version.blob), 'text').as('blob'),
            'created_at',
            'modified_by',
          ])
          .where('id', '=', document.id),
      )
      .onConflict((conflict) => conflict.doNothing());
    const [inserted] = await this.#database.atomically([insert, insertVersion]);
    return inserted?.changes === 1;
  }

  async addWhole(document: LibraryDocument, belongings: Belongings): Promise<boolean> {
    const { db } = this.#database;
    const insert = db
      .insertInto('library_documents')
      .values(toRow(document))
      .onConflict((conflict) => conflict.doNothing());
    const steps: Step[] = [
      { statement: insert, elseRefuse: TAKEN },
      ...insertBelongings(db, document, belongings),
    ];
    try {
      await this.#database.atomically(steps);
      return true;
    } catch (error) {
      if (error instanceof Error && error.message === TAKEN) return false;
      throw error;
    }
  }

  async find(id: string, accountId: string | null): Promise<LibraryEntry | undefined> {
    const row = await selectEntry(this.#database, id, accountId).executeTakeFirst();
    return row && toEntry(row);
  }

  async list(name: ListName, place: Place, limit: number): Promise<readonly LibraryEntry[]> {
    return await this.#pages.read(name, place, limit);
  }

  async count(name: ListName): Promise<number> {
    const { count } = await this.#database.db
      .selectFrom(selectListed(this.#database.db, name).as('listed'))
      .select(({ fn }) => fn.countAll().as('count'))
      .executeTakeFirstOrThrow();
    return Number(count);
  }

  async ownedIds(ownerId: string): Promise<readonly string[]> {
    const rows = await this.#database.db
      .selectFrom('library_documents')
      .select('id')
      .where('owner_id', '=', ownerId)
      .orderBy('id')
      .execute();
    return rows.map(({ id }) => id);
  }

  async highestUrlNumber(ownerId: string, stem: string): Promise<number | undefined> {
    const row = await this.#database.db
      .selectFrom('library_documents')
      .select('url_number')
      .where('owner_id', '=', ownerId)
      .where('url_stem', '=', stem)
      .orderBy('url_number', 'desc')
      .limit(1)
      .executeTakeFirst();
    return row?.url_number;
  }

  async change(id: string, change: DocumentChange): Promise<void> {
    const { state, isSharing, publication } = change;
    const { db } = this.#database;
    const row: Partial<LibraryDocumentRow> = {
      ...(state === undefined ? {} : { state }),
      ...(state === 'trashed' ? { lock_holder: null, locked_until: null } : {}),
      ...(isSharing === undefined ? {} : { is_sharing: isSharing ? 1 : 0 }),
      ...(publication === undefined ? {} : publicationColumns(publication)),
    };
    if (Object.keys(row).length === 0) return;
    const steps: Step[] = [db.updateTable('library_documents').set(row).where('id', '=', id)];
    if (state !== undefined) {
      const isListed = state === 'kept' ? 1 : 0;
      steps.push(db.updateTable('library_shares').set({ is_listed: isListed }).where('document_id', '=', id));
    }
    await this.#database.atomically(steps);
  }

  async takeLock(id: string, lock: Lock, now: number): Promise<boolean> {
    const taken = await this.#database.db
      .updateTable('library_documents')
      .set({ lock_holder: lock.holderId, locked_until: lock.until })
      .where('id', '=', id)
      .where('state', '=', 'kept')
      .where((eb) =>
        eb.or([
          eb('lock_holder', 'is', null),
          eb('lock_holder', '=', lock.holderId),
          eb('locked_until', '<=', now),
        ]),
      )
      .returning('id')
      .executeTakeFirst();
    return taken !== undefined;
  }

  async releaseLock(id: string, holderId: string): Promise<void> {
    await this.#database.db
      .updateTable('library_documents')
      .set({ lock_holder: null, locked_until: null })
      .where('id', '=', id)
      .where('lock_holder', '=', holderId)
      .execute();
  }

  async addVersion(
    id: string,
    version: Pick<Version, 'blob' | 'createdAt' | 'createdBy'>,
    expected?: number,
  ): Promise<number | undefined> {
    const { createdAt: at, createdBy: accountId } = version;
    const raise = this.#raiseVersion(id, { accountId, at });
    const guarded = expected === undefined ? raise : raise.where('version', '=', expected);
    return await this.#atVersion(guarded, this.#insertVersion(id, version.blob), id, at);
  }

  async rename(
    id: string,
    { name, urlName }: { name: string; urlName: UrlName },
    by: { accountId: string; at: number },
  ): Promise<boolean> {
    const text = urlNameText(urlName);
    const raise = this.#raiseVersion(id, by)
      .set({ name, url_stem: urlName.stem, url_number: urlName.number, url_name: text })
      .where(({ not, exists, selectFrom, ref }) =>
        not(
          exists(
            selectFrom('library_documents as twin')
              .select('twin.id')
              .whereRef('twin.owner_id', '=', ref('library_documents.owner_id'))
              .where('twin.url_name', '=', text)
              .where('twin.id', '!=', id),
          ),
        ),
      );
    return (await this.#atVersion(raise, this.#insertVersion(id, null), id, by.at)) !== undefined;
  }

  async listVersions(id: string): Promise<readonly Version[]> {
    const rows = await this.#database.db
      .selectFrom('library_versions')
      .selectAll()
      .where('document_id', '=', id)
      .orderBy('number', 'desc')
      .execute();
    return rows.map(toVersion);
  }

  async findVersion(id: string, number: number): Promise<Version | undefined> {
    const row = await this.#database.db
      .selectFrom('library_versions')
      .selectAll()
      .where('document_id', '=', id)
      .where('number', '=', number)
      .executeTakeFirst();
    return row && toVersion(row);
  }

  async remove(id: string): Promise<readonly string[]> {
    const { db } = this.#database;
    const [versions] = await this.#database.atomically([
      db.deleteFrom('library_versions').where('document_id', '=', id).returning('blob'),
      db.deleteFrom('library_shares').where('document_id', '=', id),
      db.deleteFrom('library_tags').where('document_id', '=', id),
      db.deleteFrom('library_texts').where('document_id', '=', id),
      db.deleteFrom('library_documents').where('id', '=', id),
    ]);
    return (versions?.rows ?? []).map(({ blob }) => String(blob));
  }

  #raiseVersion(id: string, { accountId, at }: { accountId: string; at: number }) {
    return this.#database.db
      .updateTable('library_documents')
      .set(({ eb }) => ({ version: eb('version', '+', 1), modified_at: at, modified_by: accountId }))
      .where('id', '=', id)
      .where('state', '=', 'kept')
      .returning('version');
  }

  /** The row that follows the raised number; with the content of the version before when no blob is named. */
  #insertVersion(id: string, blob: string | null) {
    return (
      this.#database.db
        .insertInto('library_versions')
        .columns(['document_id', 'number', 'blob', 'created_at', 'created_by'])
        .expression((eb) =>
          eb
            .selectFrom('library_documents as d')
            .innerJoin('library_versions as v', (join) =>
              join.onRef('v.document_id', '=', 'd.id').on('v.number', '=', sql<number>`d.version - 1`),
            )
            .select(({ cast, val, ref }) => [
              'd.id',
              'd.version',
              (blob === null ? ref('v.blob') : cast<string>(val(blob), 'text')).as('blob'),
              'd.modified_at',
              'd.modified_by',
            ])
            .where('d.id', '=', id),
        )
        // When the number was not raised, the version that it names is there already.
        .onConflict((conflict) => conflict.doNothing())
    );
  }

  async #atVersion(raise: Step, insert: Step, id: string, at: number): Promise<number | undefined> {
    const moveShares = this.#database.db
      .updateTable('library_shares')
      .set({ modified_at: at })
      .where('document_id', '=', id)
      .where(({ exists, selectFrom }) =>
        exists(
          selectFrom('library_documents').select('id').where('id', '=', id).where('modified_at', '=', at),
        ),
      );
    const [raised] = await this.#database.atomically([raise, insert, moveShares]);
    const row = raised?.rows[0];
    return row === undefined ? undefined : Number(row.version);
  }
}

function publicationColumns(publication: LibraryDocument['publication']) {
  return {
    is_public: publication === null ? 0 : 1,
    allows_comments: publication?.allowsComments ? 1 : 0,
    shows_comments: publication?.showsComments ? 1 : 0,
  };
}

function toRow(document: LibraryDocument): LibraryDocumentRow {
  return {
    id: document.id,
    owner_id: document.ownerId,
    name: document.name,
    url_stem: document.urlName.stem,
    url_number: document.urlName.number,
    url_name: urlNameText(document.urlName),
    created_at: document.createdAt,
    modified_at: document.modifiedAt,
    modified_by: document.modifiedBy,
    state: document.state,
    is_sharing: document.isSharing ? 1 : 0,
    ...publicationColumns(document.publication),
    version: document.version,
    lock_holder: document.lock?.holderId ?? null,
    locked_until: document.lock?.until ?? null,
  };
}

function toVersion(row: LibraryVersionRow): Version {
  return {
    documentId: row.document_id,
    number: row.number,
    blob: row.blob,
    createdAt: row.created_at,
    createdBy: row.created_by,
  };
}
