import type { Permissions } from '@officina/protocol';

/** Somebody whom the playground plays. The ids are the application's own, as everywhere in the API. */
export interface Person {
  userId: string;
  name: string;
}

export const AMELIA: Person = { userId: 'amelia-1', name: 'Amelia' };
export const BEN: Person = { userId: 'ben-2', name: 'Ben' };
export const PEOPLE = [AMELIA, BEN] as const;

export type RightsName = 'edit' | 'comment' | 'read';

export const RIGHTS: Readonly<Record<RightsName, { label: string; permissions: Permissions }>> = {
  edit: {
    label: 'can edit',
    permissions: allow(['document.edit', 'review.comment', 'review.changes.resolve']),
  },
  comment: { label: 'can comment', permissions: allow(['review.comment']) },
  read: { label: 'can only read', permissions: allow([]) },
};

/** Everybody here may download, print, chat and fill fields; the rest is what the rights are about. */
function allow(keys: readonly (keyof Permissions)[]): Permissions {
  return {
    'document.export': true,
    'document.print': true,
    'document.edit': keys.includes('document.edit'),
    'review.changes.resolve': keys.includes('review.changes.resolve'),
    'review.comment': keys.includes('review.comment'),
    'collab.chat': true,
    'document.pausecollaboration': false,
    'document.fill': true,
  };
}
