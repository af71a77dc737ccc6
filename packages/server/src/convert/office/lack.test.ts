import { describe, expect, it } from 'vitest';
import type { OfficeSearch } from './installation.js';
import { lackFor } from './lack.js';

const NONE: OfficeSearch = { found: false, missing: 'LibreOffice', install: 'apt-get install it' };

describe('a machine without LibreOffice', () => {
  it.each(['pdf', 'odt', 'rtf', 'doc'])('[SE42] lacks what makes %s, and says what would help', (format) => {
    const words = `To save as ${format} this server lacks LibreOffice. It is installed by: apt-get install it.`;
    expect(lackFor(NONE, format)).toBe(words);
  });

  it.each(['docx', 'zdoc', 'zfdoc', 'txt', 'html', 'htm'])('[SE42] makes %s all the same', (format) => {
    expect(lackFor(NONE, format)).toBeNull();
  });
});
