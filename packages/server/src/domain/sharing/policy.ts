/** What a person is to a document. A visitor is anybody else, with or without an account. */
export const ROLES = ['owner', 'writer', 'reader', 'visitor'] as const;
export type Role = (typeof ROLES)[number];

/** Where a document stands with other people. `paused`: the owner has switched sharing off, and the list of people is kept. */
export const STANDINGS = ['shared', 'paused', 'trashed'] as const;
export type Standing = (typeof STANDINGS)[number];

export const ACTIONS = [
  /** Its entry in lists, its description, its versions. */
  'see',
  /** Its content. */
  'read',
  /** A new version. */
  'save',
  'rename',
  /** To see and to change with whom it is shared, and to switch sharing off and on. */
  'share',
  /** To make it public or private again. */
  'publish',
  /** With the person's own tags. */
  'tag',
  /** To take the lock, and to give up one's own. */
  'lock',
  /** To end somebody else's lock. */
  'break_lock',
  'trash',
  'restore',
  /** For good; what is not in the trash goes there first. */
  'delete',
] as const;
export type Action = (typeof ACTIONS)[number];

/** What a decision depends on. */
export interface Situation {
  role: Role;
  standing: Standing;
  isPublic: boolean;
  /** Somebody else holds the document for editing. */
  isLockedByOther: boolean;
}

/** `hidden`: the person must not even learn that the document exists. */
export type Verdict = 'allowed' | 'denied' | 'locked' | 'hidden';

const NOTHING: readonly Action[] = [];
const SEE: readonly Action[] = ['see'];
const READ: readonly Action[] = ['see', 'read', 'tag'];

/** The whole policy of the library; what is not in a cell is not allowed. */
export const RIGHTS: Readonly<Record<Role, Readonly<Record<Standing, readonly Action[]>>>> = {
  owner: {
    shared: ACTIONS,
    paused: ACTIONS,
    trashed: ['see', 'read', 'trash', 'restore', 'delete'],
  },
  writer: { shared: [...READ, 'save', 'lock'], paused: SEE, trashed: NOTHING },
  reader: { shared: READ, paused: SEE, trashed: NOTHING },
  visitor: { shared: NOTHING, paused: NOTHING, trashed: NOTHING },
};

/** What everybody may do with a public document that is not in the trash, besides what the table says. */
export const RIGHTS_TO_PUBLIC: readonly Action[] = ['read'];

/** What a lock that somebody else holds keeps people from. */
export const STOPPED_BY_LOCK: readonly Action[] = ['save', 'rename', 'lock'];

export function judge(action: Action, situation: Situation): Verdict {
  const { role, standing, isPublic, isLockedByOther } = situation;
  const rights = RIGHTS[role][standing];
  const publicRights = isPublic && standing !== 'trashed' ? RIGHTS_TO_PUBLIC : NOTHING;
  if (rights.includes(action) || publicRights.includes(action)) {
    return isLockedByOther && STOPPED_BY_LOCK.includes(action) ? 'locked' : 'allowed';
  }
  return rights.includes('see') ? 'denied' : 'hidden';
}
