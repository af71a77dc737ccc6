import type { Account } from '../accounts/account.js';
import { type LibraryDocument, urlNameText } from '../library/library-document.js';

/** What the first file of an archive says: whose it is, and where its documents are. */
export interface AccountManifest {
  format: typeof ARCHIVE_FORMAT;
  formatVersion: typeof ARCHIVE_VERSION;
  exportedAt: number;
  /** Never with the password or anything that a login made. */
  account: Pick<Account, 'email' | 'loginName' | 'displayName' | 'createdAt'>;
  /** Folders, each with a `document.json`. */
  documents: readonly string[];
  /** The person's own tags on documents of others. */
  tagsOnOthers: readonly { documentId: string; names: readonly string[] }[];
}

/** One document with all that belongs to it. People are named by address; null is somebody whose account is gone. */
export interface ArchivedDocument
  extends Pick<
    LibraryDocument,
    'id' | 'name' | 'urlName' | 'createdAt' | 'modifiedAt' | 'state' | 'isSharing' | 'publication'
  > {
  modifiedBy: string | null;
  /** Oldest first. */
  versions: readonly ArchivedVersion[];
  /** In the order of sharing. */
  shares: readonly { email: string; canWrite: boolean; createdAt: number }[];
  /** The owner's. */
  tags: readonly string[];
}

export interface ArchivedVersion {
  /** `1.0` and so on. */
  version: string;
  createdAt: number;
  createdBy: string | null;
  /** A docx in the document's folder; several versions may name one file. */
  file: string;
}

export const ARCHIVE_FORMAT = 'officina-account';
export const ARCHIVE_VERSION = 1;
export const MANIFEST_PATH = 'manifest.json';
export const DOCUMENT_FILE = 'document.json';

/** Together with the id a name of at most 191 bytes, which every file system takes. */
const LONGEST_FOLDER_NAME = 40;

/** Says to a reader which document it is, and is another one for every document whatever a file system folds. */
export function folderOf({ id, urlName }: Pick<LibraryDocument, 'id' | 'urlName'>): string {
  const name = [...urlNameText(urlName)].slice(0, LONGEST_FOLDER_NAME).join('');
  return `documents/${name}-${id}`;
}
