import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeDocument } from '../corpus/make.js';
import { bodyText } from './docx-text.js';
import { EditorPage } from './editor-page.js';
import {
  launchBrowser,
  postDocument,
  type Receiver,
  type RunningServer,
  startReceiver,
  startServer,
} from './harness.js';

describe('a host page on another site', () => {
  let server: RunningServer;
  let receiver: Receiver;
  let browser: Browser;
  let host: Server;

  beforeAll(async () => {
    // `localhost` and `127.0.0.1` are two sites to a browser.
    [server, receiver, browser] = await Promise.all([
      startServer(),
      startReceiver(),
      launchBrowser(['--test-third-party-cookie-phaseout']),
    ]);
    host = createServer((request, response) => {
      const url = new URL(request.url ?? '/', 'http://localhost').searchParams.get('url') ?? '';
      response.writeHead(200, { 'content-type': 'text/html' });
      response.end(
        `<!doctype html><title>Host</title><iframe src="${url}" style="width:1100px;height:700px"></iframe>`,
      );
    });
    await new Promise<void>((resolve) => host.listen(0, '127.0.0.1', resolve));
  });
  afterAll(async () => {
    host?.closeAllConnections();
    host?.close();
    await Promise.all([browser?.close(), receiver?.close(), server?.stop()]);
  });

  it('frames the editor without cookies, edits and saves, and asks nobody else for anything', async () => {
    const answer = await postDocument(
      server,
      {
        callback_settings: { save_url: receiver.url, save_format: 'docx' },
        document_info: { document_name: 'Offer' },
      },
      { bytes: makeDocument('plain'), name: 'offer.docx' },
    );
    const context = await browser.newContext({ viewport: { width: 1200, height: 800 } });
    const page = await context.newPage();
    const foreign: string[] = [];
    page.on('request', (request) => {
      const { protocol, port } = new URL(request.url());
      const own = [new URL(server.url).port, String((host.address() as AddressInfo).port)];
      if (protocol !== 'data:' && protocol !== 'blob:' && !own.includes(port)) foreign.push(request.url());
    });
    const hostUrl = `http://localhost:${(host.address() as AddressInfo).port}/?url=${encodeURIComponent(answer.document_url ?? '')}`;
    await page.goto(hostUrl);
    const frame = page.frames().find((one) => one.url().startsWith(server.url));
    if (!frame) throw new Error('The editor is not in its frame.');

    const editor = await EditorPage.in(page, frame);
    await editor.clickIntoDocument();
    await page.keyboard.press('Control+Home');
    await editor.type('Typed in a frame. ');
    await editor.waitForText('Typed in a frame.');
    await editor.save('Stored in the archive');

    const save = await receiver.waitFor(1);
    expect(bodyText(save.file)).toContain('Typed in a frame.');
    expect(save.fileName).toBe('Offer.docx');
    expect(await context.cookies()).toEqual([]);
    expect(foreign).toEqual([]);
  });
});
