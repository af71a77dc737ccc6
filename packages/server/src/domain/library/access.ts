import { AppError } from '@officina/protocol';
import { type Action, judge, type Role, type Situation } from '../sharing/policy.js';
import type { Clock } from '../time.js';
import { isLocked, type LibraryEntry } from './library-document.js';
import type { LibraryStore } from './library-store.js';

export interface AccessDeps {
  library: Pick<LibraryStore, 'find'>;
  clock: Clock;
}

/** Finds documents for people as far as the policy lets them. */
export class Access {
  readonly #deps: AccessDeps;

  constructor(deps: AccessDeps) {
    this.#deps = deps;
  }

  /**
   * The document, when the person may do this with it. Refuses by AppError: document_unknown, also for what they must
   * not know of; permission_denied; conflict when somebody else holds it.
   */
  async require(accountId: string | null, documentId: string, action: Action): Promise<LibraryEntry> {
    const entry = await this.#deps.library.find(documentId, accountId);
    if (!entry) throw unknownDocument();
    const verdict = judge(action, situationOf(entry, accountId, this.#deps.clock()));
    switch (verdict) {
      case 'allowed':
        return entry;
      case 'hidden':
        throw unknownDocument();
      case 'denied':
        throw new AppError('permission_denied', denialOf(entry, accountId));
      case 'locked':
        throw new AppError('conflict', 'Somebody else has locked the document for editing.');
      default:
        return verdict satisfies never;
    }
  }
}

export function situationOf(entry: LibraryEntry, accountId: string | null, now: number): Situation {
  const { document } = entry;
  return {
    role: roleOf(entry, accountId),
    standing: document.state === 'trashed' ? 'trashed' : document.isSharing ? 'shared' : 'paused',
    isPublic: document.publication !== null,
    isLockedByOther: isLocked(document, now) && document.lock?.holderId !== accountId,
  };
}

export function roleOf(entry: LibraryEntry, accountId: string | null): Role {
  if (accountId === null) return 'visitor';
  if (entry.document.ownerId === accountId) return 'owner';
  if (entry.share === null) return 'visitor';
  return entry.share.canWrite ? 'writer' : 'reader';
}

export function unknownDocument(): AppError {
  return new AppError('document_unknown', 'No such document');
}

function denialOf({ document, share }: LibraryEntry, accountId: string | null): string {
  if (document.ownerId === accountId) return 'The document is in the trash. Restore it first.';
  if (!document.isSharing) return 'The owner has switched sharing off for this document.';
  return share?.canWrite ? 'Only the owner of the document may do this.' : 'You may only read this document.';
}
