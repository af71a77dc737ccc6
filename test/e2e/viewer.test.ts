import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { longDocument } from '../corpus/large-documents.js';
import { makeDocument } from '../corpus/make.js';
import { API_KEY, launchBrowser, type RunningServer, startServer } from './harness.js';

/** A machine that does other things as well is slow, and that is no fault. */
const PATIENCE_MS = 120_000;

let server: RunningServer;
let browser: Browser;

beforeAll(async () => {
  [server, browser] = await Promise.all([startServer(), launchBrowser()]);
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

async function preview(bytes: Uint8Array, permissions: Record<string, boolean> = {}): Promise<string> {
  const form = new FormData();
  form.set('document', new File([bytes as BlobPart], 'plan.docx'));
  form.set('permissions', JSON.stringify(permissions));
  const answer = await fetch(`${server.url}/writer/officeapi/v1/document/preview?apikey=${API_KEY}`, {
    method: 'POST',
    body: form,
  });
  const { preview_url: url = '' } = (await answer.json()) as { preview_url?: string };
  return url;
}

async function open(url: string): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 850 } });
  page.setDefaultTimeout(PATIENCE_MS);
  await page.goto(url);
  return page;
}

describe('the viewer', () => {
  it('[FO40] shows pages, finds words, lists headings and changes its scale', async () => {
    const page = await open(await preview(longDocument(3)));
    await page.locator('.ow-viewport').getByText('Chapter 1', { exact: true }).first().waitFor();

    const scale = page.locator('.ov-scale');
    const before = await scale.textContent();
    await page.getByRole('button', { name: 'Zoom in' }).click();
    await page.waitForFunction((text) => document.querySelector('.ov-scale')?.textContent !== text, before);

    await page.getByRole('button', { name: 'Open navigation' }).click();
    await page.getByRole('button', { name: 'Chapter 3' }).click();
    await page.locator('.ow-viewport').getByText('Chapter 3', { exact: true }).first().waitFor();
    await page.getByRole('tab', { name: 'Find' }).click();
    await page.getByRole('searchbox', { name: 'Search document' }).fill('Chapter');
    await page.waitForFunction(() => /3/.test(document.querySelector('.docx-nav__count')?.textContent ?? ''));
    await page.close();
  });

  it('[FO41] prints a pdf where that is permitted', async () => {
    const url = await preview(makeDocument('plain'), { 'document.print': true });
    const pdf = await fetch(url.replace(/preview$/, 'print'));
    expect(Buffer.from(await pdf.arrayBuffer()).toString('latin1', 0, 5)).toBe('%PDF-');

    const page = await open(url);
    const printed = page.waitForResponse((answer) => answer.url().endsWith('/print'));
    await page.getByRole('button', { name: 'Print' }).click();
    expect((await printed).headers()['content-type']).toBe('application/pdf');
    await page.locator('iframe[data-print]').waitFor({ state: 'attached' });
    await page.close();
  }, 300_000);

  it('[FO41] has no button for what is not permitted, and the server refuses it too', async () => {
    const url = await preview(makeDocument('plain'), { 'document.print': false });
    expect((await fetch(url.replace(/preview$/, 'print'))).status).toBe(403);

    const page = await open(url);
    await page.getByRole('button', { name: 'Zoom in' }).waitFor();
    expect(await page.getByRole('button', { name: 'Print' }).count()).toBe(0);
    expect(await page.getByRole('link', { name: 'Download' }).count()).toBe(0);
    await page.close();
  });
});
