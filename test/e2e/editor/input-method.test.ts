import type { Browser, CDPSession } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { makeDocument } from '../../corpus/make.js';
import { EditorPage } from '../editor-page.js';
import { launchBrowser, type RunningServer, startServer } from '../harness.js';
import { openTogether, sameText, shownText } from './people.js';

const names = ['Ada', 'Ben'];
/** A busy machine paints late. */
const PATIENCE = { timeout: 60_000 };

describe('an input method', () => {
  let server: RunningServer;
  let browser: Browser;
  let ada: EditorPage;
  let ben: EditorPage;
  let inputMethod: CDPSession;

  beforeAll(async () => {
    [server, browser] = await Promise.all([startServer(), launchBrowser()]);
  });
  afterAll(async () => {
    await Promise.all([browser?.close(), server?.stop()]);
  });
  beforeEach(async () => {
    const [one, two] = await openTogether({ names, bytes: makeDocument('plain'), server, browser });
    if (!one || !two) throw new Error('Two editors were asked for.');
    [ada, ben] = [one, two];
    inputMethod = await ada.page.context().newCDPSession(ada.page);
    await ada.page.bringToFront();
    await ada.page.keyboard.press('Control+Home');
    await ben.page.keyboard.press('Control+Home');
    await ben.page.keyboard.press('End');
    return () => Promise.all([ada.page.context().close(), ben.page.context().close()]);
  });

  it('composes its word undisturbed while the other types into the same paragraph', async () => {
    await compose('にほ');
    await ben.type(' meanwhile');
    await ben.waitForStatus('Safe on the server');
    await expect.poll(() => shownText(ada, names), PATIENCE).toMatch(/^にほA plain heading\n/);
    await compose('にほん');
    await commit('日本');
    await ada.waitForText('日本A plain heading meanwhile');
    await ada.type('!');

    expect(firstLines(await sameText([ada, ben], names), 1)).toEqual(['日本!A plain heading meanwhile']);

    await ada.page.keyboard.press('Control+z');
    await ada.page.keyboard.press('Control+z');
    await ben.page.waitForFunction(() => !document.body.innerText.includes('日本'));
    expect(firstLines(await sameText([ada, ben], names), 1)).toEqual(['A plain heading meanwhile']);
  });

  it('composes its word undisturbed while the other splits the paragraph under it', async () => {
    await ada.page.keyboard.press('Control+ArrowRight');
    await compose('にほ');
    await ben.page.keyboard.press('Control+ArrowLeft');
    await ben.page.keyboard.press('Enter');
    await ben.page.keyboard.press('Control+Home');
    await ben.page.keyboard.press('Enter');
    await ben.waitForStatus('Safe on the server');
    await compose('にほん');
    await commit('日本');
    await ada.type('!');

    const lines = firstLines(await sameText([ada, ben], names), 2);
    expect(lines).toEqual(['A日本! plain ', 'heading']);
  });

  it('composes one word after the other, and the other is seen between them', async () => {
    await ben.type(' one');
    for (const word of ['가', '나', '다']) {
      await compose(word);
      await commit(word);
    }
    await ada.waitForText('가나다A plain heading one');
    await compose('라');
    await ben.type(' two');
    // A syllable that stays open while its author pauses does not keep the others away.
    await ada.waitForText('가나다라A plain heading one two');
    await ada.type('.');

    const [line] = firstLines(await sameText([ada, ben], names), 1);
    expect(line).toBe('가나다라.A plain heading one two');
  });

  it('keeps its word when fonts come while it composes', async () => {
    const late = await EditorPage.open(browser, ada.page.url(), (context) =>
      context.addInitScript(holdFonts),
    );
    inputMethod = await late.page.context().newCDPSession(late.page);
    await late.page.keyboard.press('Control+Home');
    await late.page.waitForFunction(() => 'fontsAsked' in window);
    const before = await fontsOf(late);
    await compose('にほ');
    const fetched = late.page.waitForResponse(/\/fonts\//);
    await late.page.evaluate(() => (window as unknown as { releaseFonts(): void }).releaseFonts());
    await fetched;
    await expect.poll(() => shownText(late, names), PATIENCE).toMatch(/^にほA plain heading\n/);
    await compose('にほん');
    await commit('日本');
    await expect.poll(() => fontsOf(late), PATIENCE).toBeGreaterThan(before);
    await late.type('!');

    expect(firstLines(await sameText([late, ben], names), 1)).toEqual(['日本!A plain heading']);
  });

  function compose(text: string) {
    const end = text.length;
    return inputMethod.send('Input.imeSetComposition', { selectionStart: end, selectionEnd: end, text });
  }

  function commit(text: string) {
    return inputMethod.send('Input.insertText', { text });
  }
});

function firstLines(text: string, count: number): readonly string[] {
  return text
    .replaceAll('\u00a0', ' ')
    .split('\n')
    .filter((line) => line !== '')
    .slice(0, count);
}

/** Runs in the page before anything else: fonts come when the story lets them. */
function holdFonts(): void {
  const fetchNow = window.fetch;
  const held = new Promise<void>((resolve) => {
    Object.assign(window, { releaseFonts: resolve });
  });
  window.fetch = async (input, init) => {
    if (String(input).includes('/fonts/')) {
      Object.assign(window, { fontsAsked: true });
      await held;
    }
    return fetchNow(input, init);
  };
}

function fontsOf({ page }: EditorPage): Promise<number> {
  return page.evaluate(() => document.fonts.size);
}
