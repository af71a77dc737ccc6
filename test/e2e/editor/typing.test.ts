import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeDocument } from '../../corpus/make.js';
import { launchBrowser, type RunningServer, startServer } from '../harness.js';
import { openTogether, sameText, watchForeign } from './people.js';

const names = ['Ada', 'Ben'];

describe('two people in one document', () => {
  let server: RunningServer;
  let browser: Browser;

  beforeAll(async () => {
    [server, browser] = await Promise.all([startServer(), launchBrowser()]);
  });
  afterAll(async () => {
    await Promise.all([browser?.close(), server?.stop()]);
  });

  it('type into the same paragraph at once, and no word is torn, lost or doubled', async () => {
    const [ada, ben] = await open();

    await ada.page.keyboard.press('Control+Home');
    await ben.page.keyboard.press('Control+Home');
    await ben.page.keyboard.press('End');
    await Promise.all([
      ada.page.keyboard.type('adaone adatwo adathree ', { delay: 35 }),
      ben.page.keyboard.type(' benone bentwo benthree', { delay: 45 }),
    ]);

    const [heading] = (await sameText([ada, ben], names)).split('\n');
    expect(heading).toBe('adaone adatwo adathree A plain heading benone bentwo benthree');
  });

  it('lose no letter of a burst while the other’s letters come in', async () => {
    const [ada, ben] = await open();
    await ada.page.keyboard.press('Control+Home');
    await ben.page.keyboard.press('Control+Home');
    await ben.page.keyboard.press('End');

    const bursts = Array.from({ length: 20 }, (_, at) => `burst${at} `);
    const inBursts = async () => {
      for (const burst of bursts) await ada.page.keyboard.type(burst);
    };
    const steadily = ' and so she wrote on, letter by letter';
    await Promise.all([inBursts(), ben.page.keyboard.type(steadily, { delay: 15 })]);

    const expected = `${bursts.join('')}A plain heading${steadily}`;
    const unwrapped = (await sameText([ada, ben], names)).replaceAll('\n', '');
    expect(unwrapped.slice(0, expected.length)).toBe(expected);
  });

  it('keep their carets while the other splits, joins and formats around them', async () => {
    const [ada, ben] = await open();
    await ada.page.keyboard.press('Control+Home');
    await ben.page.keyboard.press('Control+Home');
    await ben.page.keyboard.press('End');

    await ben.type(' one');
    await ben.waitForText('heading one');
    await ada.page.keyboard.press('Enter');
    await ben.type(' two');
    expect((await sameText([ada, ben], names)).split('\n').filter(Boolean)[0]).toBe(
      'A plain heading one two',
    );

    await ada.page.keyboard.press('Backspace');
    await ben.type(' three');
    expect(firstLine(await sameText([ada, ben], names))).toBe('A plain heading one two three');

    await ada.page.keyboard.press('Shift+End');
    await ada.page.keyboard.press('Control+i');
    await ben.type(' four');
    expect(firstLine(await sameText([ada, ben], names))).toBe('A plain heading one two three four');
  });

  it('each undo and redo their own work only', async () => {
    const [ada, ben] = await open();
    await ada.page.keyboard.press('Control+Home');
    await ben.page.keyboard.press('Control+Home');
    await ben.page.keyboard.press('End');
    await ada.type('Mine');
    await ben.type('Theirs');
    expect(firstLine(await sameText([ada, ben], names))).toBe('MineA plain headingTheirs');

    await pressUntil('Control+z', 'A plain headingTheirs');
    await pressUntil('Control+y', 'MineA plain headingTheirs');

    /** Keys that come slowly, as on a busy machine, are more than one unit of undo. */
    async function pressUntil(keys: string, expected: string): Promise<void> {
      let line: string | undefined;
      for (let press = 0; press < 'Mine'.length && line !== expected; press++) {
        await ada.page.keyboard.press(keys);
        line = firstLine(await sameText([ada, ben], names));
      }
      expect(line).toBe(expected);
    }
  });

  it('see each other, ask nobody else for anything, and break no rule of the policy', async () => {
    const [ada, ben] = await open();
    const foreign = watchForeign([ada.page.context(), ben.page.context()], server);
    await Promise.all([ada.page.reload(), ben.page.reload()]);
    await Promise.all([ada.waitForStatus('Safe on the server'), ben.waitForStatus('Safe on the server')]);

    await ada.frame.locator('.of-avatars [aria-label="Ben"]').waitFor();
    await ben.frame.locator('.of-avatars [aria-label="Ben (you)"]').waitFor();
    await ada.page.keyboard.press('Control+Home');
    await ada.type('Still here. ');
    await ben.waitForText('Still here.');

    expect(foreign).toEqual([]);
  });

  async function open() {
    const [ada, ben] = await openTogether({ names, bytes: makeDocument('plain'), server, browser });
    if (!ada || !ben) throw new Error('Two editors were asked for.');
    return [ada, ben] as const;
  }
});

function firstLine(text: string): string | undefined {
  return text.split('\n')[0];
}
