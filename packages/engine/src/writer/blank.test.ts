import { describe, expect, it } from 'vitest';
import { rawEntries, xmlOf } from '../../../../test/corpus/judge.js';
import { makeDocument } from '../../../../test/corpus/make.js';
import {
  createBlankDocx,
  documentText,
  exportText,
  findPaperSize,
  importDocx,
  importText,
  openPackage,
  readLength,
} from './index.js';

function partsOf(bytes: Uint8Array): Record<string, string> {
  return Object.fromEntries(rawEntries(bytes).map((entry) => [entry.name, xmlOf(entry)]));
}

function opened(bytes: Uint8Array): ReturnType<typeof openPackage> {
  const imported = importDocx(bytes);
  if (!imported.ok) throw new Error(imported.detail);
  return openPackage(imported.value.base);
}

describe('createBlankDocx', () => {
  it('makes an upright Letter page with one-inch margins and 12 point Arial when nothing is said', () => {
    const parts = partsOf(createBlankDocx());
    expect(parts['word/document.xml']).toContain('<w:pgSz w:w="12240" w:h="15840"/>');
    expect(parts['word/document.xml']).toContain('w:top="1440" w:right="1440" w:bottom="1440" w:left="1440"');
    expect(parts['word/styles.xml']).toContain('w:ascii="Arial"');
    expect(parts['word/styles.xml']).toContain('<w:sz w:val="24"/>');
    expect(parts['word/settings.xml']).not.toContain('trackRevisions');
  });

  it('puts what is asked for into the file, and the same bytes each time', () => {
    const defaults = {
      orientation: 'landscape',
      paperSize: 'A4',
      fontName: 'Fira & "Sons"',
      fontSize: 10.5,
      margin: { left: '1.5in', right: '20mm', top: '2 cm', bottom: '36pt' },
      trackChanges: true,
      language: 'ta',
      title: 'A <title>',
    } as const;
    const bytes = createBlankDocx(defaults);
    expect(createBlankDocx(defaults)).toEqual(bytes);
    const parts = partsOf(bytes);
    expect(parts['word/document.xml']).toContain('<w:pgSz w:w="16838" w:h="11906" w:orient="landscape"/>');
    expect(parts['word/document.xml']).toContain('w:top="1134" w:right="1134" w:bottom="720" w:left="2160"');
    expect(parts['word/styles.xml']).toContain('w:ascii="Fira &amp; &quot;Sons&quot;"');
    expect(parts['word/styles.xml']).toContain('<w:sz w:val="21"/>');
    expect(parts['word/styles.xml']).toContain('<w:lang w:val="ta"');
    const imported = importDocx(bytes);
    expect(imported.ok && imported.value.facts).toMatchObject({
      title: 'A <title>',
      tracksChanges: true,
      wordCount: 0,
    });
  });

  it('throws on what is no length, no size and no language', () => {
    expect(() => createBlankDocx({ margin: { top: 'wide' } })).toThrow(RangeError);
    expect(() => createBlankDocx({ fontSize: 0 })).toThrow(RangeError);
    expect(() => createBlankDocx({ language: '"/><x' })).toThrow(RangeError);
  });
});

describe('page setup', () => {
  it('reads lengths in inches, millimetres, centimetres and points', () => {
    expect(['1in', '25.4mm', '2.54 cm', '72pt', '1', '.5in', '1"'].map(readLength)).toEqual([
      1440, 1440, 1440, 1440, 1440, 720, 1440,
    ]);
    expect(['', 'in', '-1in', '1em', '1e3in'].map(readLength)).toEqual([null, null, null, null, null]);
  });

  it('finds paper sizes in any case', () => {
    expect(['letter', 'A4', 'a5', ' Legal ', 'TABLOID', 'executive', 'napkin'].map(findPaperSize)).toEqual([
      'Letter',
      'A4',
      'A5',
      'Legal',
      'Tabloid',
      'Executive',
      null,
    ]);
  });
});

describe('plain text', () => {
  it('comes back as it went in', () => {
    const text = 'First\tline & <tag>\n\nThird \u05d0 😀\fafter a page\n last \n';
    expect(exportText(opened(importText(text)))).toBe(text);
  });

  it('is read as UTF-8, UTF-16 with mark, else Windows-1252, with any line ends, without forbidden characters', () => {
    const read = (bytes: number[]): string => exportText(opened(importText(new Uint8Array(bytes))));
    expect(read([0xef, 0xbb, 0xbf, 0xc3, 0xa9, 0x0d, 0x0a, 0x62, 0x0d])).toBe('é\nb\n');
    expect(read([0xff, 0xfe, 0xe9, 0x00])).toBe('é\n');
    expect(read([0xe9, 0x93, 0x01, 0x0a])).toBe('é“\n');
    expect(exportText(opened(importText('')))).toBe('\n');
  });
});

describe('documentText', () => {
  it('reads every story once, without deleted text and field codes', () => {
    const stories = documentText(opened(makeDocument('text-boxes')));
    expect(stories.map(({ story, paragraphs }) => [story, ...paragraphs])).toEqual([
      ['body', 'Before the box', 'Around it', ''],
      ['textbox', 'Inside the box', 'second line'],
      ['textbox', 'Only VML'],
    ]);
    const [changed] = documentText(opened(makeDocument('tracked-changes')));
    expect(changed?.paragraphs[0]).toBe('Kept added kept.');
    const [fields] = documentText(opened(makeDocument('fields')));
    expect(fields?.paragraphs[0]).toBe('Before the fields, page 1 of 3');
  });
});
