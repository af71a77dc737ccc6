import { type Account, wireNameOf } from '../../domain/accounts/account.js';
import {
  isLocked,
  type LibraryEntry,
  urlNameText,
  type Version,
  versionText,
} from '../../domain/library/library-document.js';
import type { TagCount } from '../../domain/library/tag-store.js';
import type { Share } from '../../domain/sharing/share-store.js';
import { timeAgo } from './wire-time.js';
import { type Dialect, quote, type WireFields } from './wire-value.js';
import { escapeText } from './xml.js';

/** Who asks, and when. */
export interface Viewpoint {
  callerId: string | null;
  now: number;
}

/** Every field that an entry may have. */
type EntryField =
  | 'documentId'
  | 'documentName'
  | 'version'
  | 'writePermission'
  | 'document_name_url'
  | 'document_locked'
  | 'document_blogged'
  | 'authorName'
  | 'lastModifiedTimeDisplayString'
  | 'lastModifiedTime'
  | 'lastModifiedBy'
  | 'shared_users'
  | 'created_date'
  | 'category';

/** In the order of the page's XML sample. */
export const INCOMING_XML = [
  'documentId',
  'documentName',
  'version',
  'writePermission',
  'document_name_url',
  'document_locked',
  'document_blogged',
  'authorName',
  'lastModifiedTimeDisplayString',
  'lastModifiedTime',
  'shared_users',
  'created_date',
  'category',
] as const satisfies readonly EntryField[];

/** In the order of the page's JSON sample. */
export const INCOMING_JSON = [
  'documentId',
  'documentName',
  'version',
  'lastModifiedTimeDisplayString',
  'lastModifiedTime',
  'writePermission',
  'document_name_url',
  'shared_users',
  'document_locked',
  'document_blogged',
  'authorName',
  'created_date',
  'category',
] as const satisfies readonly EntryField[];

/** Entries of every other list: clients share one reader among them. */
export const LISTED = [
  'documentId',
  'documentName',
  'version',
  'lastModifiedTimeDisplayString',
  'lastModifiedTime',
  'lastModifiedBy',
  'writePermission',
  'document_name_url',
  'shared_users',
  'document_locked',
  'document_blogged',
  'authorName',
  'created_date',
  'category',
] as const satisfies readonly EntryField[];

export const DESCRIBED = [
  'documentId',
  'documentName',
  'version',
  'document_name_url',
  'shared_users',
  'document_locked',
  'document_blogged',
  'authorName',
  'created_date',
] as const satisfies readonly EntryField[];

export const SAVED = [...DESCRIBED, 'category'] as const satisfies readonly EntryField[];

export function presentEntry(
  entry: LibraryEntry,
  fields: readonly EntryField[],
  view: Viewpoint,
): WireFields {
  return fields.map((field) => [field, ENTRY_FIELDS[field](entry, view)]);
}

/** Writes an entry of a list: what `writeXml` and `writeJson` make of `presentEntry`, without making its fields first. */
export type EntryWriter = (entry: LibraryEntry, view: Viewpoint) => string;

function entryWriters(
  inXml: readonly EntryField[],
  inJson: readonly EntryField[],
): Record<Dialect, EntryWriter> {
  const elements = inXml.map((field) => ({
    before: `<${field}>`,
    read: ENTRY_FIELDS[field],
    after: `</${field}>`,
  }));
  const members = inJson.map((field, at) => ({
    before: `${at === 0 ? '{' : ','}"${field}":`,
    read: ENTRY_FIELDS[field],
  }));
  return {
    xml: (entry, view) => {
      let text = '<document>';
      for (const { before, read, after } of elements) text += before + escapeText(read(entry, view)) + after;
      return `${text}</document>`;
    },
    json: (entry, view) => {
      let text = '';
      for (const { before, read } of members) text += before + quote(read(entry, view));
      return `${text}}`;
    },
  };
}

const ENTRY_FIELDS: Readonly<Record<EntryField, (entry: LibraryEntry, view: Viewpoint) => string>> = {
  documentId: ({ document }) => document.id,
  documentName: ({ document }) => document.name,
  version: ({ document }) => versionText(document.version),
  writePermission: (entry, view) => String(mayWrite(entry, view)),
  document_name_url: ({ document }) => urlNameText(document.urlName),
  document_locked: ({ document }, { now }) => String(isLocked(document, now)),
  // Nothing can be posted to a blog from here.
  document_blogged: () => 'false',
  authorName: ({ owner }) => wireNameOf(owner),
  lastModifiedTimeDisplayString: ({ document }, { now }) => timeAgo(document.modifiedAt, now),
  lastModifiedTime: ({ document }) => String(document.modifiedAt),
  lastModifiedBy: (entry, view) => editorName(entry, view),
  shared_users: (entry, view) => listText(seesPeople(entry, view) ? entry.sharedWith : []),
  created_date: ({ document }) => String(document.createdAt),
  category: ({ document }, { callerId }) => (document.ownerId === callerId ? 'owned' : 'shared'),
};

export const WRITE_INCOMING = entryWriters(INCOMING_XML, INCOMING_JSON);
export const WRITE_LISTED = entryWriters(LISTED, LISTED);

function mayWrite({ document, share }: LibraryEntry, { callerId }: Viewpoint): boolean {
  if (document.ownerId === callerId) return true;
  return document.isSharing && (share?.canWrite ?? false);
}

/** Blank while sharing is switched off, and to people whom a public document was not shared with. */
function seesPeople({ document, share }: LibraryEntry, { callerId }: Viewpoint): boolean {
  return document.isSharing && (document.ownerId === callerId || share !== null);
}

function editorName({ document, editor }: LibraryEntry, { callerId }: Viewpoint): string {
  if (document.modifiedBy === document.ownerId && document.ownerId === callerId) return 'Me';
  return editor ? wireNameOf(editor) : '';
}

/** Lists of people are one text, in JSON too. */
function listText(names: readonly string[]): string {
  return `[${names.join(', ')}]`;
}

export function presentCount(account: Account, count: number): WireFields {
  return [
    [
      'documents',
      [
        ['ownerName', wireNameOf(account)],
        ['documentsCount', String(count)],
      ],
    ],
  ];
}

export function presentShort({ document }: LibraryEntry): WireFields {
  return [
    ['documentId', document.id],
    ['documentName', document.name],
  ];
}

export function presentUploaded(entry: LibraryEntry): WireFields {
  const { document, owner } = entry;
  const version = versionText(document.version);
  return [
    ...presentShort(entry),
    ['documentVersion', version],
    ['version', version],
    ['document_name_url', urlNameText(document.urlName)],
    ['authorName', wireNameOf(owner)],
    ['created_date', String(document.createdAt)],
  ];
}

export function presentVersions(versions: readonly Version[], now: number): WireFields {
  return [
    [
      { xml: 'versiondetails', json: 'versiondetail' },
      {
        isBareAlone: true,
        many: versions.map(({ documentId, number, createdAt }) => [
          ['documentId', documentId],
          ['version', versionText(number)],
          ['updatetime', timeAgo(createdAt, now)],
        ]),
      },
    ],
  ];
}

/** Rights differ from person to person, and one `EmailShared` has one right: there are as many as there are rights. */
export function presentShares(entry: LibraryEntry, shares: readonly Share[]): WireFields {
  const groups = [true, false]
    .map((canWrite) => ({ canWrite, people: shares.filter((share) => share.canWrite === canWrite) }))
    .filter(({ people }) => people.length > 0);
  const shown = groups.length > 0 ? groups : [{ canWrite: false, people: [] }];
  return [
    [
      'sharedetail',
      [
        ...presentShort(entry),
        [
          'EmailShared',
          {
            isBareAlone: true,
            many: shown.map(
              ({ canWrite, people }): WireFields => [
                ['sharedto', listText(people.map(({ email }) => email))],
                ['writepermission', String(canWrite)],
              ],
            ),
          },
        ],
      ],
    ],
  ];
}

export function presentShared(entry: LibraryEntry, emails: readonly string[]): WireFields {
  return [...presentShort(entry), ['sharedto', [['user', { many: emails }]]]];
}

export function presentTags(tags: readonly TagCount[]): WireFields {
  const many = tags.map(({ name, count }) => ({ attributes: { name, count } }));
  return [['tags', [['tag', { many }]]]];
}

export function presentTagged({ document }: LibraryEntry, tags: readonly string[]): WireFields {
  const many = tags.map((name) => ({ attributes: { name } }));
  return [
    ['documentId', document.id],
    ['tags', [['tag', { many }]]],
  ];
}

export function presentContent({ document }: LibraryEntry, version: Version, html: string): WireFields {
  return [
    [
      'document',
      [
        ['documentId', document.id],
        ['documentName', document.name],
        ['version', versionText(version.number)],
        ['content', html],
      ],
    ],
  ];
}
