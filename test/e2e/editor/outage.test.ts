import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser, type RunningServer, startServer } from '../harness.js';
import { openTogether, sameText } from './people.js';
import { everyPlace } from './places.js';

const names = ['Ada', 'Ben', 'Cleo', 'Dan'];

describe('an outage', () => {
  let server: RunningServer;
  let browser: Browser;

  beforeAll(async () => {
    [server, browser] = await Promise.all([startServer(), launchBrowser()]);
  });
  afterAll(async () => {
    await Promise.all([browser?.close(), server?.stop()]);
  });

  it('of the server lets four windows type on, and all of it is there once when it is back', async () => {
    const everybody = await openTogether({ names, bytes: everyPlace(), server, browser });
    const places = ['Title', 'Paragraph here', 'Neighbour', 'Neighbour'];
    for (const [index, editor] of everybody.entries()) {
      await editor.clickBehind(places[index] ?? '');
      await editor.type(` before${index}`);
    }
    await sameText(everybody, names);

    await server.kill();
    await Promise.all(everybody.map((editor) => editor.waitForStatus('Offline')));
    for (const [index, editor] of everybody.entries()) await editor.type(` during${index}`);
    await server.restart();

    const text = await sameText(everybody, names);
    for (const index of everybody.keys()) {
      expect(text.split(`before${index}`)).toHaveLength(2);
      expect(text.split(`during${index}`)).toHaveLength(2);
    }
    expect(text).toContain('Title before0 during0');
    expect(text).toContain('Paragraph here before1 during1');
    await Promise.all(everybody.map(({ page }) => page.context().close()));
  });
});
