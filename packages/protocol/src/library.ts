/** What the page `/library` is told by `/library/api`. Times are milliseconds since 1970. */
export type LibrarySignIn =
  /** `signUp`: people may open accounts themselves, at `/sign-up`. */
  | { signedIn: false; signUp?: true }
  | { signedIn: true; csrf: string; expiresAt: number; person: LibraryPerson };

export interface LibraryPerson {
  id: string;
  email: string;
  loginName: string | null;
  displayName: string;
  /** The address was typed at a sign-up, and the operator has not confirmed it: what is shared with it waits. */
  awaitsConfirmation?: true;
}

/** What came of an archive that was brought in. */
export interface LibraryImport {
  added: number;
  /** Documents that were there already, and were left alone. */
  present: number;
  refused: readonly { name: string; reason: string }[];
}

export const LIBRARY_VIEWS = ['mine', 'shared', 'public', 'trash', 'tag'] as const;
export type LibraryView = (typeof LIBRARY_VIEWS)[number];

export const LIBRARY_SORTS = ['modified', 'created', 'name'] as const;
export type LibrarySort = (typeof LIBRARY_SORTS)[number];

/** What somebody is to a document; a visitor comes to it because it is public. */
export type LibraryRole = 'owner' | 'writer' | 'reader' | 'visitor';

export interface LibraryLock {
  /** Display name of who holds the document. */
  by: string;
  until: number;
  isOwn: boolean;
}

/** A document as one person meets it. */
export interface LibraryItem {
  id: string;
  name: string;
  /** `n.m` of the newest version. */
  version: string;
  role: LibraryRole;
  /** Display name of the owner, and of the last editor when the account is still there. */
  owner: string;
  editedBy: string | null;
  createdAt: number;
  modifiedAt: number;
  isTrashed: boolean;
  isPublic: boolean;
  /** False: the owner has switched sharing off, and others can neither read nor save it meanwhile. */
  isSharing: boolean;
  /** Addresses; of a public document that is not shared with the person, none. */
  sharedWith: readonly string[];
  lock: LibraryLock | null;
  /** The person's own, by name. */
  tags: readonly string[];
  /** Path of a picture of the first page. */
  picturePath: string;
  /** Path of the page that shows it. */
  pagePath: string;
}

/** A part of a list; `next` continues it and is null at its end. */
export interface LibraryPage {
  items: readonly LibraryItem[];
  next: string | null;
}

export interface LibraryTag {
  name: string;
  count: number;
}

export interface LibraryShare {
  email: string;
  canWrite: boolean;
  /** Nobody has an account with this address yet. */
  isWaiting: boolean;
}

/** With whom a document is shared, as its owner sees it. */
export interface LibraryShares {
  isSharing: boolean;
  isPublic: boolean;
  /** Path under which everybody can read a public document. */
  publicPath: string;
  people: readonly LibraryShare[];
}

export interface LibraryVersion {
  version: string;
  savedAt: number;
  /** Display name; null when the account is gone. */
  by: string | null;
}

/** One event of the page's stream: something about the document changed for the person. */
export interface LibraryNews {
  documentId: string;
  what: 'listed' | 'changed' | 'gone';
}

/** Formats that the page offers for a download. */
export const LIBRARY_FORMATS = ['docx', 'pdf', 'odt', 'doc', 'rtf', 'html', 'txt'] as const;
export type LibraryFormat = (typeof LIBRARY_FORMATS)[number];

/** What an editor of a library document needs besides what every editor has. */
export interface LibraryBoot {
  documentId: string;
  /** Paths of the library's page and of its API, without a slash at the end. */
  homePath: string;
  apiPath: string;
}
