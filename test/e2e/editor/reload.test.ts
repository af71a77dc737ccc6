import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeDocument } from '../../corpus/make.js';
import { launchBrowser, type RunningServer, startServer } from '../harness.js';
import { openTogether, sameText } from './people.js';

const names = ['Ada', 'Ben'];
let server: RunningServer;
let browser: Browser;

beforeAll(async () => {
  [server, browser] = await Promise.all([startServer(), launchBrowser()]);
});
afterAll(async () => {
  await Promise.all([browser?.close(), server?.stop()]);
});

it('a page that is reloaded right after the last key has every letter once, and so has what is typed next', async () => {
  const [ada, ben] = await openTogether({ names, bytes: makeDocument('plain'), server, browser });
  if (!ada || !ben) throw new Error('Two editors were asked for.');
  let expected = '';
  for (const round of [1, 2, 3]) {
    await ada.page.keyboard.press('Control+Home');
    await ada.type(`before${round} `);
    await ada.page.reload();
    await ada.waitForStatus('Safe on the server');
    await ada.clickIntoDocument();
    await ada.page.keyboard.press('Control+Home');
    await ada.type(`after${round} `);
    expected = `after${round} before${round} ${expected}`;
    const [line = ''] = (await sameText([ada, ben], names)).split('\n');
    expect(line.replaceAll(' ', ' ')).toBe(`${expected}A plain heading`);
  }
});
