import { AppError } from '@officina/protocol';
import { describe, expect, it } from 'vitest';
import type { Form } from '../../kit/form.js';
import { PARTIAL_DEFAULTS } from './permissions.js';
import { readEditingForm, readReadingForm } from './wishes.js';

const formOf = (texts: Record<string, unknown>): Form => ({
  texts: new Map(
    Object.entries(texts).map(([name, value]) => [
      name,
      typeof value === 'string' ? value : JSON.stringify(value),
    ]),
  ),
  files: new Map(),
});

const read = (texts: Record<string, unknown>) => readEditingForm(formOf(texts), PARTIAL_DEFAULTS);

/** What the caller reads about the first value that is wrong. */
function wordsOf(texts: Record<string, unknown>): string {
  try {
    read(texts);
  } catch (error) {
    if (error instanceof AppError) return error.message;
    throw error;
  }
  return 'accepted';
}

function refusalOf(task: () => unknown): readonly unknown[] {
  try {
    task();
  } catch (error) {
    if (error instanceof AppError) return [error.code, error.blame.parameter, error.blame.key];
    throw error;
  }
  return ['accepted'];
}

const SAVE = { save_format: 'docx', save_url: 'https://a.example/' };
const VALUE = 'parameter_value_invalid';
const NAME = 'parameter_name_invalid';

const REFUSED: readonly (readonly [Record<string, unknown>, string, string, string | undefined])[] = [
  [{ document_info: '[]' }, VALUE, 'document_info', undefined],
  [{ document_info: 'null' }, VALUE, 'document_info', undefined],
  [{ document_info: { document_id: 1349 } }, VALUE, 'document_info', 'document_id'],
  [{ document_info: { document_id: ' ' } }, 'id_missing', 'document_info', 'document_id'],
  [{ document_info: { document_name: 'x'.repeat(256) } }, VALUE, 'document_info', 'document_name'],
  [{ document_info: { document_name: null } }, VALUE, 'document_info', 'document_name'],
  [{ document_info: { name: 'New' } }, NAME, 'document_info', 'name'],
  [{ document_info: '{"document_name":"\\ud800"}' }, VALUE, 'document_info', 'document_name'],
  [{ document_info: '{"document_name":"a\\u0000b"}' }, VALUE, 'document_info', 'document_name'],
  [{ document_info: '{"__proto__":{"x":1}}' }, NAME, 'document_info', '__proto__'],
  [{ user_info: { user_id: 7 } }, VALUE, 'user_info', 'user_id'],
  [{ callback_settings: {} }, 'parameter_missing', 'callback_settings', 'save_format'],
  [{ callback_settings: { save_format: 'docx' } }, 'parameter_missing', 'callback_settings', 'save_url'],
  [{ callback_settings: { ...SAVE, save_format: 'xlsx' } }, VALUE, 'callback_settings', 'save_format'],
  [{ callback_settings: { ...SAVE, save_url: 'ftp://a/' } }, VALUE, 'callback_settings', 'save_url'],
  [{ callback_settings: { ...SAVE, save_url: '' } }, VALUE, 'callback_settings', 'save_url'],
  [
    { callback_settings: { ...SAVE, http_method_type: 'get' } },
    VALUE,
    'callback_settings',
    'http_method_type',
  ],
  [{ callback_settings: { ...SAVE, retries: -1 } }, VALUE, 'callback_settings', 'retries'],
  [{ callback_settings: { ...SAVE, retries: '2' } }, VALUE, 'callback_settings', 'retries'],
  [{ callback_settings: { ...SAVE, timeout: 0 } }, VALUE, 'callback_settings', 'timeout'],
  [{ callback_settings: { ...SAVE, timeout: 1.5 } }, VALUE, 'callback_settings', 'timeout'],
  [
    { callback_settings: { ...SAVE, save_url_params: { a: {} } } },
    VALUE,
    'callback_settings',
    'save_url_params.a',
  ],
  [
    { callback_settings: { ...SAVE, save_url_params: { 'a"': 1 } } },
    NAME,
    'callback_settings',
    'save_url_params.a"',
  ],
  [
    { callback_settings: { ...SAVE, save_url_headers: { Host: 'x' } } },
    VALUE,
    'callback_settings',
    'save_url_headers.Host',
  ],
  [
    { callback_settings: { ...SAVE, save_url_headers: { 'a b': 'x' } } },
    NAME,
    'callback_settings',
    'save_url_headers.a b',
  ],
  [
    { callback_settings: { ...SAVE, save_url_headers: { a: 'x\r\ny' } } },
    VALUE,
    'callback_settings',
    'save_url_headers.a',
  ],
  [{ callback_settings: { ...SAVE, hook: 1 } }, NAME, 'callback_settings', 'hook'],
  [{ document_defaults: { orientation: 'Portrait' } }, VALUE, 'document_defaults', 'orientation'],
  [{ document_defaults: { paper_size: 'A0' } }, VALUE, 'document_defaults', 'paper_size'],
  [{ document_defaults: { font_size: 0 } }, VALUE, 'document_defaults', 'font_size'],
  [{ document_defaults: { font_size: 'big' } }, VALUE, 'document_defaults', 'font_size'],
  [{ document_defaults: { margin: { left: '1' } } }, VALUE, 'document_defaults', 'margin.left'],
  [{ document_defaults: { margin: { start: '1in' } } }, NAME, 'document_defaults', 'margin.start'],
  [{ document_defaults: { track_changes: true } }, VALUE, 'document_defaults', 'track_changes'],
  [{ document_defaults: { language: 'not a language' } }, VALUE, 'document_defaults', 'language'],
  [{ editor_settings: { unit: 'cm' } }, VALUE, 'editor_settings', 'unit'],
  [{ editor_settings: { language: 'xx' } }, VALUE, 'editor_settings', 'language'],
  [{ editor_settings: { view: 'print' } }, VALUE, 'editor_settings', 'view'],
  [{ permissions: { 'document.edit': 1 } }, VALUE, 'permissions', 'document.edit'],
  [{ permissions: { 'document.edit': 'yes' } }, VALUE, 'permissions', 'document.edit'],
  [{ permissions: { 'document.exprt': true } }, NAME, 'permissions', 'document.exprt'],
  [{ ui_options: { save_button: true } }, VALUE, 'ui_options', 'save_button'],
  [{ ui_options: { zoom: 'show' } }, NAME, 'ui_options', 'zoom'],
  [{ url: 'file:///etc/passwd' }, VALUE, 'url', undefined],
  [{ url: 'nowhere' }, VALUE, 'url', undefined],
  [{ ui_options: '{"a":'.repeat(50_000) }, VALUE, 'ui_options', undefined],
];

describe('parameters that are refused', () => {
  it.each(REFUSED)('%j is %s', (texts, code, parameter, key) => {
    expect(refusalOf(() => read(texts))).toEqual([code, parameter, key]);
  });

  it.each([
    [{ permissions: { 'document.edit': 'yes' } }, '"document.edit" in permissions: expected true or false.'],
    [{ permissions: { 'document.edit': 1 } }, '"document.edit" in permissions: expected true or false.'],
    [{ permissions: '[]' }, '"permissions": expected an object.'],
    [{ ui_options: { file_menu: true } }, '"file_menu" in ui_options: expected one of show, hide.'],
    [{ user_info: { user_id: 7 } }, '"user_id" in user_info: expected a text of at most 255 characters.'],
    [
      { callback_settings: { ...SAVE, retries: '2' } },
      '"retries" in callback_settings: expected a whole number from 0 to 100.',
    ],
    [
      { callback_settings: { ...SAVE, http_method_type: 'get' } },
      '"http_method_type" in callback_settings: expected post or put.',
    ],
    [
      { callback_settings: { ...SAVE, save_url_params: { a: {} } } },
      '"save_url_params.a" in callback_settings: expected a text of at most 8192 characters or a number.',
    ],
    [
      { document_defaults: { font_size: 'big' } },
      '"font_size" in document_defaults: expected a number from 1 to 400 in steps of 0.5.',
    ],
    [
      { document_defaults: { margin: { left: 'wide' } } },
      '"margin.left" in document_defaults: expected a length with its unit, for example 1.5in.',
    ],
  ])('[SE38] of %j it is said what is expected', (texts, words) => {
    expect(wordsOf(texts)).toBe(words);
  });

  it('[SE38] a preview takes a name and the right to print, and nothing else', () => {
    const preview = (texts: Record<string, unknown>) =>
      refusalOf(() => readReadingForm(formOf({ url: 'https://a.example/', ...texts })));

    expect(preview({ document_info: { document_id: '1' } })).toEqual([NAME, 'document_info', 'document_id']);
    expect(preview({ permissions: { 'document.edit': true } })).toEqual([
      NAME,
      'permissions',
      'document.edit',
    ]);
    expect(preview({ lang: 'xx' })).toEqual([VALUE, 'lang', undefined]);
    expect(preview({ lang: 'de', permissions: { 'document.print': 'false' } })).toEqual(['accepted']);
  });
});

describe('parameters that are in force', () => {
  it('defaults are those of the documentation', () => {
    expect(read({})).toEqual({
      kind: 'document',
      documentId: null,
      name: null,
      source: null,
      defaults: {
        orientation: 'portrait',
        paperSize: 'Letter',
        fontName: 'Arial',
        fontSizePt: 12,
        marginsMm: { top: 25.4, right: 25.4, bottom: 25.4, left: 25.4 },
        trackChanges: false,
        language: null,
        dateFormat: null,
      },
      settings: { trackChanges: null, language: null },
      session: {
        userId: null,
        displayName: 'Guest',
        permissions: Object.fromEntries(Object.keys(PARTIAL_DEFAULTS).map((key) => [key, true])),
        callback: null,
        interfaceLanguage: 'en',
        unit: 'in',
        view: 'pageview',
        ui: { saveButton: true, chatPanel: true, fileMenu: true, darkMode: true },
      },
    });
  });

  it('[SE41] languages of the interface get the names that browsers know', () => {
    const languageOf = (language: string) =>
      read({ editor_settings: { language } }).session.interfaceLanguage;

    expect(['zh_CN', 'iw', 'pt', 'de'].map(languageOf)).toEqual(['zh-CN', 'he', 'pt', 'de']);
    const preview = readReadingForm(formOf({ url: 'https://a.example/', lang: 'iw' }));
    expect(preview.session.interfaceLanguage).toBe('he');
  });

  it('lengths take every unit, sizes half points and text, paper any casing', () => {
    const { defaults } = read({
      document_defaults: {
        font_size: '10.5',
        paper_size: 'a4',
        margin: { left: '0.5in', right: '20mm', top: '2 cm', bottom: '72pt' },
        date_format: 'MM/DD/YY',
      },
    });

    expect(defaults).toMatchObject({ fontSizePt: 10.5, paperSize: 'A4', dateFormat: 'MM/DD/YY' });
    expect(defaults.marginsMm.left).toBeCloseTo(12.7);
    expect(defaults.marginsMm).toMatchObject({ right: 20, top: 20 });
    expect(defaults.marginsMm.bottom).toBeCloseTo(25.4);
  });

  it('settings for a file that is sent are told apart from those for a new one', () => {
    const { settings } = read({ document_defaults: { track_changes: 'disabled', language: 'ta' } });

    expect(settings).toEqual({ trackChanges: false, language: 'ta' });
    expect(read({ document_defaults: { language: 'zh_Hant_TW' } }).defaults.language).toBe('zh-Hant-TW');
  });

  it('callback settings keep what the caller gave', () => {
    const { session } = read({
      callback_settings: {
        ...SAVE,
        http_method_type: 'pUt',
        retries: 2,
        save_url_params: { id: 7, name: '$filename' },
        save_url_headers: { 'X-Token': 'ä', n: 1 },
        context_info: 'ignored',
      },
    });

    expect(session.callback).toEqual({
      saveUrl: 'https://a.example/',
      format: 'docx',
      method: 'put',
      retries: 2,
      timeoutMs: 120_000,
      params: { id: 7, name: '$filename' },
      headers: { 'X-Token': 'ä', n: '1' },
    });
  });
});
