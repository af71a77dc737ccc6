import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TObject } from '@sinclair/typebox';
import { describe, expect, it } from 'vitest';
import * as schema from '../packages/server/src/http/integrator/writer/schema.js';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const SOURCES = ['protocol', 'server', 'web'].map((name) => join(ROOT, 'packages', name, 'src'));
const FACE = join(ROOT, 'packages/server/src/http/integrator/writer');

const sources = SOURCES.flatMap((folder) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.tsx?$/.test(file) && !/\.test\.tsx?$|testing\//.test(file))
    .map((file) => join(folder, file))
    .filter((file) => !file.startsWith(FACE) && !file.endsWith('protocol/src/permissions.ts'))
    .map((file) => readFileSync(file, 'utf8')),
);
const face = ['wishes.ts', 'callback.ts'].map((file) => readFileSync(join(FACE, file), 'utf8'));

const isIn = (texts: readonly string[], pattern: RegExp) => texts.some((text) => pattern.test(text));
const camelCase = (key: string) => key.replace(/_(\w)/g, (_all, letter: string) => letter.toUpperCase());
const literally = (key: string) => key.replaceAll('.', '\\.');

/** Where each parameter's keys come to something, by how the code there reads them. */
const READERS: Readonly<Record<string, [TObject, (key: string) => boolean]>> = {
  // Tables of defaults name a right too, but only as the key of an entry.
  permissions: [schema.PermissionsSchema, (key) => isIn(sources, new RegExp(`'${literally(key)}'(?!\\s*:)`))],
  ui_options: [schema.UiOptionsSchema, (key) => isIn(sources, new RegExp(`\\bui\\.${camelCase(key)}\\b`))],
  editor_settings: [
    schema.EditorSettingsSchema,
    (key) => isIn(sources, new RegExp(`\\bboot\\.(interface)?${key}\\b`, 'i')),
  ],
  callback_settings: [schema.CallbackSettingsSchema, (key) => isIn(face, new RegExp(`\\bsent\\.${key}\\b`))],
  document_defaults: [schema.DocumentDefaultsSchema, (key) => isIn(face, new RegExp(`\\bsent\\.${key}\\b`))],
  document_info: [schema.DocumentInfoSchema, (key) => isIn(face, new RegExp(`\\bnamed\\.${key}\\b`))],
  user_info: [schema.UserInfoSchema, (key) => isIn(face, new RegExp(`\\bperson\\.${key}\\b`))],
};

/** Languages whose catalogue the editor's page fetches, and English, which it has. */
function translatedLanguages(): Set<string> {
  const page = join(ROOT, 'packages/web/src/editors/writer/interface-language.ts');
  const catalogues = readFileSync(page, 'utf8').matchAll(/^ {2}(\w+): \(\) => import\(/gm);
  return new Set(['en', ...[...catalogues].map(([, name = '']) => name)]);
}

/** Rows of the one table, as `parameter key`; the row about languages as the languages alone. */
function listed(): { keys: string[]; languages: string[] } {
  const page = readFileSync(join(ROOT, 'docs/reference/office-integrator.md'), 'utf8');
  const section = /## Accepted without effect\n([\s\S]*?)\n## /.exec(page)?.[1] ?? '';
  const rows = section.split('\n').filter((line) => line.startsWith('| `'));
  const namesIn = (cell = '') => [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name);
  const keys: string[] = [];
  const languages: string[] = [];
  for (const row of rows) {
    const [, parameter, names] = row.split('|');
    const [key = '', ...values] = namesIn(names);
    if (values.length > 0) languages.push(...values);
    else keys.push(`${namesIn(parameter)[0]} ${key}`);
  }
  return { keys, languages };
}

describe('the table of what is accepted without effect', () => {
  it('[SE41] lists exactly the keys that no code reads', () => {
    const unread = Object.entries(READERS).flatMap(([parameter, [object, isRead]]) =>
      Object.keys(object.properties)
        .filter((key) => !isRead(key))
        .map((key) => `${parameter} ${key}`),
    );

    expect(listed().keys.sort()).toEqual(unread.sort());
  });

  it('[SE41] lists exactly the accepted languages that the editor is not translated into', () => {
    const known = translatedLanguages();
    // The page looks a tag's first part up; the face writes `iw`, the old code of Hebrew, as `he`.
    const isTranslated = (tag: string) => known.has(tag === 'iw' ? 'he' : (tag.split('_')[0] ?? ''));

    expect(listed().languages.sort()).toEqual(schema.UI_LANGUAGES.filter((tag) => !isTranslated(tag)).sort());
  });
});
