import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { exportText, importDocx, importHtml, openPackage } from '@officina/engine/writer';
import { unzipSync } from 'fflate';
import { afterAll, describe, expect, it } from 'vitest';
import { makeDocument } from '../../../../../test/corpus/make.js';
import { docx as docxOf } from '../../../../../test/corpus/package-builder.js';
import { line } from '../../../../../test/corpus/prose.js';
import { systemClock, systemScheduler } from '../../system-time.js';
import type { Parcel } from '../parcel.js';
import { type Runner, RunnerFault } from '../runner.js';
import { findOffice } from './installation.js';
import { OfficeConverter, type OfficeConverterOptions } from './office-converter.js';

const FONTS = fileURLToPath(new URL('../../../../web/dist/fonts', import.meta.url));
const search = findOffice(process.env['OFFICINA_SOFFICE'] ?? null, process.env['PATH'] ?? '');
const converters: OfficeConverter[] = [];

function aConverter(change: Partial<OfficeConverterOptions> = {}): OfficeConverter {
  const converter = new OfficeConverter({
    ...{ search, fonts: FONTS, clock: systemClock, scheduler: systemScheduler },
    ...{ maxUploadBytes: 100 * 1024 * 1024, workers: 1 },
    ...change,
  });
  converters.push(converter);
  return converter;
}

afterAll(() => {
  for (const converter of converters) converter.close();
});

function textOf(docx: Uint8Array): string {
  const imported = importDocx(docx);
  if (!imported.ok) throw new Error(imported.detail);
  return exportText(openPackage(imported.value.base));
}

interface PaperWord {
  page: number;
  text: string;
  x: number;
  y: number;
}

const textOfWord = ({ text }: PaperWord): string => text;

/** Every word with its page and its place in points, by another program. */
function wordsOnPaper(pdf: Uint8Array): {
  sheets: number;
  /** Width and height of each sheet in points. */
  papers: [width: number, height: number][];
  words: PaperWord[];
} {
  const { stdout } = spawnSync('pdftotext', ['-bbox', '-', '-'], { input: pdf, encoding: 'utf8' });
  const [, ...pages] = stdout.split('<page ');
  const words = pages.flatMap((page, number) =>
    [...page.matchAll(/xMin="([\d.]+)" yMin="([\d.]+)"[^>]*>([^<]*)</g)].map(([, x, y, text]) => ({
      ...{ page: number, text: text ?? '', x: Number(x), y: Number(y) },
    })),
  );
  const papers = pages.map((page): [number, number] => {
    const [, width, height] = /^width="([\d.]+)" height="([\d.]+)"/.exec(page) ?? [];
    return [Math.round(Number(width)), Math.round(Number(height))];
  });
  return { sheets: pages.length, papers, words };
}

describe.runIf(search.found)('LibreOffice at work', () => {
  const converter = aConverter();
  const docx = makeDocument('plain');

  it('[FO20] makes pdf, odt, rtf and doc of a docx, and a docx of those again', async () => {
    const pdf = await converter.fromDocx(docx, 'pdf');
    expect(Buffer.from(pdf).toString('latin1', 0, 5)).toBe('%PDF-');
    const words = (text: string) => text.match(/\p{L}+/gu) ?? [];
    for (const format of ['odt', 'rtf', 'doc'] as const) {
      const made = await converter.fromDocx(docx, format);
      const back = await converter.toDocx(made, format, null);
      expect(words(textOf(back)), format).toEqual(words(textOf(docx)));
    }
    expect(converter.size).toBe(1);
  }, 120_000);

  it('[FO20] makes pdf and odt of a docx with comments, and keeps them', async () => {
    const commented = makeDocument('comments');
    expect((await converter.fromDocx(commented, 'pdf')).length).toBeGreaterThan(0);
    const back = await converter.toDocx(await converter.fromDocx(commented, 'odt'), 'odt', null);
    expect(unzipSync(back)['word/comments.xml']?.length).toBeGreaterThan(0);
    expect(converter.size).toBe(1);
  }, 120_000);

  it('[FO28] sets a docx in the fonts that we serve, under whatever name they have there', async () => {
    const named = (pdf: Uint8Array) =>
      new Set(
        Buffer.from(pdf)
          .toString('latin1')
          .match(/(?<=\/FontName\/[A-Z]{6}\+)[\w-]+/g),
      );
    const page = '<html><p style="font-family: Calibri">one<p style="font-family: Georgia">two</html>';
    const pdf = await converter.fromDocx(importHtml(Buffer.from(page)).docx, 'pdf');
    expect(named(pdf)).toEqual(new Set(['Carlito-Regular', 'Gelasio-Regular']));
  }, 120_000);

  it.runIf(search.found && search.installation.readsPdf)(
    '[FO2] reads a pdf with every word on its sheet and in its place there, and blank sheets',
    async () => {
      // The second sheet of the first is blank.
      for (const name of ['plain', 'headers-footers', 'sections-columns'] as const) {
        const pdf = await converter.fromDocx(makeDocument(name), 'pdf');
        const again = await converter.fromDocx(await converter.toDocx(pdf, 'pdf', null), 'pdf');
        const [before, after] = [wordsOnPaper(pdf), wordsOnPaper(again)];
        expect([before.sheets, after.sheets], name).toEqual([2, 2]);
        expect(before.words.length, name).toBeGreaterThan(0);
        expect(after.words.map(textOfWord).sort(), name).toEqual(before.words.map(textOfWord).sort());
        for (const { page, text, x, y } of before.words) {
          const near = after.words.filter((word) => word.page === page && word.text === text);
          expect(near.some((word) => Math.hypot(word.x - x, word.y - y) < 6)).toBe(true);
        }
      }
    },
    120_000,
  );

  it.runIf(search.found && search.installation.readsPdf)(
    '[FO2] gives each sheet of a pdf its own paper',
    async () => {
      const page = (width: number, height: number) =>
        `<w:sectPr><w:pgSz w:w="${width}" w:h="${height}"/><w:pgMar w:top="1440" w:right="1440" w:bottom="1440" w:left="1440"/></w:sectPr>`;
      const last = (text: string, section: string) =>
        `<w:p><w:pPr>${section}</w:pPr><w:r><w:t>${text}</w:t></w:r></w:p>`;
      const body =
        last('Upright', page(11906, 16838)) +
        last('Across', page(16838, 11906)) +
        line('End') +
        page(11906, 16838);
      const pdf = await converter.fromDocx(docxOf({ body }), 'pdf');
      const again = await converter.fromDocx(await converter.toDocx(pdf, 'pdf', null), 'pdf');
      const [before, after] = [wordsOnPaper(pdf), wordsOnPaper(again)];
      expect(before.papers.map(([width, height]) => width > height)).toEqual([false, true, false]);
      expect(after.papers).toEqual(before.papers);
      expect(after.words.map(textOfWord)).toEqual(before.words.map(textOfWord));
    },
    120_000,
  );

  it('[FO21] refuses what it cannot read, and goes on', async () => {
    const nonsense = Buffer.concat([Buffer.from('{\\rtf1'), Buffer.alloc(50, 0x01)]);
    await converter
      .toDocx(nonsense, 'rtf', null)
      .catch((error) => expect(error).toMatchObject({ code: 'format_unsupported' }));
    await expect(converter.toDocx(Buffer.from('%PDF-1.4 nothing'), 'pdf', null)).rejects.toMatchObject({
      code: 'format_unsupported',
    });
    expect((await converter.fromDocx(docx, 'rtf')).length).toBeGreaterThan(0);
  }, 120_000);

  it('[FO22] protects a pdf by a password, and asks for it when it comes in', async () => {
    const pdf = await converter.fromDocx(docx, 'pdf', { password: 'sesame' });
    expect(Buffer.from(pdf).toString('latin1')).toContain('/Encrypt');
    await expect(converter.toDocx(pdf, 'pdf', null)).rejects.toMatchObject({ code: 'password_required' });
    await expect(converter.toDocx(pdf, 'pdf', 'open')).rejects.toMatchObject({
      code: 'password_wrong',
      message: 'The password does not open the document.',
    });
    expect((await converter.toDocx(pdf, 'pdf', 'sesame')).length).toBeGreaterThan(0);
  }, 120_000);

  it('[FO23] ends a LibreOffice that takes too long or too much, with all its processes', async () => {
    const slow = aConverter({ limits: { timeMs: 50 } });
    await expect(slow.fromDocx(docx, 'pdf')).rejects.toMatchObject({ code: 'upload_too_large' });
    const small = aConverter({ limits: { residentBytes: 1024 * 1024 } });
    await expect(small.fromDocx(docx, 'pdf')).rejects.toMatchObject({ code: 'upload_too_large' });
    const lazy = aConverter({ limits: { cpuMs: 1 } });
    await expect(lazy.fromDocx(docx, 'pdf')).rejects.toMatchObject({ code: 'upload_too_large' });
    expect([slow.size, small.size, lazy.size]).toEqual([0, 0, 0]);
  }, 60_000);

  it('[FO24] replaces a worker that has served long enough', async () => {
    const brief = aConverter({ limits: { jobs: 1 } });
    await brief.fromDocx(docx, 'rtf');
    expect(brief.size).toBe(0);
  }, 60_000);
});

describe('LibreOffice by its contract', () => {
  const fake = (run: (parcel: Parcel) => Promise<Parcel>): Runner => ({ run, stop() {} });

  it('[FO25] says what is missing and how it is installed', async () => {
    const none = aConverter({ search: findOffice('/nowhere/soffice', '') });
    const refusal = await none.fromDocx(new Uint8Array(), 'pdf').catch((error: unknown) => error);
    expect(refusal).toMatchObject({ code: 'engine_missing' });
    expect(String(refusal)).toContain('OFFICINA_SOFFICE');
    expect(String(refusal)).toContain('apt-get install libreoffice-writer-nogui');
    await expect(none.toDocx(new Uint8Array(), 'odt', null)).rejects.toMatchObject({
      code: 'engine_missing',
    });
  });

  it('[FO26] gives a file that broke a worker one fresh worker, and no third', async () => {
    let started = 0;
    const broken = aConverter({
      start: () => {
        started += 1;
        return fake(() => Promise.reject(new RunnerFault('crashed', 'boom')));
      },
    });
    await expect(broken.fromDocx(new Uint8Array(), 'odt')).rejects.toMatchObject({
      code: 'format_unsupported',
    });
    expect(started).toBe(2);
  });

  it('[FO26] starts no fresh worker once the server stops', async () => {
    let started = 0;
    const closing = aConverter({
      start: () => {
        started += 1;
        return fake(() => {
          closing.close();
          return Promise.reject(new RunnerFault('crashed', 'stopped'));
        });
      },
    });
    await expect(closing.fromDocx(new Uint8Array(), 'odt')).rejects.toMatchObject({
      code: 'format_unsupported',
    });
    expect(started).toBe(1);
  });
});
