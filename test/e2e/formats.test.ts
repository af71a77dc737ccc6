import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { strFromU8, strToU8, unzipSync } from 'fflate';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeDocument } from '../corpus/make.js';
import { EditorPage } from './editor-page.js';
import {
  API_KEY,
  CLI,
  launchBrowser,
  postDocument,
  type RunningServer,
  startReceiver,
  startServer,
} from './harness.js';

const CORPUS =
  process.env['OFFICINA_CORPUS'] ?? fileURLToPath(new URL('../../../shared/corpus', import.meta.url));
const DOCX = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document';
const PAGE = strToU8(
  '<html><head><title>Plan</title></head><body><h1>Plan</h1><p>Bring <b>bread</b> and salt.</p></body></html>',
);

let server: RunningServer;
let browser: Browser;

beforeAll(async () => {
  [server, browser] = await Promise.all([startServer(), launchBrowser()]);
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

/** A convert call as a client without the SDK makes it. */
async function convert(
  file: { bytes: Uint8Array; name: string },
  options: Record<string, unknown>,
  more: Record<string, string> = {},
): Promise<{
  status: number;
  headers: Headers;
  bytes: Uint8Array;
  error: { code?: number; message?: string };
}> {
  const form = new FormData();
  form.set('document', new File([file.bytes as BlobPart], file.name));
  form.set('output_options', JSON.stringify(options));
  for (const [name, value] of Object.entries(more)) form.set(name, value);
  const url = `${server.url}/writer/officeapi/v1/document/convert?apikey=${API_KEY}&`;
  const response = await fetch(url, { method: 'POST', body: form });
  const bytes = new Uint8Array(await response.arrayBuffer());
  const error = response.ok ? {} : JSON.parse(strFromU8(bytes));
  return { status: response.status, headers: response.headers, bytes, error };
}

const textOf = async (file: { bytes: Uint8Array; name: string }): Promise<string> => {
  const answer = await convert(file, { format: 'txt' });
  if (answer.status !== 200) throw new Error(JSON.stringify(answer.error));
  return strFromU8(answer.bytes);
};

const words = (text: string): string[] => text.match(/\p{L}+/gu) ?? [];

describe('conversion', () => {
  const docx = { bytes: makeDocument('plain'), name: 'plain.docx' };

  it('[FO30] makes every format of a docx, and reads them all again', async () => {
    const wanted = words(await textOf(docx));
    for (const format of ['odt', 'rtf', 'doc', 'html']) {
      const made = await convert(docx, { format, document_name: 'Copy' });
      expect(made.status, JSON.stringify(made.error)).toBe(200);
      expect(made.headers.get('content-disposition')).toBe(`attachment; filename="Copy.${format}"`);
      expect(words(await textOf({ bytes: made.bytes, name: `copy.${format}` })), format).toEqual(wanted);
    }
    const pdf = await convert(docx, { format: 'pdf' });
    expect(pdf.headers.get('content-type')).toBe('application/pdf');
    expect(strFromU8(pdf.bytes.subarray(0, 5))).toBe('%PDF-');
  }, 120_000);

  it('[FO1] gives back a docx that needs no change as it is, and zips a page with its pictures', async () => {
    const same = await convert(docx, { format: 'docx' });
    expect(same.headers.get('content-type')).toBe(DOCX);
    expect(Buffer.compare(same.bytes, docx.bytes)).toBe(0);
    const page = await convert({ bytes: makeDocument('images'), name: 'images.docx' }, { format: 'html' });
    expect(page.headers.get('content-type')).toBe('application/zip');
    expect(Object.keys(unzipSync(page.bytes))).toContain('index.html');
  });
});

const corpusFiles = (folder: string): { bytes: Uint8Array; name: string }[] => {
  try {
    const names = readdirSync(join(CORPUS, folder)).sort();
    return names.map((name) => ({ name, bytes: readFileSync(join(CORPUS, folder, name)) }));
  } catch {
    return [];
  }
};

describe.runIf(corpusFiles('doc').length > 0)('files of other programs', () => {
  it('[FO21] every one is read or refused with a clear code, and the pool goes on', async () => {
    const files = [...corpusFiles('doc'), ...corpusFiles('hostile')];
    const refused: string[] = [];
    const lane = async (): Promise<void> => {
      for (let file = files.shift(); file; file = files.shift()) {
        const { status, error } = await convert(file, { format: 'txt' });
        if (status === 200) continue;
        refused.push(`${file.name}: ${error.code}`);
        expect([1831, 1852], `${file.name} ${error.message}`).toContain(error.code);
      }
    };
    const count = files.length;
    await Promise.all([lane(), lane(), lane()]);
    expect(refused.length, refused.join(', ')).toBeLessThan(count / 2);
    expect((await convert({ bytes: PAGE, name: 'plan.html' }, { format: 'pdf' })).status).toBe(200);
  }, 300_000);
});

describe('sessions of other formats', () => {
  it('[FO3] opens a page for editing and saves it as a page', async () => {
    const receiver = await startReceiver();
    const { document_url: url = '' } = await postDocument(
      server,
      {
        callback_settings: { save_url: receiver.url, save_format: 'html' },
        document_info: { document_name: 'Plan' },
      },
      { bytes: PAGE, name: 'plan.html' },
    );
    const editor = await EditorPage.open(browser, url);
    await editor.clickBehind('bread');
    await editor.type(' today');
    await editor.waitForStatus('Safe on the server');
    await fetch(url.replace(/\/edit$/, '/save?wait=1'));
    const save = await receiver.waitFor(1);
    expect(save.fileName).toBe('Plan.html');
    expect(strFromU8(save.file)).toMatch(/<h1[^>]*>Plan<\/h1>/);
    expect(strFromU8(save.file)).toContain('today');
    await editor.page.close();
    await receiver.close();
  }, 60_000);

  it('[FO3] pushes every format that a save may ask for', async () => {
    const receiver = await startReceiver();
    const isZipWith = (part: string) => (file: Uint8Array) => Object.keys(unzipSync(file)).includes(part);
    const startsWith = (start: string) => (file: Uint8Array) =>
      strFromU8(file.subarray(0, start.length), true) === start;
    const isPage = (file: Uint8Array) => /^<!doctype html/i.test(strFromU8(file.subarray(0, 40)));
    const formats: Record<string, (file: Uint8Array) => boolean> = {
      zdoc: isZipWith('word/document.xml'),
      docx: isZipWith('word/document.xml'),
      doc: startsWith('\xd0\xcf\x11\xe0'),
      rtf: startsWith('{\\rtf'),
      odt: isZipWith('content.xml'),
      htm: isPage,
      html: isPage,
      txt: (file) => strFromU8(file).includes('A plain heading'),
      pdf: startsWith('%PDF-'),
    };
    for (const [index, [format, isOne]] of Object.entries(formats).entries()) {
      const { save_url: saveUrl = '' } = await postDocument(
        server,
        {
          callback_settings: { save_url: receiver.url, save_format: format },
          document_info: { document_name: 'Plan' },
        },
        { bytes: makeDocument('plain'), name: 'plan.docx' },
      );
      const answer = await (await fetch(`${saveUrl}?wait=1&force=1`)).json();
      expect(answer, JSON.stringify(answer)).toMatchObject({ state: 'delivered' });
      const { fileName, file } = await receiver.waitFor(index + 1);
      expect([fileName, isOne(file)]).toEqual([`Plan.${format}`, true]);
    }
    await receiver.close();
  }, 120_000);

  it('[SA13] a save whose format cannot be made keeps the docx, tells the person, and stands in the ledger with its reason', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'officina-broken-'));
    const soffice = join(folder, 'soffice');
    writeFileSync(soffice, '#!/bin/sh\nexit 1\n', { mode: 0o755 });
    const [broken, receiver] = await Promise.all([
      startServer({ OFFICINA_SOFFICE: soffice }),
      startReceiver(),
    ]);
    const { document_url: url = '' } = await postDocument(
      broken,
      {
        callback_settings: { save_url: receiver.url, save_format: 'pdf' },
        document_info: { document_name: 'Plan' },
      },
      { bytes: makeDocument('plain'), name: 'plan.docx' },
    );
    const editor = await EditorPage.open(browser, url);
    await editor.page.getByRole('button', { name: 'Save', exact: true }).click();
    await editor.waitForStatus('Not delivered to the application');
    await editor.page.getByText('The file could not be made as pdf: LibreOffice broke').waitFor();
    await editor.page.getByText('Download a copy').waitFor();
    await editor.page.close();

    const options = { env: { ...process.env, OFFICINA_DATA: broken.dataFolder }, encoding: 'utf8' as const };
    const deliveries = (...words: string[]) =>
      spawnSync(process.execPath, [CLI, 'deliveries', ...words], options).stdout;
    const [id = ''] =
      /^\S+(?=\s+parked\b.*Plan\.pdf.*could not be made as pdf)/m.exec(deliveries('list')) ?? [];
    deliveries('export', id, join(folder, 'kept.docx'));
    const kept = readFileSync(join(folder, 'kept.docx'));
    expect(Object.keys(unzipSync(kept))).toContain('word/document.xml');
    expect(receiver.saves).toEqual([]);
    await Promise.all([broken.stop(), receiver.close()]);
    rmSync(folder, { recursive: true, force: true });
  }, 120_000);

  it('[FO40] previews an odt', async () => {
    const { bytes } = await convert({ bytes: PAGE, name: 'plan.html' }, { format: 'odt' });
    const form = new FormData();
    form.set('document', new File([bytes as BlobPart], 'plan.odt'));
    const answer = await fetch(`${server.url}/writer/officeapi/v1/document/preview?apikey=${API_KEY}`, {
      method: 'POST',
      body: form,
    });
    const { preview_url: url } = (await answer.json()) as { preview_url: string };
    const page = await browser.newPage();
    await page.goto(url);
    await page.getByText('bread').first().waitFor();
    await page.close();
  }, 60_000);

  const LOCKED = (() => {
    try {
      return readFileSync(join(CORPUS, 'docx', 'bug53475-password-is-solrcell.docx'));
    } catch {
      return null;
    }
  })();

  it.runIf(LOCKED)(
    '[SE36] a protected docx opens after its password was typed',
    async () => {
      const file = { bytes: LOCKED ?? new Uint8Array(), name: 'locked.docx' };
      const { document_url: url = '' } = await postDocument(server, {}, file);
      const page = await browser.newPage({ colorScheme: 'dark' });
      await page.goto(url);
      await page.getByLabel('Password').fill('wrong');
      await page.getByRole('button').click();
      await page.getByText('This password does not open the document.').waitFor();
      await page.getByLabel('Password').fill('solrcell');
      await page.getByRole('button').click();
      const editor = await EditorPage.in(page, page);
      await editor.page.close();

      expect((await convert(file, { format: 'txt' })).error).toMatchObject({
        code: 1831,
        parameter_name: 'password',
      });
      const opened = await convert(file, { format: 'txt' }, { password: 'solrcell' });
      expect(strFromU8(opened.bytes)).toMatch(/\p{L}/u);
    },
    60_000,
  );
});
