import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { makeDocument } from '../corpus/make.js';
import { EditorPage } from './editor-page.js';
import { launchBrowser, postDocument, type RunningServer, startServer } from './harness.js';

describe('a server that is killed', () => {
  let server: RunningServer;
  let browser: Browser;

  beforeAll(async () => {
    [server, browser] = await Promise.all([startServer(), launchBrowser()]);
  });
  afterAll(async () => {
    await Promise.all([browser?.close(), server?.stop()]);
  });

  it('has every edit that was shown as safe when it is back, and the open page goes on by itself', async () => {
    const answer = await postDocument(
      server,
      { document_info: { document_id: 'minutes' } },
      { bytes: makeDocument('plain'), name: 'minutes.docx' },
    );
    const first = await EditorPage.open(browser, answer.document_url ?? '');
    await first.page.keyboard.press('Control+Home');
    await first.type('Written before the crash. ');
    await first.waitForText('Written before the crash.');
    await first.waitForStatus('Safe on the server');

    await server.kill();
    await first.waitForStatus('Reconnecting…');
    await first.type('Typed while it was down. ');
    await server.restart();
    await first.waitForStatus('Safe on the server');

    const other = await postDocument(server, {
      document_info: { document_id: 'minutes' },
      user_info: { user_id: '2', display_name: 'Ben' },
    });
    const second = await EditorPage.open(browser, other.document_url ?? '');
    await second.waitForText('Written before the crash. Typed while it was down.');
  });
});
