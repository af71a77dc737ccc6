import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeDocument } from '../corpus/make.js';
import { bodyText } from './docx-text.js';
import { launchBrowser, type RunningServer, startServer } from './harness.js';
import { LibraryCaller } from './library-caller.js';
import {
  addAccount,
  choose,
  confirmAddress,
  expectNoObstacles,
  itemOf,
  openItem,
  passwordOf,
  shareWith,
  signIn,
  upload,
} from './library-people.js';

describe('the library', () => {
  let server: RunningServer;
  let browser: Browser;
  let ada: Page;
  let bob: Page;

  beforeAll(async () => {
    [server, browser] = await Promise.all([startServer({ OFFICINA_SIGN_UP: 'on' }), launchBrowser()]);
    await addAccount(server, 'Ada');
    await addAccount(server, 'Bob');
    ada = await signIn(browser, server, 'Ada');
    bob = await signIn(browser, server, 'Bob');
  });
  afterAll(async () => {
    await Promise.all([browser?.close(), server?.stop()]);
  });

  it('[LI104] two people share a document, edit it together, and every save is a version that both see at once', async () => {
    await bob.getByRole('link', { name: 'Shared with me' }).click();
    await bob.getByText('Nobody shares a document with you yet').waitFor();

    await upload(ada, 'Minutes', makeDocument('plain'));
    await choose(ada, 'Minutes', 'Share…');
    await shareWith(ada, 'Bob', 'edit');
    await ada.getByRole('dialog').getByRole('button', { name: 'Done' }).click();
    await itemOf(bob, 'Minutes').getByText('Version 1.0').waitFor();

    const first = await openItem(ada, 'Minutes');
    const second = await openItem(bob, 'Minutes');
    await first.page.keyboard.press('Control+Home');
    await first.type('Ada was here. ');
    await second.page.keyboard.press('Control+End');
    await second.type(' Bob was here too.');
    await first.waitForText('Bob was here too.');
    await second.waitForText('Ada was here.');
    await second.save('Version 1.1');
    await itemOf(bob, 'Minutes').getByText('Version 1.1').waitFor();
    await itemOf(ada, 'Minutes').getByText('by Bob').waitFor();

    const text = bodyText(await download(ada, 'Minutes'));
    expect(text).toContain('Ada was here.');
    expect(text).toContain('Bob was here too.');
    await Promise.all([first.page.close(), second.page.close()]);
  });

  it('[LI105] a right that is withdrawn ends editing, and then reading, in the open editor', async () => {
    const editor = await openItem(bob, 'Minutes');
    await choose(ada, 'Minutes', 'Share…');
    await ada.getByLabel('What bob@example.org can do').selectOption({ label: 'can read' });
    await editor.page.getByText('View only').waitFor();
    await editor.page.getByText('It is shared with you for reading.').waitFor();
    await editor.page.getByRole('button', { name: 'Save' }).waitFor({ state: 'detached' });

    await ada.getByLabel('What bob@example.org can do').selectOption({ label: 'can edit' });
    await editor.page.getByRole('button', { name: 'Save' }).waitFor();

    const dialog = ada.getByRole('dialog');
    await dialog.getByLabel('Login names or e-mail addresses').fill('zoe@example.org');
    await dialog.getByRole('button', { name: 'Share', exact: true }).click();
    await ada.getByLabel('What zoe@example.org can do').waitFor();
    await ada.getByRole('button', { name: 'Stop sharing with bob@example.org' }).press('Enter');
    await ada.waitForFunction(
      () => document.activeElement?.ariaLabel === 'Stop sharing with zoe@example.org',
    );
    await ada.keyboard.press('Enter');
    await ada.waitForFunction(() => document.activeElement?.matches('dialog input'));
    await dialog.getByText('It is not shared with anybody yet.').waitFor();
    await editor.page.getByRole('heading', { name: 'You cannot open this document any more' }).waitFor();
    await bob.getByText('Nobody shares a document with you yet').waitFor();
    await editor.page.reload();
    await editor.page.getByRole('heading', { name: 'There is no such document' }).waitFor();

    await shareWith(ada, 'Bob', 'edit');
    await ada.keyboard.press('Escape');
    await editor.page.close();
  });

  it('[LI106] a lock keeps others from editing at once, and the owner breaks it', async () => {
    const [first, second] = [await openItem(ada, 'Minutes'), await openItem(bob, 'Minutes')];
    await second.page.getByRole('button', { name: 'Lock', exact: true }).click();
    await second.page.getByText('You have locked this document').waitFor();
    await first.page.getByText('Bob has locked this document until').waitFor();
    await first.page.getByText('View only').waitFor();
    await itemOf(ada, 'Minutes').getByText('Locked by Bob').waitFor();

    await first.page.getByRole('button', { name: 'Break the lock' }).click();
    await first.page.getByText('View only').waitFor({ state: 'detached' });
    await second.page.getByRole('button', { name: 'Lock', exact: true }).waitFor();
    await Promise.all([first.page.close(), second.page.close()]);
  });

  it('[LI102] finds documents by name and by text, tags them, and takes them to the trash and back', async () => {
    await upload(ada, 'Recipe', makeDocument('nested-lists'));
    const search = ada.getByRole('searchbox');
    await search.fill('recipe');
    await itemOf(ada, 'Minutes').waitFor({ state: 'detached' });
    await search.fill('bob was HERE');
    await itemOf(ada, 'Recipe').waitFor({ state: 'detached' });
    await itemOf(ada, 'Minutes').waitFor();
    await search.fill('no such words');
    await ada.getByText('Nothing found for').waitFor();
    await search.fill('');

    await choose(ada, 'Recipe', 'Tags…');
    await ada.getByRole('dialog').getByLabel('Tags').fill('kitchen sunday');
    await ada.getByRole('button', { name: 'Set tags' }).click();
    await ada.getByRole('navigation').getByRole('link', { name: 'kitchen' }).click();
    await ada.getByRole('heading', { name: 'Tag “kitchen”' }).waitFor();
    await itemOf(ada, 'Recipe').waitFor();

    await ada.getByRole('link', { name: 'My documents' }).click();
    await ada.locator('a.lb-name', { hasText: 'Recipe' }).focus();
    await ada.keyboard.press('F2');
    await ada.waitForFunction(() => document.activeElement?.matches('dialog input'));
    await ada.keyboard.type('Soup');
    await ada.keyboard.press('Enter');
    await itemOf(ada, 'Soup').getByText('Version 1.1').waitFor();
    await focusIsOn(ada, 'Soup');
    await ada.keyboard.press('ArrowDown');
    await focusIsOn(ada, 'Minutes');
    await ada.keyboard.press('ArrowUp');
    await ada.keyboard.press('Delete');
    await itemOf(ada, 'Soup').waitFor({ state: 'detached' });
    await focusIsOn(ada, 'Minutes');

    await ada.getByRole('link', { name: 'Trash' }).click();
    await choose(ada, 'Soup', 'Restore');
    await ada.getByText('The trash is empty').waitFor();
    await ada.getByRole('link', { name: 'My documents' }).click();
    await choose(ada, 'Soup', 'Move to the trash');
    await ada.getByRole('link', { name: 'Trash' }).click();
    await choose(ada, 'Soup', 'Delete for good');
    await ada.getByRole('dialog').getByRole('button', { name: 'Delete for good' }).click();
    await ada.getByText('The trash is empty').waitFor();
    await ada.getByRole('link', { name: 'My documents' }).click();
  });

  it('[LI109] somebody without an account reads a public document at its link, and nothing else', async () => {
    await choose(ada, 'Minutes', 'Share…');
    await ada.getByLabel('Everybody with the link can read').check();
    const link = await ada.getByLabel('Public link', { exact: true }).inputValue();
    await ada.keyboard.press('Escape');
    const stranger = await (await browser.newContext()).newPage();
    await stranger.goto(link);
    await stranger.waitForFunction(() => document.body.innerText.includes('Bob was here too.'));
    await stranger.goto(`${server.url}/library/documents/1234567890123456`);
    await stranger.getByRole('button', { name: 'Sign in' }).waitFor();
    await stranger.context().close();
  });

  it('[LI3] what waited for an address is there when somebody comes back after it was confirmed', async () => {
    const form = { email: 'zoe@example.org', name: 'Zoe', password: passwordOf('Zoe') };
    await fetch(`${server.url}/sign-up`, {
      method: 'POST',
      headers: { origin: server.url },
      body: new URLSearchParams(form),
    });
    await choose(ada, 'Minutes', 'Share…');
    await ada.getByLabel('Login names or e-mail addresses').fill('zoe@example.org');
    await ada.getByRole('button', { name: 'Share', exact: true }).click();
    await ada.getByLabel('What zoe@example.org can do').waitFor();
    await ada.keyboard.press('Escape');
    const zoe = await signIn(browser, server, 'Zoe');
    await zoe.getByRole('link', { name: 'Shared with me' }).click();
    await zoe.getByText('Nobody has confirmed yet').waitFor();
    await zoe.getByText('Nobody shares a document with you yet').waitFor();

    await confirmAddress(server, 'zoe@example.org');
    await zoe.evaluate(() => window.dispatchEvent(new Event('focus')));
    await itemOf(zoe, 'Minutes').waitFor();
    await zoe.getByText('Nobody has confirmed yet').waitFor({ state: 'detached' });
    await zoe.context().close();
  });

  it.each([
    ['light', 1200],
    ['dark', 1200],
    ['light', 390],
    ['dark', 390],
  ] as const)('[LI110] no view has a serious obstacle, in %s at %i pixels', async (colorScheme, width) => {
    const stranger = await browser.newContext({ colorScheme, viewport: { width, height: 800 } });
    const door = await stranger.newPage();
    await door.goto(`${server.url}/library`);
    await door.getByRole('button', { name: 'Sign in' }).waitFor();
    await expectNoObstacles(door);
    await stranger.close();

    const page = await signIn(browser, server, 'Ada', { colorScheme, viewport: { width, height: 800 } });
    await itemOf(page, 'Minutes').waitFor();
    await expectNoObstacles(page);
    await page.getByRole('button', { name: 'As a grid' }).click();
    await expectNoObstacles(page);
    for (const entry of ['Share…', 'Versions…', 'Download as…', 'Tags…']) {
      await choose(page, 'Minutes', entry);
      await page.getByRole('dialog').waitFor();
      await expectNoObstacles(page);
      await page.keyboard.press('Escape');
    }
    await itemOf(page, 'Minutes').getByRole('button', { name: 'Actions for Minutes' }).click();
    await expectNoObstacles(page);
    await page.keyboard.press('Escape');
    for (const place of ['Shared with me', 'Public', 'Trash']) {
      await page.getByRole('link', { name: place }).click();
      await page.getByRole('heading', { name: place, exact: true }).waitFor();
      await expectNoObstacles(page);
    }
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
    await page.context().close();
  });

  it('[LI112] a long list goes on as one scrolls, and a change leaves one where one is', async () => {
    const caller = await LibraryCaller.signIn(server.url, 'Bob');
    const make = (number: number) => caller.post<{ id: string }>('documents', { name: `Letter ${number}` });
    const { id: oldest } = await make(0);
    await Promise.all(Array.from({ length: 61 }, (_, index) => make(index + 1)));
    await bob.getByRole('link', { name: 'My documents' }).click();
    const letter = (number: number) => bob.getByRole('link', { name: `Letter ${number}`, exact: true });
    await bob.locator('.lb-item').nth(59).waitFor();
    expect(await letter(0).count()).toBe(0);
    await bob.locator('.lb-item').nth(59).scrollIntoViewIfNeeded();
    await letter(0).waitFor();
    await letter(0).focus();
    await caller.post(`documents/${oldest}/lock`);
    await itemOf(bob, 'Letter').getByText('Locked by you').waitFor();
    expect(await bob.evaluate(() => document.activeElement?.textContent)).toBe('Letter 0');
    expect(await bob.evaluate(() => window.scrollY)).toBeGreaterThan(1_000);
  });
});

/** Resolves once the keyboard is at that document. */
async function focusIsOn(page: Page, name: string): Promise<void> {
  await page.waitForFunction((text) => document.activeElement?.textContent === text, name);
}

async function download(page: Page, name: string): Promise<Uint8Array> {
  await choose(page, name, 'Download as…');
  const waiting = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Word (docx)' }).click();
  const file = await (await waiting).createReadStream();
  const chunks: Buffer[] = [];
  for await (const chunk of file) chunks.push(chunk as Buffer);
  await page.keyboard.press('Escape');
  return Buffer.concat(chunks);
}
