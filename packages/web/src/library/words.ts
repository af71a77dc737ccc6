import type { LibraryFormat, LibraryItem } from '@officina/protocol';

const TODAY = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });
const DAY = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', year: 'numeric' });
const EXACT = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });

/** The hour of today, else the day. */
export function shortMoment(at: number, now: number): string {
  return new Date(at).toDateString() === new Date(now).toDateString() ? TODAY.format(at) : DAY.format(at);
}

export function exactMoment(at: number): string {
  return EXACT.format(at);
}

/** What the person may do, where that is not everything. */
export function roleWords({ role, isSharing }: Pick<LibraryItem, 'role' | 'isSharing'>): string | null {
  if (role !== 'owner' && role !== 'visitor' && !isSharing) return 'Sharing is switched off';
  switch (role) {
    case 'owner':
      return null;
    case 'writer':
      return 'You can edit';
    case 'reader':
    case 'visitor':
      return 'You can read';
    default:
      return role satisfies never;
  }
}

export const FORMAT_NAMES: Readonly<Record<LibraryFormat, string>> = {
  docx: 'Word (docx)',
  pdf: 'PDF',
  odt: 'OpenDocument (odt)',
  doc: 'Word 97–2003 (doc)',
  rtf: 'Rich text (rtf)',
  html: 'Web page (html)',
  txt: 'Plain text (txt)',
};

/** Tags as they are typed: words, apart by blanks or commas. */
export function readTags(text: string): readonly string[] {
  return [...new Set(text.split(/[\s,]+/u).filter((name) => name !== ''))];
}

export function canOpen({ role, isSharing }: Pick<LibraryItem, 'role' | 'isSharing'>): boolean {
  return role === 'owner' || role === 'visitor' || isSharing;
}

export function canChange({ role, isSharing, isTrashed }: LibraryItem): boolean {
  return !isTrashed && (role === 'owner' || (role === 'writer' && isSharing));
}
