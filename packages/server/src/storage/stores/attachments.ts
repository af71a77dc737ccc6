import type { Attachment, AttachmentStore } from '../../domain/content/attachments.js';
import type { DocumentKey } from '../../domain/documents/document.js';
import type { Database } from '../database.js';

export class SqlAttachmentStore implements AttachmentStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async add(documentKey: DocumentKey, { sha256, size }: Attachment, addedAt: number): Promise<void> {
    await this.#database.db
      .insertInto('attachments')
      .values({ document_key: documentKey, blob: sha256, size, added_at: addedAt })
      .onConflict((conflict) => conflict.columns(['document_key', 'blob']).doNothing())
      .execute();
  }

  async list(documentKey: DocumentKey): Promise<readonly Attachment[]> {
    const rows = await this.#database.db
      .selectFrom('attachments')
      .select(['blob', 'size'])
      .where('document_key', '=', documentKey)
      .execute();
    return rows.map(({ blob, size }) => ({ sha256: blob, size }));
  }

  async removeAll(documentKey: DocumentKey): Promise<readonly string[]> {
    const named = await this.list(documentKey);
    if (named.length > 0)
      await this.#database.db.deleteFrom('attachments').where('document_key', '=', documentKey).execute();
    return named.map(({ sha256 }) => sha256);
  }
}
