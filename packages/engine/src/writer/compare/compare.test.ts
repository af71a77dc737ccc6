import { describe, expect, it } from 'vitest';
import { composeDocx } from '../blank.js';
import { createBlankDocx, importDocx, openPackage } from '../index.js';
import { align } from './align.js';
import { compareDocuments } from './compare-documents.js';
import type { BlockChange, Comparison } from './comparison.js';
import { compareWords } from './words.js';

describe('aligning', () => {
  it('keeps what both lists have in one order, and says where the rest stands', () => {
    expect(align(['a', 'b', 'c', 'd'], ['a', 'x', 'c', 'd', 'e'])).toEqual([
      { kind: 'same', before: 0, after: 0, length: 1 },
      { kind: 'changed', before: 1, beforeLength: 1, after: 1, afterLength: 1 },
      { kind: 'same', before: 2, after: 2, length: 2 },
      { kind: 'changed', before: 4, beforeLength: 0, after: 4, afterLength: 1 },
    ]);
    expect(align([], [])).toEqual([]);
  });

  it('covers both lists without gap or overlap, whatever they are (random lists, seeds 1 to 300)', () => {
    for (let seed = 1; seed <= 300; seed += 1) {
      const random = randomFrom(seed);
      const list = () => Array.from({ length: random(30) }, () => 'abcdef'[random(6)] as string);
      const [before, after] = [list(), list()];
      const stretches = align(before, after);
      const back: string[] = [];
      const forth: string[] = [];
      for (const stretch of stretches) {
        const [from, to] =
          stretch.kind === 'same'
            ? [stretch.length, stretch.length]
            : [stretch.beforeLength, stretch.afterLength];
        expect([stretch.before, stretch.after], `seed ${seed}`).toEqual([back.length, forth.length]);
        back.push(...before.slice(stretch.before, stretch.before + from));
        forth.push(...after.slice(stretch.after, stretch.after + to));
        if (stretch.kind === 'same')
          expect(before.slice(stretch.before, stretch.before + from)).toEqual(
            after.slice(stretch.after, stretch.after + to),
          );
      }
      expect([back, forth], `seed ${seed}`).toEqual([before, after]);
    }
  });

  it('ends with thirty thousand lines that have nothing in common', () => {
    const lines = (letter: string) => Array.from({ length: 30_000 }, (_, at) => `${letter}${at % 7}`);
    expect(align(lines('a'), lines('b'))).toHaveLength(1);
  });
});

describe('words', () => {
  it('says which words went and which came', () => {
    expect(compareWords('The quick brown fox', 'The slow brown fox jumps')).toEqual([
      { change: 'same', text: 'The ' },
      { change: 'deleted', text: 'quick' },
      { change: 'inserted', text: 'slow' },
      { change: 'same', text: ' brown fox' },
      { change: 'inserted', text: ' jumps' },
    ]);
  });

  it('takes neighbouring replacements together, and scripts without spaces by character', () => {
    expect(compareWords('one two end', 'three four end').map(({ text }) => text)).toEqual([
      ...['one two', 'three four', ' end'],
    ]);
    expect(compareWords('東京都', '東都').map(({ change }) => change)).toEqual(['same', 'deleted', 'same']);
  });

  it('gives back both texts (random texts, seeds 1 to 300)', () => {
    for (let seed = 1; seed <= 300; seed += 1) {
      const random = randomFrom(seed);
      const text = () =>
        Array.from({ length: random(14) }, () => ['a', 'bé', ' ', ', ', '9', '字'][random(6)]).join('');
      const [before, after] = [text(), text()];
      const spans = compareWords(before, after);
      const side = (without: string) =>
        spans.flatMap((span) => (span.change === without ? [] : [span.text])).join('');
      expect([side('inserted'), side('deleted')], `seed ${seed}`).toEqual([before, after]);
    }
  });
});

describe('comparing documents', () => {
  it('[SA47] finds inserted, deleted and edited paragraphs, and leaves the others alone', () => {
    const comparison = compare(
      p('Title') + p('This stays as it is.') + p('This sentence is edited a little.') + p('This one goes.'),
      p('Title') + p('New here.') + p('This stays as it is.') + p('This sentence was edited a little.'),
    );
    expect(told(comparison)).toEqual([
      '=Title',
      '+New here.',
      '=This stays as it is.',
      '~This sentence [-is][+was] edited a little.',
      '-This one goes.',
    ]);
    expect(comparison.counts).toEqual({ insertedWords: 3, deletedWords: 4, paragraphs: 3 });
  });

  it('[SA47] compares tables by row and cell, and the tables in their cells', () => {
    const inner = (text: string) => table([[p(text)]]);
    const comparison = compare(
      table([
        [p('Pens'), p('4')],
        [p('Ink'), p('9')],
        [p('Box'), inner('deep') + p('')],
      ]),
      table([
        [p('Pens'), p('5')],
        [p('Paper'), p('2')],
        [p('Ink'), p('9')],
        [p('Box'), inner('deeper') + p('')],
      ]),
    );
    const [block] = comparison.stories[0]?.blocks ?? [];
    if (block?.kind !== 'table') throw new Error('A table was asked for.');
    expect(block.rows.map(({ change }) => change)).toEqual(['changed', 'inserted', 'same', 'changed']);
    expect(block.rows[0]?.cells.map(({ change }) => change)).toEqual(['same', 'changed']);
    expect(told(comparison)).toEqual([
      '=Pens',
      '~[-4][+5]',
      '+Paper',
      '+2',
      '=Ink',
      '=9',
      '=Box',
      '~[-deep][+deeper]',
      '=',
    ]);
  });

  it('[SA47] an empty form that was filled in is the same table', () => {
    const form = (text: string) => table([[p(text), p('')]]);
    expect(told(compare(form(''), form('Ada')))).toEqual(['~[+Ada]', '=']);
  });

  it('[SA47] tells a changed look from a changed text', () => {
    const bold = '<w:p><w:r><w:rPr><w:b/></w:rPr><w:t>Same words</w:t></w:r></w:p>';
    const [block] = compare(p('Same words'), bold).stories[0]?.blocks ?? [];
    expect(block).toMatchObject({ change: 'same', looksChanged: true });
    const split =
      '<w:p><w:r><w:t xml:space="preserve">Same </w:t></w:r><w:r w:rsidR="00AA"><w:t>words</w:t></w:r></w:p>';
    expect(compare(p('Same words'), split).stories[0]).toMatchObject({ change: 'same' });
  });

  it('[SA47] a document compared with itself is the same', () => {
    const pkg = open(createBlankDocx());
    expect(compareDocuments(pkg, pkg)).toMatchObject({
      stories: [{ story: 'body', change: 'same' }],
      counts: { insertedWords: 0, deletedWords: 0, paragraphs: 0 },
    });
  });
});

function p(text: string): string {
  return `<w:p><w:r><w:t xml:space="preserve">${text}</w:t></w:r></w:p>`;
}

function table(rows: readonly (readonly string[])[]): string {
  const cell = (content: string) => `<w:tc><w:tcPr/>${content}</w:tc>`;
  const xml = rows.map((cells) => `<w:tr>${cells.map(cell).join('')}</w:tr>`).join('');
  return `<w:tbl><w:tblPr/><w:tblGrid/>${xml}</w:tbl>`;
}

function compare(before: string, after: string): Comparison {
  return compareDocuments(open(composeDocx(before, {})), open(composeDocx(after, {})));
}

function open(docx: Uint8Array) {
  const imported = importDocx(docx);
  if (!imported.ok) throw new Error(imported.detail);
  return openPackage(imported.value.base);
}

/** Every paragraph of the body with a sign before it. */
function told(comparison: Comparison): string[] {
  const lines: string[] = [];
  const signs = { same: '=', inserted: '+', deleted: '-', changed: '~' };
  const visit = (block: BlockChange): void => {
    if (block.kind === 'table') {
      for (const { cells } of block.rows) for (const { blocks } of cells) blocks.forEach(visit);
      return;
    }
    const text = block.spans.map((span) => {
      if (block.change !== 'changed' || span.change === 'same') return span.text;
      return `[${signs[span.change]}${span.text}]`;
    });
    lines.push(`${signs[block.change]}${text.join('')}`);
  };
  for (const { blocks } of comparison.stories) blocks.forEach(visit);
  return lines;
}

/** Mulberry32. */
function randomFrom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296) * below);
  };
}
