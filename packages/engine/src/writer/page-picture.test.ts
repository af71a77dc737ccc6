import { expect, it } from 'vitest';
import { composeDocx } from './blank.js';
import { importDocx } from './import.js';
import { openPackage } from './package.js';
import { drawFirstPage } from './page-picture.js';
import { wrapRuns } from './page-picture-lines.js';

function draw(body: string): string {
  const imported = importDocx(composeDocx(body, { paperSize: 'A4' }));
  if (!imported.ok) throw new Error(imported.detail);
  return drawFirstPage(openPackage(imported.value.base));
}

const paragraph = (text: string, run = '', properties = '') =>
  `<w:p><w:pPr>${properties}</w:pPr><w:r><w:rPr>${run}</w:rPr><w:t xml:space="preserve">${text}</w:t></w:r></w:p>`;

it('draws words in their size, weight and colour on paper of the right shape', () => {
  const svg = draw(
    paragraph('Offer', '<w:b/><w:color w:val="C00000"/><w:sz w:val="40"/>', '<w:jc w:val="center"/>'),
  );
  expect(svg).toMatch(/^<svg [^>]*viewBox="0 0 595\.3 841\.9"/);
  expect(svg).toContain('text-anchor="middle"');
  expect(svg).toContain('<tspan font-size="20" font-weight="bold" fill="#C00000">Offer</tspan>');
});

it('ends with the page', () => {
  const long = Array.from({ length: 200 }, (_, index) => paragraph(`line ${index}`)).join('');
  const svg = draw(long);
  expect(svg).toContain('>line 10<');
  expect(svg).not.toContain('>line 150<');
  const broken = draw(
    `${paragraph('before')}<w:p><w:r><w:br w:type="page"/></w:r></w:p>${paragraph('behind')}`,
  );
  expect(broken).toContain('>before<');
  expect(broken).not.toContain('>behind<');
});

it('draws a cell for each cell of a table', () => {
  const cell = (text: string) => `<w:tc><w:tcPr/>${paragraph(text)}</w:tc>`;
  const svg = draw(`<w:tbl><w:tblPr/><w:tblGrid/><w:tr>${cell('a')}${cell('b')}</w:tr></w:tbl>`);
  expect(svg.match(/fill="none" stroke/g)).toHaveLength(2);
});

it('lets no text of a document become part of the drawing', () => {
  const svg = draw(paragraph('&lt;script&gt;alert(1)&lt;/script&gt; ]]&gt;'));
  expect(svg).not.toContain('<script');
  expect(svg).toContain('&lt;script&gt;');
});

it('breaks lines between words, and cuts a word that is longer than a line', () => {
  const look = { sizePt: 10, isBold: false, isItalic: false, color: null };
  const lines = wrapRuns([{ ...look, text: `some words ${'x'.repeat(200)}` }], 60);
  expect(lines[0]?.runs[0]?.text).toBe('some words ');
  expect(lines[1]?.runs[0]?.text.length).toBeLessThan(20);
});
