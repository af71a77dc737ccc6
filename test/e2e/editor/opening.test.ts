import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeDocument } from '../../corpus/make.js';
import { EditorPage } from '../editor-page.js';
import { launchBrowser, postDocument, type RunningServer, startServer } from '../harness.js';

let server: RunningServer;
let browser: Browser;

beforeAll(async () => {
  [server, browser] = await Promise.all([startServer(), launchBrowser()]);
});
afterAll(async () => {
  await Promise.all([browser?.close(), server?.stop()]);
});

/** A window on the document whose editor does not come before `release`. */
async function openWithoutEditor(url: string): Promise<{ page: Page; release: () => void }> {
  const page = await (await browser.newContext()).newPage();
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  await page.route('**/writer-page-*.js', async (route) => {
    await released;
    await route.continue();
  });
  await page.goto(url, { waitUntil: 'commit' });
  return { page, release };
}

it('the first words stand in the window before the editor, which then takes their place', async () => {
  const file = { bytes: makeDocument('plain'), name: 'plain.docx' };
  const { document_url: url = '' } = await postDocument(server, {}, file);
  const { page, release } = await openWithoutEditor(url);
  const words = page.locator('.ow-first-page');
  await words.getByText('A plain heading').waitFor();
  expect(await page.locator('.docx-page').count()).toBe(0);

  release();
  await EditorPage.in(page, page);
  await page.locator('.docx-page').getByText('A plain heading').first().waitFor();
  await words.waitFor({ state: 'detached' });
  await page.context().close();
});

it('a document that somebody has edited shows no words of the file that it began with', async () => {
  const file = { bytes: makeDocument('plain'), name: 'plain.docx' };
  const { document_url: url = '' } = await postDocument(server, {}, file);
  const ada = await EditorPage.open(browser, url);
  await ada.clickIntoDocument();
  await ada.page.keyboard.press('Control+Home');
  await ada.type('Newer ');
  await ada.waitForStatus('Safe on the server');
  const { page, release } = await openWithoutEditor(url);
  await page.getByText('Opening…').waitFor();
  expect(await page.locator('.ow-first-page').count()).toBe(0);

  release();
  await (await EditorPage.in(page, page)).waitForText('Newer A plain heading');
  await Promise.all([ada.page.context().close(), page.context().close()]);
});
