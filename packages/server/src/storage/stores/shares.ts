import type { Share, ShareStore } from '../../domain/sharing/share-store.js';
import type { Database, Step } from '../database.js';

export class SqlShareStore implements ShareStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async put(documentId: string, emails: readonly string[], canWrite: boolean, at: number): Promise<void> {
    await this.#database.atomically(emails.map((email) => this.#putOne(documentId, email, canWrite, at)));
  }

  async remove(documentId: string, email: string): Promise<boolean> {
    const removed = await this.#database.db
      .deleteFrom('library_shares')
      .where('document_id', '=', documentId)
      .where('email', '=', email)
      .returning('email')
      .executeTakeFirst();
    return removed !== undefined;
  }

  async list(documentId: string): Promise<readonly Share[]> {
    const rows = await this.#database.db
      .selectFrom('library_shares')
      .selectAll()
      .where('document_id', '=', documentId)
      .orderBy('created_at')
      .orderBy('email')
      .execute();
    return rows.map((row) => ({
      documentId: row.document_id,
      email: row.email,
      accountId: row.account_id,
      canWrite: row.can_write === 1,
      createdAt: row.created_at,
    }));
  }

  /** The account and the document's own state are read where the row is written: they may change meanwhile. */
  #putOne(documentId: string, email: string, canWrite: boolean, at: number): Step {
    return this.#database.db
      .insertInto('library_shares')
      .columns(['document_id', 'email', 'account_id', 'can_write', 'created_at', 'is_listed', 'modified_at'])
      .expression((eb) =>
        eb
          .selectFrom('library_documents as d')
          .select(({ cast, val, selectFrom, eb: of }) => [
            'd.id',
            cast<string>(val(email), 'text').as('email'),
            // Nobody has shown that an unconfirmed address is theirs: what is shared with it waits.
            selectFrom('accounts')
              .select('id')
              .where('email', '=', email)
              .where('confirmed_at', 'is not', null)
              .as('account_id'),
            cast<number>(val(canWrite ? 1 : 0), 'integer').as('can_write'),
            cast<number>(val(at), 'bigint').as('created_at'),
            of.case().when('d.state', '=', 'kept').then(of.lit(1)).else(of.lit(0)).end().as('is_listed'),
            'd.modified_at',
          ])
          .where('d.id', '=', documentId),
      )
      .onConflict((conflict) =>
        conflict.columns(['document_id', 'email']).doUpdateSet({ can_write: canWrite ? 1 : 0 }),
      );
  }
}
