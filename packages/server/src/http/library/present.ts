import type { LibraryItem, LibraryShares, LibraryVersion } from '@officina/protocol';
import { roleOf } from '../../domain/library/access.js';
import type { BrowsedEntry, BrowsedVersion } from '../../domain/library/browse.js';
import { isLocked, type LibraryEntry, versionText } from '../../domain/library/library-document.js';
import type { Share } from '../../domain/sharing/share-store.js';

export interface View {
  accountId: string;
  now: number;
  /** Path before every one of our own: empty, or the path of the public URL. */
  basePath: string;
}

export function presentItem({ entry, tags, lockHolder }: BrowsedEntry, view: View): LibraryItem {
  const { document, owner, editor } = entry;
  const role = roleOf(entry, view.accountId);
  const base = `${view.basePath}/library`;
  return {
    id: document.id,
    name: document.name,
    version: versionText(document.version),
    role,
    owner: owner.displayName,
    editedBy: editor?.displayName ?? null,
    createdAt: document.createdAt,
    modifiedAt: document.modifiedAt,
    isTrashed: document.state === 'trashed',
    isPublic: document.publication !== null,
    isSharing: document.isSharing,
    sharedWith: role === 'visitor' ? [] : entry.sharedWith,
    lock:
      document.lock && isLocked(document, view.now)
        ? {
            by: lockHolder ?? 'somebody',
            until: document.lock.until,
            isOwn: document.lock.holderId === view.accountId,
          }
        : null,
    tags,
    // Another version has another picture, so that a browser may keep the one that it has.
    picturePath: `${base}/api/documents/${document.id}/picture?version=${versionText(document.version)}`,
    pagePath: role === 'visitor' ? publicPath(entry, view) : `${base}/documents/${document.id}`,
  };
}

export function presentShares(entry: LibraryEntry, shares: readonly Share[], view: View): LibraryShares {
  return {
    isSharing: entry.document.isSharing,
    isPublic: entry.document.publication !== null,
    publicPath: publicPath(entry, view),
    people: shares.map(({ email, canWrite, accountId }) => ({
      email,
      canWrite,
      isWaiting: accountId === null,
    })),
  };
}

export function presentVersion({ number, createdAt, by }: BrowsedVersion): LibraryVersion {
  return { version: versionText(number), savedAt: createdAt, by };
}

function publicPath({ document }: LibraryEntry, { basePath }: View): string {
  return `${basePath}/library/public/${document.id}`;
}
