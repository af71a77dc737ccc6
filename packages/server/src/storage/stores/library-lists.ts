import { type Kysely, type SelectQueryBuilder, sql } from 'kysely';
import type { ListName, Place } from '../../domain/library/library-store.js';
import type { Tables } from '../tables.js';

/** One entry of a list, before anything is known of its document. */
export interface Listed {
  document_id: string;
  modified_at: number;
  /** The asking person's right by their share; null when that is not how they come to it. */
  can_write: number | null;
}

/** Queries over different tables that all give the same rows; what they are made of no longer matters to the compiler. */
type ListQuery = SelectQueryBuilder<Tables, keyof Tables, Listed>;

/** The entries of a list in no order; each kind has an index that holds it in the list's own. */
export function selectListed(db: Kysely<Tables>, name: ListName): ListQuery {
  return chooseQuery(db, name) as unknown as ListQuery;
}

function chooseQuery(db: Kysely<Tables>, name: ListName) {
  switch (name.list) {
    case 'incoming':
      return db
        .selectFrom('library_shares')
        .select(({ ref }) => [
          'document_id',
          'modified_at',
          ref('can_write').$castTo<number | null>().as('can_write'),
        ])
        .where('account_id', '=', name.of)
        .where('is_listed', '=', 1);
    case 'owned':
      return ofOwner(db, name.of, 'kept');
    case 'trashed':
      return ofOwner(db, name.of, 'trashed');
    case 'published':
      return ofOwner(db, name.of, 'kept').where(sql<boolean>`is_public = 1`);
    case 'public':
      return fromDocuments(db).where('state', '=', 'kept').where(sql<boolean>`is_public = 1`);
    case 'tagged':
      return db
        .selectFrom('library_tags as t')
        .innerJoin('library_documents as d', 'd.id', 't.document_id')
        .leftJoin('library_shares as s', (join) =>
          join.onRef('s.document_id', '=', 't.document_id').on('s.account_id', '=', name.of),
        )
        .select(['t.document_id', 'd.modified_at', 's.can_write'])
        .where('t.account_id', '=', name.of)
        .where('t.name', '=', name.tag)
        .where('d.state', '=', 'kept')
        .where((eb) => eb.or([eb('d.owner_id', '=', name.of), eb('s.email', 'is not', null)]));
    default:
      return name satisfies never;
  }
}

/** A page of the list: newest change first, ties by id. */
export function selectListedPage(db: Kysely<Tables>, name: ListName, place: Place, limit: number): ListQuery {
  const isTagged = name.list === 'tagged';
  const modified = sql.ref<number>(isTagged ? 'd.modified_at' : 'modified_at');
  const id = sql.ref<string>(
    isTagged ? 't.document_id' : name.list === 'incoming' ? 'document_id' : 'library_documents.id',
  );
  const page = selectListed(db, name).orderBy(modified, 'desc').orderBy(id, 'asc').limit(limit);
  if ('skip' in place) return page.offset(place.skip);
  const { modifiedAt, id: last } = place.after;
  // Said twice, because the first half is what an index can begin at.
  return page
    .where(sql<boolean>`${modified} <= ${modifiedAt}`)
    .where(sql<boolean>`(${modified} < ${modifiedAt} or ${id} > ${last})`);
}

function ofOwner(db: Kysely<Tables>, ownerId: string, state: 'kept' | 'trashed') {
  return fromDocuments(db).where('owner_id', '=', ownerId).where('state', '=', state);
}

function fromDocuments(db: Kysely<Tables>) {
  return db
    .selectFrom('library_documents')
    .select(['library_documents.id as document_id', 'modified_at', sql<number | null>`null`.as('can_write')]);
}
