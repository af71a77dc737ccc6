import type { DocumentKey } from '../../domain/documents/document.js';
import type { LeaseStore } from '../../domain/log/operation-log.js';
import type { Database } from '../database.js';

/** Leases live in the row of the document's log, where every append looks for the epoch. */
export class SqlLeaseStore implements LeaseStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async acquire(
    document: DocumentKey,
    owner: string,
    now: number,
    ttlMs: number,
  ): Promise<{ epoch: number } | undefined> {
    return await this.#database.db
      .insertInto('operation_logs')
      .values({ document_key: document, sequence: 0, epoch: 1, owner, leased_until: now + ttlMs })
      .onConflict((conflict) =>
        conflict
          .column('document_key')
          .doUpdateSet(({ ref, val, eb }) => ({
            // The owner renews; anybody else, and an owner that had let go, begins a new epoch.
            epoch: eb
              .case()
              .when('operation_logs.owner', '=', owner)
              .then(ref('operation_logs.epoch'))
              .else(eb('operation_logs.epoch', '+', 1))
              .end(),
            owner: val(owner),
            leased_until: val(now + ttlMs),
          }))
          .where(({ eb, or }) =>
            or([
              eb('operation_logs.owner', 'is', null),
              eb('operation_logs.owner', '=', owner),
              eb('operation_logs.leased_until', '<=', now),
            ]),
          ),
      )
      .returning('epoch')
      .executeTakeFirst();
  }

  async release(document: DocumentKey, owner: string): Promise<void> {
    await this.#database.db
      .updateTable('operation_logs')
      .set({ owner: null, leased_until: null })
      .where('document_key', '=', document)
      .where('owner', '=', owner)
      .execute();
  }
}
