import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeDocument } from '../../corpus/make.js';
import { EditorPage } from '../editor-page.js';
import { launchBrowser, type RunningServer, startServer } from '../harness.js';
import { openTogether, shownText } from './people.js';

let server: RunningServer;
let browser: Browser;

beforeAll(async () => {
  [server, browser] = await Promise.all([startServer(), launchBrowser()]);
});
afterAll(async () => {
  await Promise.all([browser?.close(), server?.stop()]);
});

it('work that had to be refused leaves the page, and its words are shown and offered to be copied', async () => {
  const [opened] = await openTogether({ names: ['Ada'], bytes: makeDocument('plain'), server, browser });
  if (!opened) throw new Error('An editor was asked for.');
  let refuses = false;
  const ada = await EditorPage.open(browser, opened.page.url(), (context) =>
    context.routeWebSocket(/\/rooms\//, (socket) => {
      const room = socket.connectToServer();
      socket.onMessage((frame) => {
        const messages = JSON.parse(String(frame)) as { t: string; n?: number }[];
        if (!refuses || !messages.some(({ t }) => t === 'op')) {
          room.send(frame);
          return;
        }
        const reason = 'this part of the document is locked.';
        const rejects = messages.flatMap(({ t, n }) =>
          t === 'op' ? [{ t: 'reject', n, code: 'locked', reason }] : [],
        );
        socket.send(JSON.stringify(rejects));
      });
    }),
  );
  await ada.page.keyboard.press('Control+Home');
  await ada.type('Kept. ');
  // The words about safety may be from before the keys: what another window shows is on the server.
  await opened.waitForText('Kept. A plain heading');

  refuses = true;
  await ada.type('Refused words. ');
  const band = ada.frame.getByRole('status').filter({ hasText: 'could not be kept' });
  await band.getByText('Refused words. ').waitFor();

  expect(await band.innerText()).toContain('this part of the document is locked.');
  await expect.poll(() => shownText(ada, ['Ada'])).toMatch(/^Kept\. A plain heading\n/);
  await ada.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await band.getByRole('button', { name: 'Copy what you typed' }).click();
  await band.getByRole('button', { name: 'Copied' }).waitFor();
  expect(await ada.page.evaluate(() => navigator.clipboard.readText())).toBe('Refused words. ');
  await band.getByRole('button', { name: 'Dismiss' }).click();
  await band.waitFor({ state: 'detached' });
});
