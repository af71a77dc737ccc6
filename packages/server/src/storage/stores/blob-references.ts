import type { BlobReferences } from '../../domain/content/blob-references.js';
import type { Database } from '../database.js';

export class SqlBlobReferences implements BlobReferences {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async isReferenced(sha256: string): Promise<boolean> {
    const { db } = this.#database;
    const ofDocuments = (column: 'original_blob' | 'base_blob') =>
      db
        .selectFrom('documents')
        .select('key as by')
        .where(column, '=', sha256)
        .where((eb) => eb.or([eb('state', '=', 'living'), eb('purge_at', 'is not', null)]))
        .limit(1);
    const searches = [
      ofDocuments('original_blob'),
      ofDocuments('base_blob'),
      db.selectFrom('snapshots').select('document_key as by').where('blob', '=', sha256).limit(1),
      db
        .selectFrom('attachments')
        .innerJoin('documents', 'documents.key', 'attachments.document_key')
        .select('documents.key as by')
        .where('attachments.blob', '=', sha256)
        .where((eb) =>
          eb.or([eb('documents.state', '=', 'living'), eb('documents.purge_at', 'is not', null)]),
        )
        .limit(1),
      db.selectFrom('saves').select('id as by').where('blob', '=', sha256).limit(1),
      db.selectFrom('library_versions').select('document_id as by').where('blob', '=', sha256).limit(1),
    ];
    // All asked in one turn, so that they travel together; one after the other would be many times as long.
    const found = await Promise.all(searches.map((search) => search.executeTakeFirst()));
    return found.some((row) => row !== undefined);
  }
}
