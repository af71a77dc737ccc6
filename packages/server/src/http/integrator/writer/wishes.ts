import { AppError, type Permissions } from '@officina/protocol';
import type { Static } from '@sinclair/typebox';
import type { BlankDefaults } from '../../../domain/content/document-engine.js';
import type { EditingWish, ReadingWish, SessionWish, Source } from '../../../domain/documents/opening.js';
import type { ApiKey } from '../../../domain/keys/api-key.js';
import type { Form } from '../../kit/form.js';
import { invalid, readObject, readText } from '../parameter.js';
import { readCallback } from './callback.js';
import { parseLengthMm } from './lengths.js';
import { editingPermissions, readingPermissions } from './permissions.js';
import * as schema from './schema.js';

/** A wish without the key, which is known only once the caller has been told apart. */
export type EditingForm = Omit<EditingWish, 'apiKey'>;
export type ReadingForm = Omit<ReadingWish, 'apiKey'>;

export function withKey<T>(apiKey: ApiKey, form: T): T & { apiKey: ApiKey } {
  return { ...form, apiKey };
}

const DEFAULT_PERSON = 'Guest';
const DEFAULT_MARGIN_MM = 25.4;

export const EDITING_PARAMETERS = {
  files: ['document'],
  texts: [
    'apikey',
    'url',
    'callback_settings',
    'document_defaults',
    'editor_settings',
    'permissions',
    'document_info',
    'user_info',
    'ui_options',
  ],
} as const;

export const READING_PARAMETERS = {
  files: ['document'],
  texts: ['apikey', 'url', 'lang', 'document_info', 'permissions'],
} as const;

/** What a create, edit or co-edit call asks for. Refuses by AppError, naming parameter and key. */
export function readEditingForm(form: Form, partialDefaults: Permissions): EditingForm {
  const { texts } = form;
  const named = readObject(schema.documentInfo, texts) ?? {};
  const person = readObject(schema.userInfo, texts) ?? {};
  const callback = readCallback(readObject(schema.callbackSettings, texts));
  const granted = editingPermissions(readObject(schema.permissions, texts), partialDefaults);
  const defaults = readObject(schema.documentDefaults, texts) ?? {};
  const editor = readObject(schema.editorSettings, texts) ?? {};
  const ui = readObject(schema.uiOptions, texts) ?? {};
  return {
    kind: 'document',
    documentId: readDocumentId(named.document_id),
    name: readName(named.document_name),
    source: readSource(form),
    defaults: readDefaults(defaults),
    settings: {
      trackChanges: defaults.track_changes === undefined ? null : defaults.track_changes === 'enabled',
      language: readLanguage(defaults.language),
    },
    session: {
      userId: person.user_id || null,
      displayName: person.display_name || DEFAULT_PERSON,
      permissions: granted,
      callback,
      interfaceLanguage: readInterfaceLanguage(editor.language),
      unit: editor.unit ?? 'in',
      view: editor.view ?? 'pageview',
      ui: {
        saveButton: ui.save_button !== 'hide',
        chatPanel: ui.chat_panel !== 'hide',
        fileMenu: ui.file_menu !== 'hide',
        darkMode: ui.dark_mode !== 'hide',
      },
    },
  };
}

/** What a preview call asks for. Refuses by AppError, naming parameter and key. */
export function readReadingForm(form: Form): ReadingForm {
  const { texts } = form;
  const named = readObject(schema.previewInfo, texts) ?? {};
  const granted = readingPermissions(readObject(schema.previewPermissions, texts));
  const language = readText('lang', texts, 20);
  if (language !== undefined && !schema.UI_LANGUAGES.includes(language)) {
    throw invalid('lang', undefined, `"${language}" is not a language of the interface.`);
  }
  const source = readSource(form);
  if (!source) {
    throw new AppError('parameter_missing', 'Send the file as "document" or its address as "url".', {
      blame: { parameter: 'document' },
    });
  }
  return {
    name: readName(named.document_name),
    source,
    session: readerOf(granted, readInterfaceLanguage(language)),
  };
}

function readerOf(granted: Permissions, interfaceLanguage: string): SessionWish {
  return {
    userId: null,
    displayName: DEFAULT_PERSON,
    permissions: granted,
    callback: null,
    interfaceLanguage,
    unit: 'in',
    view: 'pageview',
    ui: { saveButton: false, chatPanel: false, fileMenu: true, darkMode: true },
  };
}

function readDocumentId(sent: string | undefined): string | null {
  if (sent === undefined) return null;
  if (sent.trim() === '') {
    throw new AppError('id_missing', 'Leave "document_id" out to have one made.', {
      blame: { parameter: 'document_info', key: 'document_id' },
    });
  }
  return sent;
}

function readName(sent: string | undefined): string | null {
  return sent?.trim() ? sent : null;
}

export function readSource(form: Form): Source | null {
  const file = form.files.get('document');
  const url = readText('url', form.texts, schema.MAX_URL_LENGTH);
  if (file && url !== undefined) {
    throw new AppError('parameter_unsupported', 'Send either "document" or "url", not both.', {
      blame: { parameter: 'url' },
    });
  }
  if (file) return { from: 'upload', bytes: file.bytes, fileName: file.fileName, sha256: file.sha256 };
  if (url === undefined) return null;
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (!parsed || (parsed.protocol !== 'http:' && parsed.protocol !== 'https:')) {
    throw invalid('url', undefined, `"${url.slice(0, 200)}" is not an http or https URL.`);
  }
  return { from: 'url', url };
}

/** Browsers know BCP 47 only: no underscores, and Hebrew by the code that it has had since 1989. */
function readInterfaceLanguage(sent = 'en'): string {
  return sent === 'iw' ? 'he' : sent.replaceAll('_', '-');
}

/** Files write languages with hyphens (BCP 47), some callers with underscores. */
function readLanguage(sent: string | undefined): string | null {
  return sent?.replaceAll('_', '-') ?? null;
}

function readDefaults(sent: Static<typeof schema.DocumentDefaultsSchema>): BlankDefaults {
  const paper = sent.paper_size?.toLowerCase() ?? 'letter';
  const margin = (side: 'top' | 'right' | 'bottom' | 'left') =>
    parseLengthMm(sent.margin?.[side] ?? '') ?? DEFAULT_MARGIN_MM;
  return {
    orientation: sent.orientation ?? 'portrait',
    paperSize: schema.PAPER_SIZES.find((name) => name.toLowerCase() === paper) ?? 'Letter',
    fontName: sent.font_name ?? 'Arial',
    fontSizePt: Number(sent.font_size ?? 12),
    marginsMm: {
      top: margin('top'),
      right: margin('right'),
      bottom: margin('bottom'),
      left: margin('left'),
    },
    trackChanges: sent.track_changes === 'enabled',
    language: readLanguage(sent.language),
    dateFormat: sent.date_format ?? null,
  };
}
