import { describe, expect, it } from 'vitest';
import { cleanDocumentName, parseVersion, urlStemOf, versionText } from './library-document.js';

describe('names and versions', () => {
  it('[LI40] versions count tenths: 1.0, 1.9, 2.0', () => {
    expect([10, 11, 19, 20, 26, 100, 1_234].map(versionText)).toEqual([
      '1.0',
      '1.1',
      '1.9',
      '2.0',
      '2.6',
      '10.0',
      '123.4',
    ]);
    for (let number = 10; number < 400; number += 1) expect(parseVersion(versionText(number))).toBe(number);
    for (const text of ['', '1', '1.10', 'a.b', '-1.0', '1.0 ', '1,0']) {
      expect(parseVersion(text)).toBeUndefined();
    }
  });

  it('[LI41] a name is one line that can be shown', () => {
    expect(cleanDocumentName('  Dell Laptops ')).toBe('Dell Laptops');
    expect(cleanDocumentName('a\r\n\u0000b\u2028c')).toBe('a b c');
    expect(cleanDocumentName('\t\n')).toBe('');
    expect(cleanDocumentName('🦉'.repeat(300))).toBe('🦉'.repeat(250));
  });

  it('[LI42] a URL name has letters, digits, "-" and "_" only', () => {
    expect(urlStemOf('Dell Laptops (2nd)!')).toBe('DellLaptops2nd');
    expect(urlStemOf('Übersicht_1-a')).toBe('Übersicht_1-a');
    expect(urlStemOf('تقرير 7')).toBe('تقرير7');
    expect(urlStemOf('🦉 ?')).toBe('Untitled');
  });
});
