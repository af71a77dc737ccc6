import type { Browser } from 'playwright-core';
import { threeHundredPages } from '../test/corpus/large-documents.js';
import { EditorPage } from '../test/e2e/editor-page.js';
import { launchBrowser, postDocument, startServer } from '../test/e2e/harness.js';
import { quantile, round } from './_figures.js';
import { goToText, settle, timeKeys } from './_keys.js';
import { Keyboard } from './rooms/fan-out.js';
import { OfficinaPerson, paragraphsOf } from './rooms/officina-people.js';

const PEOPLE = 50;
const KEYS_PER_SECOND = 2;
const WATCHED_MS = 20_000;
const WARM_UP_MS = 5_000;
const KEYS = 60;

/** One page in a 300-page docx in which fifty others type: what showing them costs it, and what its own keys cost then. */
export async function run(): Promise<{ summary: string; rows: object[] }> {
  const [server, browser] = await Promise.all([startServer({ OFFICINA_LOG_LEVEL: 'warn' }), launchBrowser()]);
  const { document_url: url = '' } = await postDocument(
    server,
    { document_info: { document_id: 'crowd', document_name: 'Crowd' } },
    { bytes: threeHundredPages(), name: 'long.docx' },
  );
  const editor = await EditorPage.open(browser, url);
  await settle(editor.page);
  await goToText(editor.page);
  const people = await crowd(server.url);
  const firstMs = await firstChange(editor, people[0] as OfficinaPerson);
  const keyboard = new Keyboard(people, 1_000 / KEYS_PER_SECOND);
  await keyboard.run(WARM_UP_MS, () => {});

  const before = await rendererMs(browser);
  await keyboard.run(WATCHED_MS, () => {});
  const coreShare = ((await rendererMs(browser)) - before) / WATCHED_MS;

  const keys = timeKeys(editor, KEYS, 'steady');
  let isTyping = true;
  const typing = keys.finally(() => {
    isTyping = false;
  });
  while (isTyping) await keyboard.run(500, () => {});
  const times = await typing;
  for (const person of people) person.leave();
  await Promise.all([browser.close(), server.stop()]);
  const row = {
    people: PEOPLE,
    coreShare: round(coreShare, 3),
    p50Ms: round(quantile(times, 0.5)),
    p90Ms: round(quantile(times, 0.9)),
    firstMs: round(firstMs, 0),
  };
  return {
    summary: `300 pages, ${PEOPLE} others typing: ${round(row.coreShare * 100)} % of a core (budget 15), key to frame p50 ${row.p50Ms} ms (25), p90 ${row.p90Ms} ms (35), first change of others ${row.firstMs} ms (150)`,
    rows: [row],
  };
}

/** Everybody in a paragraph of their own, over the whole length of the document; the first one in sight. */
async function crowd(url: string): Promise<readonly OfficinaPerson[]> {
  const people: OfficinaPerson[] = [];
  let paragraphs: readonly string[] = [];
  for (let index = 0; index < PEOPLE; index += 1) {
    const { session_id: session = '' } = await postDocument(
      { url },
      {
        document_info: { document_id: 'crowd', document_name: 'Crowd' },
        user_info: { user_id: `${index + 1}`, display_name: `Person ${index}` },
      },
    );
    const person = new OfficinaPerson(session, `crowd-person-${index}`);
    const { snapshot } = await person.join(url);
    if (index === 0) paragraphs = await paragraphsOf(`${url}${snapshot?.url ?? ''}`);
    person.stand(paragraphs[2 + Math.floor((index * (paragraphs.length - 2)) / PEOPLE)] ?? '');
    people.push(person);
  }
  return people;
}

/** From a key of somebody else to the first change of what the page shows. */
async function firstChange({ page }: EditorPage, person: OfficinaPerson): Promise<number> {
  await page.evaluate(() => {
    const pages = document.querySelector('.docx-pages');
    if (pages === null) throw new Error('There is no document to look at.');
    const watched = window as unknown as { changed: Promise<void> };
    const before = pages.textContent;
    watched.changed = new Promise((resolve) => {
      new MutationObserver((_, observer) => {
        if (pages.textContent === before) return;
        observer.disconnect();
        requestAnimationFrame(() => resolve());
      }).observe(pages, { childList: true, characterData: true, subtree: true });
    });
  });
  const typed = performance.now();
  person.type();
  await page.evaluate(() => (window as unknown as { changed: Promise<void> }).changed);
  return performance.now() - typed;
}

/** CPU time that the pages of a browser have used so far, in milliseconds. */
async function rendererMs(browser: Browser): Promise<number> {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  return processInfo
    .filter(({ type }) => type === 'renderer')
    .reduce((sum, { cpuTime }) => sum + cpuTime * 1_000, 0);
}
