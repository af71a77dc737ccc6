import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { threeHundredPages } from '../../corpus/large-documents.js';
import type { EditorPage } from '../editor-page.js';
import { launchBrowser, type RunningServer, startServer } from '../harness.js';
import { openTogether } from './people.js';

let server: RunningServer;
let browser: Browser;

beforeAll(async () => {
  [server, browser] = await Promise.all([startServer(), launchBrowser()]);
});
afterAll(async () => {
  await Promise.all([browser?.close(), server?.stop()]);
});

it('a caret in a file of 300 pages stays while the other types, splits, joins, formats and takes back around it', async () => {
  const [ada, ben] = (await openTogether({
    ...{ names: ['Ada', 'Ben'], bytes: threeHundredPages(), server, browser },
  })) as [EditorPage, EditorPage];
  const both = [ada, ben];

  await press(ada, 'Control+Home', 'End');
  await ada.type(' one');
  await seen('Chapter 1 one');

  await press(ben, 'Control+Home');
  await ben.type('Ben: ');
  await ada.type(' two');
  await seen('Ben: Chapter 1 one two');

  await press(ben, 'Enter');
  await ada.type(' three');
  await seen('Chapter 1 one two three');
  await press(ben, 'Backspace', 'Home', 'Shift+End', 'Control+i');
  await ada.type(' four');
  await seen('Ben: Chapter 1 one two three four');

  await press(ben, 'Home', ...Array.from({ length: 5 }, () => 'Delete'));
  await ada.type(' five');
  await seen('Chapter 1 one two three four five');
  expect(await headings()).not.toContain('Ben:');

  await press(ben, ...Array.from({ length: 5 }, () => 'Control+z'));
  await ada.type(' six');
  await seen('Chapter 1 one two three four five six');

  /** Waits until both pages show a line with these words. */
  async function seen(words: string): Promise<void> {
    await Promise.all(both.map((each) => each.waitForText(words)));
  }

  async function headings(): Promise<string> {
    const texts = await Promise.all(
      both.map(({ frame }) => frame.locator('.docx-page, [data-page-number]').first().innerText()),
    );
    return texts.join('\n');
  }
});

async function press({ page }: EditorPage, ...keys: readonly string[]): Promise<void> {
  for (const key of keys) await page.keyboard.press(key);
}
