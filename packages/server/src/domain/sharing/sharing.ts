import { AppError } from '@officina/protocol';
import type { Accounts } from '../accounts/accounts.js';
import { Access } from '../library/access.js';
import type { LibraryChanges } from '../library/changes.js';
import type { LibraryEntry } from '../library/library-document.js';
import type { LibraryStore } from '../library/library-store.js';
import type { Clock } from '../time.js';
import type { ShareStore } from './share-store.js';

export interface SharingDeps {
  library: LibraryStore;
  shares: ShareStore;
  accounts: Pick<Accounts, 'resolve'>;
  changes: LibraryChanges;
  clock: Clock;
}

const MOST_AT_ONCE = 1_000;

/** With whom documents are shared. Rules: docs/spec/library.md. */
export class Sharing {
  readonly #deps: SharingDeps;
  readonly #access: Access;

  constructor(deps: SharingDeps) {
    this.#deps = deps;
    this.#access = new Access(deps);
  }

  /**
   * Shares with people named by login name or address, all or none; an address without an account waits for one.
   * Returns their addresses. Refuses by AppError: document_unknown, permission_denied, parameter_value_invalid.
   */
  async share(
    accountId: string,
    documentId: string,
    names: readonly string[],
    canWrite: boolean,
  ): Promise<{ entry: LibraryEntry; emails: readonly string[] }> {
    const entry = await this.#access.require(accountId, documentId, 'share');
    if (names.length > MOST_AT_ONCE) {
      throw invalid('shareto', `A document is shared with at most ${MOST_AT_ONCE} people at once.`);
    }
    const emails = new Set<string>();
    for (const name of names) {
      const { account, email } = await this.#deps.accounts.resolve(name);
      if (account?.id === entry.document.ownerId) {
        throw invalid('shareto', `"${name}" owns the document.`);
      }
      emails.add(email);
    }
    await this.#deps.shares.put(documentId, [...emails], canWrite, this.#deps.clock());
    this.#deps.changes.tell(entry.document, 'access');
    return { entry, emails: [...emails] };
  }

  /** Refuses by AppError: document_unknown, permission_denied, parameter_value_invalid when it is not shared with them. */
  async cancel(accountId: string, documentId: string, name: string): Promise<LibraryEntry> {
    const entry = await this.#access.require(accountId, documentId, 'share');
    const { email, account } = await this.#deps.accounts.resolve(name);
    if (!(await this.#deps.shares.remove(documentId, email))) {
      throw invalid('emailid', `The document is not shared with "${name}".`);
    }
    this.#deps.changes.tell(entry.document, 'access', account === null ? [] : [account.id]);
    return entry;
  }

  /** Switches sharing off and on: people keep the document in their lists, and cannot open it meanwhile. */
  async setSharing(accountId: string, documentId: string, isSharing: boolean): Promise<LibraryEntry> {
    const entry = await this.#access.require(accountId, documentId, 'share');
    await this.#deps.library.change(documentId, { isSharing });
    this.#deps.changes.tell(entry.document, 'access');
    return entry;
  }
}

function invalid(parameter: string, message: string): AppError {
  return new AppError('parameter_value_invalid', message, { blame: { parameter } });
}
