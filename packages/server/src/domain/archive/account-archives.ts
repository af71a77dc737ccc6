import type { Readable } from 'node:stream';
import type { Account } from '../accounts/account.js';
import type { ImportReport } from './account-import.js';

/** Archives as files that come and go. */
export interface AccountArchives {
  /** The archive while it is written; fails when it cannot be ended. */
  export(account: Account): Readable;
  /**
   * Takes the archive over, and then brings it into the account. Refuses by AppError: upload_too_large, busy, and what
   * an import refuses.
   */
  import(account: Account, body: AsyncIterable<Uint8Array>): Promise<ImportReport>;
}
