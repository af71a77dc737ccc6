import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EditorPage } from '../editor-page.js';
import { launchBrowser, type RunningServer, startServer } from '../harness.js';
import { openTogether, sameText } from './people.js';
import { everyPlace } from './places.js';

const names = ['Ada', 'Ben'];

/** One writes, and after every step of the other the next word has to stand where the last one ended. */
describe('a caret', () => {
  let server: RunningServer;
  let browser: Browser;
  let ada: EditorPage;
  let ben: EditorPage;

  beforeAll(async () => {
    [server, browser] = await Promise.all([startServer(), launchBrowser()]);
    [ada, ben] = (await openTogether({ names, bytes: everyPlace(), server, browser })) as [
      EditorPage,
      EditorPage,
    ];
  });
  afterAll(async () => {
    await Promise.all([browser?.close(), server?.stop()]);
  });

  it('stays in a cell while rows and words come and go around it', async () => {
    await ada.clickBehind('Southwest');
    await ada.type(' one');
    expect(await words()).toContain('Southwest one Southeast');

    await ben.clickBehind('Northwest');
    await ben.type(' above');
    await press(ben, 'Tab', 'Tab', 'Home');
    await ben.type('Ben: ');
    await ada.type(' two');
    expect(await words()).toContain('Northwest above Northeast Ben: Southwest one two Southeast');

    // The key for the next cell makes a row where there is none.
    await ben.clickBehind('Southeast');
    await press(ben, 'Tab');
    await ben.type('Below');
    await ada.type(' three');
    expect(await words()).toContain('Ben: Southwest one two three Southeast Below');
  });

  it('stays in an item of a list that is split, joined and moved to another level', async () => {
    await ada.clickBehind('Second');
    await ada.type(' one');
    expect(await words()).toContain('2. Second one 3. Third');

    await ben.clickBehind('First');
    await press(ben, 'Enter');
    await ben.type('Between');
    await ada.type(' two');
    expect(await words()).toContain('1. First 2. Between 3. Second one two 4. Third');

    await press(ben, 'Home', 'Tab');
    await ada.type(' three');
    expect(await words()).toContain('1. First 1. Between 2. Second one two three 3. Third');

    await ben.clickBehind('Second one two three');
    await press(ben, 'Home', 'Enter', 'Backspace');
    await ada.type(' four');
    expect(await words()).toContain('Second one two three four');
  });

  it('stays in a header that the other writes in, too', async () => {
    for (const editor of [ada, ben]) await editor.frame.getByText('Overhead').first().dblclick();
    await press(ada, 'End');
    await press(ben, 'Home');
    await ada.type(' one');
    await ben.type('Ben: ');
    await ada.type(' two');
    await press(ben, 'Enter');
    await ada.type(' three');
    expect(await words()).toContain('Ben: Overhead one two three Title');
    for (const editor of [ada, ben]) await press(editor, 'Escape');
  });

  it('stays in words that are commented on, answered and resolved', async () => {
    await ada.clickBehind('Commented');
    await ada.type(' one');
    await ben.waitForText('Commented one');
    await ben.clickBehind('Commented');
    await press(ben, 'Shift+Home');
    const panel = ben.frame.getByRole('button', { name: 'Comments and changes' });
    await panel.click();
    await ben.frame.getByLabel('New comment').fill('Why?');
    await ben.frame.getByRole('button', { name: 'Comment', exact: true }).click();
    await ada.type(' two');
    const card = ben.frame.locator('.ow-card', { hasText: 'Why?' });
    await card.getByRole('button', { name: 'Reply' }).click();
    await card.getByLabel('Reply').fill('Because.');
    await card.getByRole('button', { name: 'Send' }).click();
    await ada.type(' three');
    await card.getByRole('button', { name: 'Resolve' }).click();
    await ben.frame.locator('.ow-card[data-resolved]', { hasText: 'Why?' }).waitFor();
    await ada.type(' four');
    await panel.click();
    expect(await words()).toContain('Commented one two three four Undone');
  });

  it('stays where it is in suggesting mode, and while the other takes much back and brings it again', async () => {
    await ada.frame.getByRole('button', { name: /Editing mode/ }).click();
    await ada.frame.getByRole('menuitemradio', { name: /Suggesting/ }).click();
    await ada.clickBehind('Suggested');
    await ada.type(' one');
    await ben.clickBehind('Undone');
    await ben.type(' and more');
    await press(ben, 'Home', 'Enter', 'ArrowUp');
    await ben.type('Before');
    await ada.type(' two');
    expect(await words()).toContain('Suggested one two Commented one two three four Before Undone and more');

    await press(ben, ...times(12, 'Control+z'));
    await ada.type(' three');
    expect(await words()).toContain('Suggested one two three Commented one two three four Undone 1.');
    await press(ben, ...times(12, 'Control+y'));
    await ada.type(' four');
    expect(await words()).toContain(
      'Suggested one two three four Commented one two three four Before Undone and more 1.',
    );
  });

  /** All that the pages show, once both show the same. */
  async function words(): Promise<string> {
    return (await sameText([ada, ben], names)).replace(/\s+/g, ' ');
  }
});

async function press({ page }: EditorPage, ...keys: readonly string[]): Promise<void> {
  for (const key of keys) await page.keyboard.press(key);
}

function times(count: number, key: string): readonly string[] {
  return Array.from({ length: count }, () => key);
}
