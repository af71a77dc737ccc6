import { describe, expect, it } from 'vitest';
import { DEFAULT_PACKAGE_LIMITS, decodeUtf8, inflateEntry, readZipDirectory } from '../kit/index.js';
import { composeDocx } from './blank.js';
import { importDocx } from './import.js';
import { type ReviewTraces, settleReview } from './review-traces.js';

const KEEP: ReviewTraces = { changes: 'keep', comments: 'keep' };
const by = 'w:id="1" w:author="Ada" w:date="2026-01-01T00:00:00Z"';
const run = (text: string, tag = 't') => `<w:r><w:${tag}>${text}</w:${tag}></w:r>`;
const WORDS = `<w:p>${run('a')}<w:ins ${by}>${run('b')}</w:ins><w:del ${by}>${run('c', 'delText')}</w:del>${run('d')}</w:p>`;

function settle(blocks: string, change: Partial<ReviewTraces>): string {
  const docx = settleReview(composeDocx(blocks, {}), { ...KEEP, ...change });
  const imported = importDocx(docx);
  if (!imported.ok) throw new Error(imported.detail);
  const archive = readZipDirectory(docx, DEFAULT_PACKAGE_LIMITS);
  const entry = archive.entries.find((each) => each.name === 'word/document.xml');
  const xml = entry ? (decodeUtf8(inflateEntry(archive, entry)) ?? '') : '';
  return xml.replace(/^[\s\S]*<w:body>|<w:sectPr[\s\S]*$/g, '');
}

describe('traces of a review', () => {
  it('[FO31] accepts all changes, or rejects them', () => {
    expect(settle(WORDS, { changes: 'accept' })).toBe(`<w:p>${run('a')}${run('b')}${run('d')}</w:p>`);
    expect(settle(WORDS, { changes: 'reject' })).toBe(`<w:p>${run('a')}${run('c')}${run('d')}</w:p>`);
  });

  it('[FO31] runs paragraphs together whose mark goes, and drops rows', () => {
    const mark = (tag: string) =>
      `<w:p><w:pPr><w:jc w:val="right"/><w:rPr><w:${tag} ${by}/></w:rPr></w:pPr>${run('a')}</w:p>`;
    const next = `<w:p><w:pPr><w:jc w:val="left"/></w:pPr>${run('b')}</w:p>`;
    const joined = `<w:p><w:pPr><w:jc w:val="left"/></w:pPr>${run('a')}${run('b')}</w:p>`;
    const kept = `<w:p><w:pPr><w:jc w:val="right"/><w:rPr></w:rPr></w:pPr>${run('a')}</w:p>${next}`;
    expect(settle(mark('del') + next, { changes: 'accept' })).toBe(joined);
    expect(settle(mark('ins') + next, { changes: 'accept' })).toBe(kept);
    expect(settle(mark('ins') + next, { changes: 'reject' })).toBe(joined);

    const row = (inner: string, text: string) =>
      `<w:tr>${inner}<w:tc><w:tcPr/><w:p>${run(text)}</w:p></w:tc></w:tr>`;
    const table = `<w:tbl><w:tblPr/><w:tblGrid/>${row(`<w:trPr><w:ins ${by}/></w:trPr>`, 'a')}${row('', 'b')}</w:tbl><w:p/>`;
    expect(settle(table, { changes: 'reject' })).not.toContain('>a<');
    expect(settle(table, { changes: 'accept' })).toContain('>a<');
  });

  it('[FO31] brings former looks back, or forgets them', () => {
    const look = `<w:p><w:r><w:rPr><w:b/><w:rPrChange ${by}><w:rPr><w:i/></w:rPr></w:rPrChange></w:rPr><w:t>a</w:t></w:r></w:p>`;
    expect(settle(look, { changes: 'accept' })).toContain('<w:rPr><w:b/></w:rPr>');
    expect(settle(look, { changes: 'reject' })).toContain('<w:rPr><w:i/></w:rPr>');
  });

  it('[FO31] takes comments out with their marks, and leaves a file without any as it is', () => {
    const commented = `<w:p><w:commentRangeStart w:id="0"/>${run('a')}<w:commentRangeEnd w:id="0"/><w:r><w:rPr/><w:commentReference w:id="0"/></w:r></w:p>`;
    expect(settle(commented, { comments: 'remove' })).toBe(`<w:p>${run('a')}</w:p>`);
    const plain = composeDocx(`<w:p>${run('a')}</w:p>`, {});
    expect(settleReview(plain, { changes: 'accept', comments: 'remove' })).toBe(plain);
  });
});
