import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeDocument } from '../../corpus/make.js';
import type { EditorPage } from '../editor-page.js';
import { launchBrowser, type RunningServer, startServer } from '../harness.js';
import { openTogether, sameText } from './people.js';

const names = ['Ada', 'Ben'];

describe('reviewing together', () => {
  let server: RunningServer;
  let browser: Browser;

  beforeAll(async () => {
    [server, browser] = await Promise.all([startServer(), launchBrowser()]);
  });
  afterAll(async () => {
    await Promise.all([browser?.close(), server?.stop()]);
  });

  it('a comment is answered and resolved by the other person', async () => {
    const [ada, ben] = await open();
    await ada.page.keyboard.press('Control+Home');
    await ada.page.keyboard.press('Shift+End');
    await openReview(ada);
    await ada.frame.getByLabel('New comment').fill('Is this the title?');
    await ada.frame.getByRole('button', { name: 'Comment', exact: true }).click();

    await openReview(ben);
    const card = ben.frame.locator('.ow-card', { hasText: 'Is this the title?' });
    await card.getByRole('button', { name: 'Reply' }).click();
    await card.getByLabel('Reply').fill('Yes, it is.');
    await card.getByRole('button', { name: 'Send' }).click();
    await ada.frame.locator('.ow-card-reply', { hasText: 'Yes, it is.' }).waitFor();
    await card.getByRole('button', { name: 'Resolve' }).click();

    await ada.frame.locator('.ow-card[data-resolved]', { hasText: 'Is this the title?' }).waitFor();
  });

  it('a suggestion is accepted by the other person', async () => {
    const [ada, ben] = await open();
    await ada.page.keyboard.press('Control+Home');
    await ada.frame.getByRole('button', { name: /Editing mode/ }).click();
    await ada.frame
      .getByRole('menuitemradio', { name: /Suggesting/ })
      .or(ada.frame.getByRole('option', { name: /Suggesting/ }))
      .first()
      .click();
    await ada.page.keyboard.press('Control+Home');
    await ada.type('Perhaps ');
    await openReview(ben);
    const card = ben.frame.locator('.ow-card', { hasText: 'Perhaps' });

    await card.getByRole('button', { name: 'Accept' }).click();

    await card.waitFor({ state: 'detached' });
    expect((await sameText([ada, ben], names)).split('\n')[0]).toBe('Perhaps A plain heading');
  });

  async function openReview(editor: EditorPage): Promise<void> {
    await editor.frame.getByRole('button', { name: 'Comments and changes' }).click();
  }

  async function open() {
    const [ada, ben] = await openTogether({ names, bytes: makeDocument('plain'), server, browser });
    if (!ada || !ben) throw new Error('Two editors were asked for.');
    return [ada, ben] as const;
  }
});
