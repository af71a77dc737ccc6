import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeDocument } from '../../corpus/make.js';
import { bodyText } from '../docx-text.js';
import { EditorPage } from '../editor-page.js';
import { launchBrowser, type Receiver, type RunningServer, startReceiver, startServer } from '../harness.js';
import { openTogether } from './people.js';

let server: RunningServer;
let receiver: Receiver;
let browser: Browser;

beforeAll(async () => {
  [server, receiver, browser] = await Promise.all([startServer(), startReceiver(), launchBrowser()]);
});
afterAll(async () => {
  await Promise.all([browser?.close(), receiver?.close(), server?.stop()]);
});

it('[SA34] [SA35] [SA36] [SA38] [SA39] a save that is refused says so and what follows, is sent again by a button, and both versions are listed', async () => {
  const [ada] = await openTogether({
    ...{ names: ['Ada'], bytes: makeDocument('plain'), server, browser },
    saveUrl: receiver.url,
  });
  if (!ada) throw new Error('An editor was asked for.');
  await ada.clickIntoDocument();
  await ada.page.keyboard.press('Control+Home');
  await ada.type('First ');
  await ada.waitForStatus('Safe on the server');
  await ada.save('Stored in the archive');
  await ada.waitForStatus('Delivered');

  // The server leaves the application alone for a while, so that only the button can bring it there.
  receiver.answer = {
    ...{ status: 500, body: { message: 'The archive is closed' } },
    headers: { 'retry-after': '3600' },
  };
  await ada.clickIntoDocument();
  await ada.page.keyboard.press('Control+Home');
  await ada.type('Second ');
  await ada.waitForStatus('Safe on the server');
  await ada.frame.getByRole('button', { name: 'Save', exact: true }).click();
  const band = ada.frame.getByRole('status').filter({ hasText: 'Version 2 has not reached the application' });
  await band.waitFor();
  const words = await band.innerText();
  await ada.waitForStatus('Not delivered yet, next attempt at');
  const copyLink = band.getByRole('link', { name: 'Download a copy' });
  const copy = await fetch(new URL((await copyLink.getAttribute('href')) ?? '', server.url));

  expect(words).toContain('The archive is closed.');
  expect(words).toContain('tries again by itself, next at');
  expect(copy.headers.get('content-disposition')).toContain('Together.docx');

  // Who loads the page again is told too.
  await ada.page.reload();
  const again = await EditorPage.in(ada.page, ada.page);
  await band.waitFor();
  receiver.answer = { status: 200, body: { message: 'Stored at last' } };
  await band.getByRole('button', { name: 'Send again' }).click();
  await again.waitForStatus('Stored at last');
  await band.waitFor({ state: 'detached' });

  await again.frame.getByRole('button', { name: 'Version history' }).click();
  const versions = again.frame.getByTestId('versions').getByRole('listitem');
  await versions.nth(1).waitFor();
  const [second = '', first = ''] = await versions.allInnerTexts();
  expect(second).toMatch(/Version 2[\s\S]*Saved by Ada[\s\S]*Delivered[\s\S]*Stored at last/);
  expect(first).toMatch(/Version 1[\s\S]*Saved by Ada[\s\S]*Delivered[\s\S]*Stored in the archive/);

  const opening = again.page.context().waitForEvent('page');
  await versions.nth(1).getByRole('link', { name: 'Open version 1' }).click();
  const reader = await opening;
  await reader.getByText('Version 1, saved').waitFor();
  await reader.waitForFunction(() => document.body.innerText.includes('First A plain heading'));
  expect(await reader.evaluate(() => document.body.innerText)).not.toContain('Second');
});

it('[SA51] a save right behind the last key holds that key too', async () => {
  const [ada] = await openTogether({
    ...{ names: ['Ada'], bytes: makeDocument('plain'), server, browser },
    saveUrl: receiver.url,
  });
  if (!ada) throw new Error('An editor was asked for.');
  const before = receiver.saves.length;
  await ada.clickIntoDocument();
  await ada.page.keyboard.press('Control+Home');
  await ada.page.keyboard.type('To the last letter. ');
  await ada.page.keyboard.press('Control+s');

  const { file } = await receiver.waitFor(before + 1);
  expect(bodyText(file)).toContain('To the last letter. A plain heading');
});

it('[SA35] Ctrl+S where nothing can be saved to says so and offers a copy', async () => {
  const [ada] = await openTogether({ names: ['Ada'], bytes: makeDocument('plain'), server, browser });
  if (!ada) throw new Error('An editor was asked for.');
  await ada.clickIntoDocument();
  await ada.page.keyboard.press('Control+s');

  const band = ada.frame.getByRole('status').filter({ hasText: 'There is nowhere to save to' });
  await band.getByRole('link', { name: 'Download a copy' }).waitFor();
  await ada.waitForStatus('Safe on the server');
});
