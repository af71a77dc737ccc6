import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EditorPage } from '../editor-page.js';
import { launchBrowser, type RunningServer, startServer } from '../harness.js';
import { openTogether, sameText } from './people.js';
import { everyPlace } from './places.js';

const names = ['Ada', 'Ben', 'Cleo', 'Dan'];

/** Four people in one document: one writes, three disturb. */
describe('a caret among others', () => {
  let server: RunningServer;
  let browser: Browser;
  let everybody: readonly EditorPage[];
  let ada: EditorPage;
  let ben: EditorPage;
  let cleo: EditorPage;
  let dan: EditorPage;

  beforeAll(async () => {
    [server, browser] = await Promise.all([startServer(), launchBrowser()]);
    everybody = await openTogether({ names, bytes: everyPlace(), server, browser });
    [ada, ben, cleo, dan] = everybody as readonly [EditorPage, EditorPage, EditorPage, EditorPage];
  });
  afterAll(async () => {
    await Promise.all([browser?.close(), server?.stop()]);
  });

  it('stays while others type, split, join, format and delete around it', async () => {
    await ada.clickBehind('Paragraph here');
    await ada.type(' one');
    expect(await lineOf('one')).toBe('Paragraph here one');

    await ben.clickBehind('Paragraph here');
    await press(ben, 'Home');
    await ben.type('Ben: ');
    await ada.type(' two');
    expect(await lineOf('one')).toBe('Ben: Paragraph here one two');

    await cleo.clickBehind('Ben: Paragraph');
    await press(cleo, 'Home', 'Control+ArrowRight', 'Control+ArrowRight', 'Enter');
    await ada.type(' three');
    expect(await lineOf('one')).toMatch(/one two three$/);

    await press(cleo, 'Backspace');
    await ada.type(' four');
    expect(await lineOf('one')).toBe('Ben: Paragraph here one two three four');

    await press(cleo, 'Home', 'Shift+End', 'Control+b');
    await ada.type(' five');
    expect(await lineOf('one')).toBe('Ben: Paragraph here one two three four five');

    await dan.clickBehind('Neighbour');
    await press(dan, 'Shift+Home', 'Delete', 'Backspace');
    await ada.type(' six');
    expect(await lineOf('one')).toBe('Ben: Paragraph here one two three four five six');

    await press(ben, 'Home', ...times(5, 'Delete'));
    await ada.type(' seven');
    expect(await lineOf('one')).toBe('Paragraph here one two three four five six seven');
  });

  /** The line with `word` once everybody has it the same. */
  async function lineOf(word: string): Promise<string> {
    const text = (await sameText(everybody, names)).replaceAll('\u00a0', ' ');
    return text.split('\n').find((line) => line.includes(word)) ?? text;
  }
});

async function press({ page }: EditorPage, ...keys: readonly string[]): Promise<void> {
  for (const key of keys) await page.keyboard.press(key);
}

function times(count: number, key: string): readonly string[] {
  return Array.from({ length: count }, () => key);
}
