import { AppError } from '@officina/protocol';
import { isEmail } from '../accounts/accounts.js';
import { cleanDocumentName, parseVersion, urlStemOf, versionText } from '../library/library-document.js';
import {
  type AccountManifest,
  ARCHIVE_FORMAT,
  ARCHIVE_VERSION,
  type ArchivedDocument,
  type ArchivedVersion,
  DOCUMENT_FILE,
  MANIFEST_PATH,
} from './account-archive.js';
import type { ArchiveReader } from './archive-files.js';

const MEGABYTE = 1024 * 1024;
/** Half a million folders. */
const MOST_MANIFEST_BYTES = 64 * MEGABYTE;
/** A hundred thousand versions and people. */
const MOST_DOCUMENT_BYTES = 16 * MEGABYTE;
const LONGEST_TAG = 100;
/** The last moment that a Date can hold. */
const LAST_MOMENT = 8.64e15;

const ID = /^[1-9]\d{0,17}$/;
const FOLDER = /^documents\/[^/\\]{1,200}$/;
const FILE = /^[A-Za-z0-9._-]{1,100}$/;

type Fields = Readonly<Record<string, unknown>>;

/** Refuses by AppError: parameter_value_invalid when the archive is none of an account, or of a later kind. */
export async function readManifest(archive: ArchiveReader): Promise<AccountManifest> {
  const bytes = await archive.read(MANIFEST_PATH, MOST_MANIFEST_BYTES);
  if (!bytes) throw broken(`It has no ${MANIFEST_PATH}.`);
  const manifest = fieldsOf(parse(bytes, MANIFEST_PATH), MANIFEST_PATH);
  if (manifest.format !== ARCHIVE_FORMAT) throw broken(`Its ${MANIFEST_PATH} is not of an account.`);
  if (manifest.formatVersion !== ARCHIVE_VERSION) {
    throw broken(`It is of format ${String(manifest.formatVersion)}; this server reads ${ARCHIVE_VERSION}.`);
  }
  const account = fieldsOf(manifest.account, 'account');
  return {
    format: ARCHIVE_FORMAT,
    formatVersion: ARCHIVE_VERSION,
    exportedAt: readMoment(manifest, 'exportedAt'),
    account: {
      email: readEmail(account, 'email'),
      loginName: account.loginName === null ? null : readText(account, 'loginName'),
      displayName: readText(account, 'displayName'),
      createdAt: readMoment(account, 'createdAt'),
    },
    documents: readList(manifest, 'documents', (folder) => {
      if (typeof folder !== 'string' || !FOLDER.test(folder)) throw broken('A folder has an odd name.');
      return folder;
    }),
    tagsOnOthers: readList(manifest, 'tagsOnOthers', (value) => {
      const tagged = fieldsOf(value, 'tagsOnOthers');
      return { documentId: readId(tagged, 'documentId'), names: readTags(tagged, 'names') };
    }),
  };
}

/** Refuses by AppError: parameter_value_invalid, upload_too_large. */
export async function readDocument(archive: ArchiveReader, folder: string): Promise<ArchivedDocument> {
  const path = `${folder}/${DOCUMENT_FILE}`;
  const bytes = await archive.read(path, MOST_DOCUMENT_BYTES);
  if (!bytes) throw broken(`${path} is missing.`);
  const document = fieldsOf(parse(bytes, path), path);
  const { state } = document;
  if (state !== 'kept' && state !== 'trashed') throw broken(`${path}: "state" is kept or trashed.`);
  return {
    id: readId(document, 'id'),
    name: readName(document, path),
    urlName: readUrlName(document, path),
    createdAt: readMoment(document, 'createdAt'),
    modifiedAt: readMoment(document, 'modifiedAt'),
    modifiedBy: readPerson(document, 'modifiedBy'),
    state,
    isSharing: readFlag(document, 'isSharing'),
    publication: readPublication(document),
    versions: readVersions(document, path),
    shares: readList(document, 'shares', (value) => {
      const share = fieldsOf(value, 'shares');
      return {
        email: readEmail(share, 'email'),
        canWrite: readFlag(share, 'canWrite'),
        createdAt: readMoment(share, 'createdAt'),
      };
    }),
    tags: readTags(document, 'tags'),
  };
}

function readVersions(document: Fields, path: string): readonly ArchivedVersion[] {
  let former = 0;
  const versions = readList(document, 'versions', (value): ArchivedVersion => {
    const fields = fieldsOf(value, 'versions');
    const version = readText(fields, 'version');
    const number = parseVersion(version);
    if (number === undefined || versionText(number) !== version || number <= former) {
      throw broken(`${path}: its versions are not numbered upwards.`);
    }
    former = number;
    const file = readText(fields, 'file');
    if (!FILE.test(file)) throw broken(`${path}: version ${version} has a file with an odd name.`);
    return {
      version,
      createdAt: readMoment(fields, 'createdAt'),
      createdBy: readPerson(fields, 'createdBy'),
      file,
    };
  });
  if (versions.length === 0) throw broken(`${path}: it has no version.`);
  return versions;
}

function readName(document: Fields, path: string): string {
  const name = cleanDocumentName(readText(document, 'name'));
  if (name === '') throw broken(`${path}: its name has no character that can be shown.`);
  return name;
}

function readUrlName(document: Fields, path: string): ArchivedDocument['urlName'] {
  const { stem, number } = fieldsOf(document.urlName, 'urlName');
  const isGood =
    typeof stem === 'string' &&
    urlStemOf(stem) === stem &&
    Number.isSafeInteger(number) &&
    Number(number) >= 0;
  if (!isGood) throw broken(`${path}: its URL name is none.`);
  return { stem, number: Number(number) };
}

function readPublication(document: Fields): ArchivedDocument['publication'] {
  if (document.publication === null) return null;
  const publication = fieldsOf(document.publication, 'publication');
  return {
    allowsComments: readFlag(publication, 'allowsComments'),
    showsComments: readFlag(publication, 'showsComments'),
  };
}

function readTags(fields: Fields, name: string): readonly string[] {
  const tags = readList(fields, name, (tag) => {
    const isTag =
      typeof tag === 'string' && tag !== '' && tag.length <= LONGEST_TAG && !/[\s\p{Cc}\p{Cs}]/u.test(tag);
    if (!isTag) throw broken('A tag is a word of at most 100 characters.');
    return tag;
  });
  return [...new Set(tags)];
}

function readPerson(fields: Fields, name: string): string | null {
  return fields[name] === null ? null : readEmail(fields, name);
}

function readEmail(fields: Fields, name: string): string {
  const email = readText(fields, name).toLowerCase();
  if (!isEmail(email)) throw broken(`"${name}" is not an e-mail address.`);
  return email;
}

function readId(fields: Fields, name: string): string {
  const id = readText(fields, name);
  if (!ID.test(id)) throw broken(`"${name}" is not the id of a document.`);
  return id;
}

function readText(fields: Fields, name: string): string {
  const value = fields[name];
  if (typeof value !== 'string') throw broken(`"${name}" is not a text.`);
  return value;
}

function readFlag(fields: Fields, name: string): boolean {
  const value = fields[name];
  if (typeof value !== 'boolean') throw broken(`"${name}" is not true or false.`);
  return value;
}

function readMoment(fields: Fields, name: string): number {
  const value = fields[name];
  if (!Number.isSafeInteger(value) || Number(value) < 0 || Number(value) > LAST_MOMENT) {
    throw broken(`"${name}" is not a time in milliseconds.`);
  }
  return Number(value);
}

function readList<Value>(fields: Fields, name: string, read: (value: unknown) => Value): readonly Value[] {
  const list = fields[name];
  if (!Array.isArray(list)) throw broken(`"${name}" is not a list.`);
  return list.map(read);
}

function fieldsOf(value: unknown, what: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw broken(`"${what}" is not an object.`);
  }
  return value as Fields;
}

function parse(bytes: Uint8Array, path: string): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw broken(`${path} is not JSON.`, cause);
  }
}

function broken(why: string, cause?: unknown): AppError {
  return new AppError('parameter_value_invalid', `The archive cannot be read. ${why}`, { cause });
}
