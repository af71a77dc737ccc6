import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeDocument } from '../../corpus/make.js';
import { launchBrowser, type RunningServer, startServer } from '../harness.js';
import { openTogether, sameText, shownText } from './people.js';

const names = ['Ada', 'Ben'];
/** A busy machine paints late. */
const PATIENCE = { timeout: 30_000 };
let server: RunningServer;
let browser: Browser;

beforeAll(async () => {
  [server, browser] = await Promise.all([startServer(), launchBrowser()]);
});
afterAll(async () => {
  await Promise.all([browser?.close(), server?.stop()]);
});

it('an input method composes its word undisturbed while the other types into the same paragraph', async () => {
  const [ada, ben] = await openTogether({ names, bytes: makeDocument('plain'), server, browser });
  if (!ada || !ben) throw new Error('Two editors were asked for.');
  await ada.page.keyboard.press('Control+Home');
  await ben.page.keyboard.press('Control+Home');
  await ben.page.keyboard.press('End');
  const keyboard = await ada.page.context().newCDPSession(ada.page);

  await keyboard.send('Input.imeSetComposition', { selectionStart: 2, selectionEnd: 2, text: 'にほ' });
  await ben.type(' meanwhile');
  await ben.waitForStatus('Safe on the server');
  await expect.poll(() => shownText(ada, names), PATIENCE).toMatch(/^にほA plain heading/);
  await keyboard.send('Input.imeSetComposition', { selectionStart: 3, selectionEnd: 3, text: 'にほん' });
  await keyboard.send('Input.insertText', { text: '日本' });
  await ada.waitForText('meanwhile');
  await ada.type('!');

  expect((await sameText([ada, ben], names)).split('\n')[0]).toBe('日本!A plain heading meanwhile');
});
