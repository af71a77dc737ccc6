import { createHash } from 'node:crypto';
import type { CallbackSettings, SaveFormat } from './callback-settings.js';
import type { Save } from './save.js';

const DOCX_TYPE = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document';

const MEDIA_TYPES: Readonly<Record<SaveFormat, string>> = {
  docx: DOCX_TYPE,
  doc: 'application/msword',
  odt: 'application/vnd.oasis.opendocument.text',
  rtf: 'application/rtf',
  txt: 'text/plain; charset=utf-8',
  html: 'text/html; charset=utf-8',
  htm: 'text/html; charset=utf-8',
  pdf: 'application/pdf',
  zdoc: DOCX_TYPE,
  zfdoc: DOCX_TYPE,
};

/** Formats whose file is the docx itself. `zdoc` is the docx under another extension: receivers only look at the name. */
const DOCX_FORMATS: ReadonlySet<SaveFormat> = new Set(['docx', 'zdoc', 'zfdoc']);

const PAGE_FORMATS: ReadonlySet<SaveFormat> = new Set(['html', 'htm']);

/** Extensions that a name of a document may bring; other dots belong to the name. */
const DOCUMENT_EXTENSION = /\.(docx|docm|dotx|doc|odt|rtf|txt|html?|pdf|zdoc|zfdoc|sxw)$/i;

/** The same for two sessions whose saves go to the same place in the same way; retries and timeout do not count. */
export function targetIdOf(settings: CallbackSettings): string {
  const parts = [
    settings.saveUrl,
    settings.method,
    settings.format,
    sortedEntries(settings.params),
    sortedEntries(settings.headers),
  ];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32);
}

/** `host:port` of the place that a save goes to, without the port when it is the scheme's own. */
export function hostOf(settings: CallbackSettings): string {
  return URL.canParse(settings.saveUrl) ? new URL(settings.saveUrl).host : settings.saveUrl;
}

/** Whether the bytes made for a page are a zip of the page and its pictures. */
export function isZippedPage(format: SaveFormat, bytes: Uint8Array): boolean {
  return PAGE_FORMATS.has(format) && bytes[0] === 0x50 && bytes[1] === 0x4b;
}

export function isDocxFormat(format: SaveFormat): boolean {
  return DOCX_FORMATS.has(format);
}

export function mediaTypeOf(format: SaveFormat): string {
  return MEDIA_TYPES[format];
}

/** The document's display name with the format's extension in place of the one that the caller's name may have. */
export function fileNameOf(save: Pick<Save, 'documentName' | 'target'>): string {
  const name = save.documentName.trim().replace(DOCUMENT_EXTENSION, '') || 'Untitled';
  return `${name}.${save.target.format}`;
}

/** Whether two saves end in the same file of the application, even if their fields or headers differ. */
export function reachSamePlace(one: CallbackSettings, other: CallbackSettings): boolean {
  return one.saveUrl === other.saveUrl && one.method === other.method && one.format === other.format;
}

function sortedEntries(map: Readonly<Record<string, string | number>>): [string, string | number][] {
  return Object.entries(map).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}
