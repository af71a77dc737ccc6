import type { Kysely } from 'kysely';
import type { LibraryDocument } from '../../domain/library/library-document.js';
import type { Belongings } from '../../domain/library/library-store.js';
import type { Step } from '../database.js';
import type { Tables } from '../tables.js';

/** Rows of one statement: far below the number of parameters that a database takes. */
const BATCH = 500;

/** What belongs to a document that is inserted in the same transaction. */
export function insertBelongings(
  db: Kysely<Tables>,
  document: LibraryDocument,
  { versions, shares, tags }: Belongings,
): Step[] {
  const isListed = document.state === 'kept' ? 1 : 0;
  return [
    ...inBatches(versions, (batch) =>
      db.insertInto('library_versions').values(
        batch.map(({ number, blob, createdAt, createdBy }) => ({
          document_id: document.id,
          number,
          blob,
          created_at: createdAt,
          created_by: createdBy,
        })),
      ),
    ),
    ...inBatches(shares, (batch) =>
      db
        .insertInto('library_shares')
        .values(({ selectFrom }) =>
          batch.map(({ email, canWrite, createdAt }) => ({
            document_id: document.id,
            email,
            // Read where the row is written: the account may be opened meanwhile.
            account_id: selectFrom('accounts')
              .select('id')
              .where('email', '=', email)
              .where('confirmed_at', 'is not', null),
            can_write: canWrite ? 1 : 0,
            created_at: createdAt,
            is_listed: isListed,
            modified_at: document.modifiedAt,
          })),
        )
        .onConflict((conflict) => conflict.doNothing()),
    ),
    ...inBatches(tags, (batch) =>
      db
        .insertInto('library_tags')
        .values(batch.map((name) => ({ account_id: document.ownerId, document_id: document.id, name })))
        .onConflict((conflict) => conflict.doNothing()),
    ),
  ];
}

function inBatches<Value>(values: readonly Value[], insert: (batch: readonly Value[]) => Step): Step[] {
  const steps: Step[] = [];
  for (let from = 0; from < values.length; from += BATCH)
    steps.push(insert(values.slice(from, from + BATCH)));
  return steps;
}
