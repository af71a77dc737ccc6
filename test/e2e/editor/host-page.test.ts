import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeDocument } from '../../corpus/make.js';
import { EditorPage } from '../editor-page.js';
import {
  API_KEY,
  launchBrowser,
  postDocument,
  type Receiver,
  type RunningServer,
  startReceiver,
  startServer,
} from '../harness.js';

let server: RunningServer;
let receiver: Receiver;
let browser: Browser;
let host: Server;

beforeAll(async () => {
  [server, receiver, browser] = await Promise.all([startServer(), startReceiver(), launchBrowser()]);
  host = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost').searchParams.get('url') ?? '';
    response.writeHead(200, { 'content-type': 'text/html' });
    response.end(
      `<!doctype html><title>Host</title><script>window.heard = [];
       addEventListener('message', (event) => heard.push(event.data));</script>
       <iframe src="${url}" style="width:1000px;height:700px"></iframe>`,
    );
  });
  await new Promise<void>((resolve) => host.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  host?.closeAllConnections();
  host?.close();
  await Promise.all([browser?.close(), receiver?.close(), server?.stop()]);
});

it('[SA37] the page around the editor hears that it is ready, unsaved, saving, saved and ended', async () => {
  const { document_url: url = '', session_id: sessionId = '' } = await postDocument(
    server,
    { callback_settings: { save_url: receiver.url, save_format: 'docx' } },
    { bytes: makeDocument('plain'), name: 'offer.docx' },
  );
  const page = await (await browser.newContext({ viewport: { width: 1100, height: 800 } })).newPage();
  await page.goto(`http://localhost:${(host.address() as AddressInfo).port}/?url=${encodeURIComponent(url)}`);
  const frame = page.frames().find((one) => one.url().startsWith(server.url));
  if (!frame) throw new Error('The editor is not in its frame.');
  const editor = await EditorPage.in(page, frame);
  const heard = (wanted: Record<string, unknown>) =>
    page.waitForFunction(
      (fields) =>
        (window as unknown as { heard: Record<string, unknown>[] }).heard.some((event) =>
          Object.entries(fields).every(([name, value]) => event[name] === value),
        ),
      { sessionId, ...wanted },
    );

  await heard({ type: 'officina:ready' });
  await editor.clickIntoDocument();
  await editor.type('x');
  await heard({ type: 'officina:state', unsaved: true });
  await editor.save('Stored in the archive');
  await heard({ type: 'officina:saving', version: 1 });
  await heard({ type: 'officina:saved', version: 1, message: 'Stored in the archive' });
  await heard({ type: 'officina:state', state: 'safe', unsaved: false });
  const deleted = await fetch(`${server.url}/writer/officeapi/v1/sessions/${sessionId}?apikey=${API_KEY}`, {
    method: 'DELETE',
  });

  expect(deleted.status).toBe(200);
  await heard({ type: 'officina:ended', reason: 'session_deleted' });
});
