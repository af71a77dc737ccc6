import type { Account } from '../accounts/account.js';

/** A document of somebody's library. Its content is its versions; the newest is the document. */
export interface LibraryDocument {
  /** Decimal, without leading zero, at most 18 digits. */
  id: string;
  ownerId: string;
  name: string;
  urlName: UrlName;
  createdAt: number;
  /** Of content or name. */
  modifiedAt: number;
  modifiedBy: string;
  state: 'kept' | 'trashed';
  /** False: the owner has switched sharing off; the list of people is kept. */
  isSharing: boolean;
  publication: Publication | null;
  /** Number of the newest version. */
  version: number;
  lock: Lock | null;
}

/** Letters, digits, `-` and `_`, unique among the owner's documents: a stem, and from the second of that stem on a number. */
export interface UrlName {
  stem: string;
  number: number;
}

/** Readable by everybody. The flags are kept for the page that shows the document. */
export interface Publication {
  allowsComments: boolean;
  showsComments: boolean;
}

/** Exclusive editing by one person. */
export interface Lock {
  holderId: string;
  until: number;
}

export interface Version {
  documentId: string;
  /** Counts tenths: 10 is version 1.0. */
  number: number;
  /** Blob of the docx. */
  blob: string;
  createdAt: number;
  createdBy: string;
}

/** A document as one person meets it. */
export interface LibraryEntry {
  document: LibraryDocument;
  owner: Account;
  /** The last editor; known by the address alone when they wrote before the document came here, null when nobody knows. */
  editor: Account | null;
  /** Everybody whom it is shared with, in the order of sharing. */
  sharedWith: readonly string[];
  /** The person's own share; null for the owner and for people who have none. */
  share: { canWrite: boolean } | null;
}

export const FIRST_VERSION = 10;

/** `1.9` is followed by `2.0`. */
export function versionText(number: number): string {
  return `${Math.floor(number / 10)}.${number % 10}`;
}

/** Undefined for what no version is called. */
export function parseVersion(text: string): number | undefined {
  const match = /^(\d{1,9})\.(\d)$/.exec(text);
  return match ? Number(match[1]) * 10 + Number(match[2]) : undefined;
}

export function urlNameText({ stem, number }: UrlName): string {
  return number === 0 ? stem : `${stem}${number}`;
}

const LONGEST_NAME = 250;
const LONGEST_STEM = 100;
const NAMELESS = 'Untitled';

/** A name that can be shown in one line; empty when nothing of it is left. */
export function cleanDocumentName(text: string): string {
  const line = text.replace(/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]+/gu, ' ').trim();
  return [...line].slice(0, LONGEST_NAME).join('').trim();
}

export function urlStemOf(name: string): string {
  const kept = name.normalize('NFC').replace(/[^\p{L}\p{M}\p{N}_-]+/gu, '');
  return [...kept].slice(0, LONGEST_STEM).join('') || NAMELESS;
}

export function isLocked(document: LibraryDocument, now: number): boolean {
  return document.lock !== null && document.lock.until > now;
}
