import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeDocument } from '../../corpus/make.js';
import { EditorPage } from '../editor-page.js';
import { launchBrowser, type RunningServer, startServer } from '../harness.js';
import { openTogether, sameText } from './people.js';

const names = ['Ada', 'Ben'];

describe('when the server is gone', () => {
  let server: RunningServer;
  let browser: Browser;

  beforeAll(async () => {
    [server, browser] = await Promise.all([startServer(), launchBrowser()]);
  });
  afterAll(async () => {
    await Promise.all([browser?.close(), server?.stop()]);
  });

  it('typing goes on, and everything is there once when it is back', async () => {
    const [ada, ben] = await open();
    await ada.page.keyboard.press('Control+Home');
    await ada.type('Before. ');
    await ben.waitForText('Before.');

    await server.kill();
    await ada.waitForStatus('Offline');
    await ada.type('During. ');
    await ada.waitForText('Before. During.');
    await server.restart();

    const text = await sameText([ada, ben], names);
    expect(text.split('\n')[0]).toBe('Before. During. A plain heading');
  });

  it('what was typed survives the window too', async () => {
    const [ada, ben] = await open();
    await ada.page.keyboard.press('Control+Home');
    await server.kill();
    await ada.waitForStatus('Offline');
    await ada.type('Kept. ');
    await ada.waitForText('Kept.');
    const address = ada.page.url();
    const context = ada.page.context();

    await ada.page.close();
    await server.restart();
    const page = await context.newPage();
    await page.goto(address);
    const again = await EditorPage.in(page, page);

    const text = await sameText([again, ben], names);
    expect(text.split('\n')[0]).toBe('Kept. A plain heading');
  });

  async function open() {
    const [ada, ben] = await openTogether({ names, bytes: makeDocument('plain'), server, browser });
    if (!ada || !ben) throw new Error('Two editors were asked for.');
    return [ada, ben] as const;
  }
});
