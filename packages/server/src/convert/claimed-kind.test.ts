import { describe, expect, it } from 'vitest';
import { claimOf } from './claimed-kind.js';

describe('what a name says of a file', () => {
  it.each([
    ['plan.docx', 'docx'],
    ['PLAN.DOCX', 'encrypted-docx'],
    ['plan.zdoc', 'docx'],
    ['plan.doc', 'encrypted-docx'],
    ['page.txt', 'html'],
    ['page.html', 'txt'],
    ['plan.2026', 'rtf'],
    ['plan', 'png'],
    [null, 'png'],
    ['photo.png', 'png'],
  ] as const)('[FO4] %s may well be %s, or says nothing of it', (name, kind) => {
    expect(claimOf(name, kind)).toEqual({ verdict: 'fits' });
  });

  it.each([
    ['letter.doc', 'rtf'],
    ['letter.doc', 'html'],
    ['letter.docx', 'doc'],
    ['letter.txt', 'pdf'],
    ['letter.odt', 'docx'],
  ] as const)('[FO4] %s that is of the kind %s is a document all the same', (name, kind) => {
    expect(claimOf(name, kind).verdict).toBe('other-document');
  });

  it.each([
    ['letter.docx', 'xlsx'],
    ['letter.doc', 'xlsx'],
    ['letter.pdf', 'pptx'],
  ] as const)('[FO4] %s that is of the kind %s is not what its name says', (name, kind) => {
    expect(claimOf(name, kind).verdict).toBe('mismatch');
  });

  it.each(['zip', 'ole', 'unknown', 'empty', 'png', 'jpeg', 'gif', 'txt'] as const)(
    '[FO4] letter.docx that is of the kind %s is left to who reads it',
    (kind) => {
      expect(claimOf('letter.docx', kind).verdict).toBe('fits');
    },
  );
});
