import { describe, expect, it } from 'vitest';
import { fileNameOf, hostOf, targetIdOf } from './target.js';
import { aTarget } from './testing/world.js';

describe('target', () => {
  it('[SA5] is the same whatever the order of params, the retries and the timeout', () => {
    const one = aTarget({ params: { a: 1, b: '2' }, retries: 0 });
    const other = aTarget({ params: { b: '2', a: 1 }, retries: 5, timeoutMs: 1 });

    expect(targetIdOf(one)).toBe(targetIdOf(other));
  });

  it.each([
    { saveUrl: 'https://app.example/other' },
    { method: 'put' as const },
    { format: 'pdf' as const },
    { params: { a: 1 } },
    { headers: { a: '1' } },
  ])('[SA5] is another one with %o', (change) => {
    expect(targetIdOf(aTarget(change))).not.toBe(targetIdOf(aTarget()));
  });

  it.each([
    ['Letter', 'docx', 'Letter.docx'],
    ['Letter.docx', 'docx', 'Letter.docx'],
    ['Letter.DOCX', 'pdf', 'Letter.pdf'],
    ['v1.2 final', 'docx', 'v1.2 final.docx'],
    ['  ', 'zdoc', 'Untitled.zdoc'],
  ] as const)('[SA24] the file of "%s" as %s is "%s"', (documentName, format, expected) => {
    expect(fileNameOf({ documentName, target: aTarget({ format }) })).toBe(expected);
  });

  it('[SA10] the host has its port unless it is the usual one', () => {
    expect(hostOf(aTarget({ saveUrl: 'https://App.example:443/x' }))).toBe('app.example');
    expect(hostOf(aTarget({ saveUrl: 'http://app.example:8080/x' }))).toBe('app.example:8080');
    expect(hostOf(aTarget({ saveUrl: '' }))).toBe('');
  });
});
