import { readFile } from 'node:fs/promises';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeDocument } from '../corpus/make.js';
import { bodyText } from './docx-text.js';
import { EditorPage } from './editor-page.js';
import { launchBrowser, type RunningServer, startServer } from './harness.js';

describe('the start page', () => {
  let server: RunningServer;
  let browser: Browser;

  beforeAll(async () => {
    // The name stands for a visitor from elsewhere: it leads here, but it is not this machine's own.
    [server, browser] = await Promise.all([
      startServer(),
      launchBrowser(['--host-resolver-rules=MAP office.example 127.0.0.1']),
    ]);
  });
  afterAll(async () => {
    await Promise.all([browser?.close(), server?.stop()]);
  });

  it('opens a dropped docx for two people, shows the calls, takes the saved file and hands it out', async () => {
    const { page, troubles } = await openPage(browser, server.url);
    await page.setInputFiles('input[type=file]', {
      name: 'offer.docx',
      mimeType: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
      buffer: Buffer.from(makeDocument('plain')),
    });

    const amelia = await editorOf(page, 'Amelia');
    const ben = await editorOf(page, 'Ben');
    await amelia.clickIntoDocument();
    await page.keyboard.press('Control+Home');
    await amelia.type('Typed by Amelia. ');
    await ben.waitForText('Typed by Amelia.');
    await ben.save('The playground has received the document');

    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Download the saved file' }).click(),
    ]);
    expect(bodyText(await readFile(await download.path()))).toContain('Typed by Amelia.');
    expect(download.suggestedFilename()).toBe('offer.docx');
    await expect.poll(() => page.locator('.pg-log').textContent()).toContain('Ben joins');

    await page.getByRole('tab', { name: 'Sessions' }).click();
    await page.locator('.pg-sessions li:nth-child(2) .pg-pill', { hasText: /^active$/ }).waitFor();
    await page.getByRole('button', { name: 'End Ben’s session' }).click();
    await frameOf(page, 'Ben').getByRole('heading', { name: 'ended' }).waitFor();
    await amelia.clickIntoDocument();
    await amelia.type('Still here. ');
    await amelia.waitForText('Still here.');
    expect(troubles).toEqual([]);
    await page.context().close();
  });

  it('shows the server’s own refusal of a file that is no document', async () => {
    const { page } = await openPage(browser, server.url);
    await page.setInputFiles('input[type=file]', {
      name: 'picture.docx',
      mimeType: 'image/png',
      buffer: Buffer.from('no document at all'),
    });
    const alert = page.getByRole('alert');
    await alert.waitFor();
    expect(await alert.textContent()).toMatch(/code 18\d\d.*HTTP 400/s);
    await page.context().close();
  });

  it('gives no key to a foreign name before the sign-in to the console, and the whole of it after', async () => {
    const foreign = server.url.replace('127.0.0.1', 'office.example');
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(foreign);
    await page.getByRole('heading', { name: 'Sign in to play here' }).waitFor();

    await page.getByRole('link', { name: 'Sign in to the console' }).click();
    await page.getByLabel('Password').fill('e2e-password');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { name: 'Overview' }).waitFor();
    await page.goto(foreign);
    await page.getByRole('button', { name: 'Blank document' }).waitFor();

    const [cookie] = await context.cookies();
    expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Strict' });
    await context.close();
  });
});

async function openPage(browser: Browser, url: string): Promise<{ page: Page; troubles: string[] }> {
  const context = await browser.newContext({ viewport: { width: 1800, height: 900 } });
  const page = await context.newPage();
  const troubles: string[] = [];
  page.on('pageerror', (error) => troubles.push(error.message));
  page.on('console', (message) => {
    if (message.text().includes('Content Security Policy')) troubles.push(message.text());
  });
  page.on('request', (request) => {
    const { protocol, origin } = new URL(request.url());
    if (protocol !== 'data:' && protocol !== 'blob:' && origin !== url) troubles.push(request.url());
  });
  await page.goto(url);
  await page.getByRole('button', { name: 'Blank document' }).waitFor();
  return { page, troubles };
}

function frameOf(page: Page, person: string) {
  return page.frameLocator(`iframe[title="${person}’s editor"]`);
}

async function editorOf(page: Page, person: string): Promise<EditorPage> {
  const element = await page.locator(`iframe[title="${person}’s editor"]`).elementHandle();
  const frame = await element?.contentFrame();
  if (!frame) throw new Error(`${person} has no window.`);
  return EditorPage.in(page, frame);
}
