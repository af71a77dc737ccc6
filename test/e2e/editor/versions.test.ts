import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeDocument } from '../../corpus/make.js';
import type { EditorPage } from '../editor-page.js';
import { launchBrowser, type Receiver, type RunningServer, startReceiver, startServer } from '../harness.js';
import { openTogether, sameText } from './people.js';

let server: RunningServer;
let receiver: Receiver;
let browser: Browser;
const names = ['Ada', 'Bob'];

beforeAll(async () => {
  [server, receiver, browser] = await Promise.all([startServer(), startReceiver(), launchBrowser()]);
});
afterAll(async () => {
  await Promise.all([browser?.close(), receiver?.close(), server?.stop()]);
});

async function openPair(): Promise<[EditorPage, EditorPage]> {
  const [ada, bob] = await openTogether({
    ...{ names, bytes: makeDocument('plain'), server, browser },
    saveUrl: receiver.url,
  });
  if (!ada || !bob) throw new Error('Two editors were asked for.');
  return [ada, bob];
}

async function typeAtStart(editor: EditorPage, text: string): Promise<void> {
  await editor.clickIntoDocument();
  await editor.page.keyboard.press('Control+Home');
  await editor.type(text);
  await editor.waitForStatus('Safe on the server');
}

it('[SA42] [SA43] [SA46] one person restores a version: both see it, are told who did it, and go on; what was there before can be restored too', async () => {
  const [ada, bob] = await openPair();
  await typeAtStart(ada, 'First ');
  await ada.save('Stored in the archive');
  // The other window hears of it without asking.
  await bob.waitForStatus('Delivered');
  await typeAtStart(bob, 'Second ');
  await ada.waitForText('Second First');

  await ada.frame.getByRole('button', { name: 'Version history' }).click();
  await ada.frame.getByRole('button', { name: 'Restore version 1' }).press('Enter');
  await ada.page.keyboard.press('Enter');

  for (const editor of [ada, bob]) {
    await editor.frame.getByRole('status').filter({ hasText: 'Ada restored version 1 of' }).waitFor();
    await editor.waitForStatus('Safe on the server');
  }
  const restored = await sameText([ada, bob], names);
  expect(restored).toContain('First ');
  expect(restored).not.toContain('Second');

  // Both go on from there.
  await typeAtStart(bob, 'Third ');
  await ada.waitForText('Third First');
  await typeAtStart(ada, 'Fourth ');
  await bob.waitForText('Fourth Third First');
  await ada.save('Stored in the archive');

  // The panel has stayed open; what was there before the restore stands in it, and nothing of it is lost.
  const entries = ada.frame.getByTestId('versions').getByRole('listitem');
  await entries.filter({ hasText: 'Version 2' }).waitFor();
  const words = await entries.allInnerTexts();
  expect(words.map((text) => text.split('\n')[0])).toEqual([
    ...['Version 2', 'Restored by Ada', 'Before the restore', 'Version 1', 'As it was opened'],
  ]);
  await entries
    .filter({ hasText: 'Before the restore' })
    .getByRole('button', { name: /^Restore/ })
    .click();
  await ada.frame.getByRole('button', { name: 'Restore for everybody' }).click();
  await bob.frame.getByRole('status').filter({ hasText: 'Ada restored the document as of' }).waitFor();
  const before = await sameText([ada, bob], names);
  expect(before).toContain('Second First');
  expect(before).not.toContain('Fourth');
});

it('[SA44] what somebody types while a version is restored is not lost', async () => {
  const [ada, bob] = await openPair();
  await typeAtStart(ada, 'First ');
  await ada.save('Stored in the archive');
  await typeAtStart(ada, 'Second ');
  await bob.waitForText('Second First');

  await bob.clickIntoDocument();
  await bob.page.keyboard.press('Control+End');
  await ada.frame.getByRole('button', { name: 'Version history' }).click();
  await ada.frame.getByRole('button', { name: 'Restore version 1' }).click();
  await Promise.all([
    ada.frame.getByRole('button', { name: 'Restore for everybody' }).click(),
    bob.type('abcdefghijklmnopqrstuvwxyz'),
  ]);
  await bob.frame.getByRole('status').filter({ hasText: 'Ada restored version 1 of' }).waitFor();

  // Every letter is in the document as it is now, in what was there before, or offered to its author.
  const now = await sameText([ada, bob], names);
  const offered = await bob.frame.getByText('could not be kept').count();
  const entry = ada.frame
    .getByTestId('versions')
    .getByRole('listitem')
    .filter({ hasText: 'Before the restore' });
  await entry.waitFor();
  const path = await entry.getByRole('link', { name: /^Open/ }).getAttribute('href');
  const reader = await ada.page.context().newPage();
  await reader.goto(new URL(path ?? '', server.url).href);
  await reader.getByText('As of').waitFor();
  await reader.waitForFunction(() => document.body.innerText.includes('Second First'));
  const before = await reader.evaluate(() => document.body.innerText);
  if (offered === 0)
    for (const letter of 'abcdefghijklmnopqrstuvwxyz') expect(`${now} ${before}`).toContain(letter);
  expect(now).not.toContain('Second');
});

it('[SA47] a version is compared with the document as it stands, by keyboard alone', async () => {
  const [ada] = await openPair();
  await typeAtStart(ada, 'First ');
  await ada.save('Stored in the archive');
  await typeAtStart(ada, 'Second ');

  await ada.frame.getByRole('button', { name: 'Version history' }).click();
  await ada.frame.getByRole('button', { name: 'Compare version 1' }).press('Enter');
  const dialog = ada.frame.getByRole('dialog', { name: 'What changed since version 1' });
  await dialog
    .getByRole('status')
    .filter({ hasText: '1 word added, 0 words removed, in 1 paragraph.' })
    .waitFor();
  await ada.page.keyboard.press('n');
  const change = dialog.locator('p:focus');
  await change.waitFor();
  expect((await change.locator('ins').allInnerTexts()).join('')).toBe('Second ');
  expect(await change.innerText()).toContain('First');

  await dialog.getByRole('combobox').selectOption({ label: 'the document as it was opened' });
  await dialog.getByRole('status').filter({ hasText: '0 words added, 1 word removed' }).waitFor();
  expect((await dialog.locator('del').allInnerTexts()).join('')).toBe('First ');
  await ada.page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
});
