import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EditorPage } from '../editor-page.js';
import { launchBrowser, type RunningServer, startServer } from '../harness.js';
import { openTogether, sameText, shownText } from './people.js';
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
      expect(text.split(`before${index}`), text).toHaveLength(2);
      expect(text.split(`during${index}`), text).toHaveLength(2);
    }
    expect(text).toContain('Title before0 during0');
    expect(text).toContain('Paragraph here before1 during1');
    await Promise.all(everybody.map(({ page }) => page.context().close()));
  });

  it('leaves two tabs of one person apart: each keeps, sends and takes back its own', async () => {
    const [left] = await openTogether({
      ...{ names: names.slice(0, 1), bytes: everyPlace(), server, browser },
    });
    if (!left) throw new Error('An editor was asked for.');
    const page = await left.page.context().newPage();
    await page.goto(left.page.url());
    const right = await EditorPage.in(page, page);
    await left.clickBehind('Title');
    await right.clickBehind('Paragraph here');
    await left.type(' left');
    await right.type(' right');
    expect(await sameText([left, right], names)).toMatch(/Title left\nParagraph here right\n/);

    await server.kill();
    await Promise.all([left, right].map((editor) => editor.waitForStatus('Offline')));
    await left.type(' more');
    await right.type(' more');
    await left.waitForText('Title left more');
    await right.waitForText('Paragraph here right more');
    await server.restart();
    expect(await sameText([left, right], names)).toMatch(/Title left more\nParagraph here right more\n/);

    await right.page.bringToFront();
    await takeBack(right, 'Paragraph here\n');
    expect(await sameText([left, right], names)).toMatch(/Title left more\nParagraph here\n/);
  });
});

/** Undoes until `wanted` is there: how many units a text was typed in is a matter of the machine's speed. */
async function takeBack(editor: EditorPage, wanted: string): Promise<void> {
  for (;;) {
    await editor.page.keyboard.press('Control+z');
    if ((await shownText(editor, names)).includes(wanted)) return;
  }
}
