import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const source = fileURLToPath(new URL('../..', import.meta.url));
const docs = join(source, '../../../docs');

function testsBelow(folder: string): string[] {
  return readdirSync(join(source, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => readFileSync(join(source, folder, name), 'utf8'));
}

it('[LI0] every rule of the library is the subject of a test, and every test names a rule', () => {
  const rules = readFileSync(join(docs, 'spec/library.md'), 'utf8').matchAll(/^- \*\*(LI\d+)\*\*/gm);
  const written = [...rules].map((match) => match[1]);
  const tests = [
    'domain/accounts',
    'domain/library',
    'domain/sharing',
    'http/dataapi',
    'http/console',
    'http/library',
    'storage/archives',
  ]
    .flatMap(testsBelow)
    .concat(readFileSync(join(docs, '../test/e2e/library.test.ts'), 'utf8'))
    .join('\n');
  const tested = new Set([...tests.matchAll(/\[(LI\d+)\]/g)].map((match) => match[1]));
  tested.delete('LI0');

  expect(written.length).toBeGreaterThan(50);
  expect([...tested].toSorted()).toEqual(written.toSorted());
});

it('[LI0] the reference of the Data API names every call and every code that is sent', () => {
  const page = readFileSync(join(docs, 'reference/data-api.md'), 'utf8');
  const face = join(source, 'http/dataapi');
  const calls = ['read-calls.ts', 'write-calls.ts'].flatMap((file) => [
    ...readFileSync(join(face, file), 'utf8').matchAll(/(?:word: |write\()\s*'([a-z/]+)'/g),
  ]);
  const codes = readFileSync(join(face, 'wire-errors.ts'), 'utf8').matchAll(/code: (\d{4})/g);
  const wanted = [...calls.map((match) => `/${match[1]}`), ...[...codes].map((match) => `| ${match[1]} |`)];

  expect(wanted.length).toBeGreaterThan(30);
  expect(wanted.filter((words) => !page.toLowerCase().includes(words))).toEqual([]);
});
