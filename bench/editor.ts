import { threeHundredPages } from '../test/corpus/large-documents.js';
import { EditorPage } from '../test/e2e/editor-page.js';
import { launchBrowser, postDocument, startServer } from '../test/e2e/harness.js';
import { quantile, round } from './_figures.js';
import { goToText, settle, timeKeys } from './_keys.js';

const KEYS = 80;
const WARM_UP_KEYS = 10;

/** Typing in a 300-page docx: from the key event to the frame that shows the letter. */
export async function run(): Promise<{ summary: string; rows: object[] }> {
  const [server, browser] = await Promise.all([startServer({ OFFICINA_LOG_LEVEL: 'warn' }), launchBrowser()]);
  const { document_url: url = '' } = await postDocument(
    server,
    {},
    { bytes: threeHundredPages(), name: 'long.docx' },
  );
  const started = performance.now();
  const editor = await EditorPage.open(browser, url);
  const readyMs = performance.now() - started;
  await settle(editor.page);
  const settledMs = performance.now() - started;
  await goToText(editor.page);
  await timeKeys(editor, WARM_UP_KEYS, 'steady');
  const steady = await timeKeys(editor, KEYS, 'steady');
  await editor.page.keyboard.press('Space');
  const atOnce = await timeKeys(editor, KEYS, 'at once');
  await Promise.all([browser.close(), server.stop()]);
  const row = {
    readyMs: round(readyMs, 0),
    settledMs: round(settledMs, 0),
    p50Ms: round(quantile(steady, 0.5)),
    p90Ms: round(quantile(steady, 0.9)),
    atOnceP50Ms: round(quantile(atOnce, 0.5)),
    atOnceP90Ms: round(quantile(atOnce, 0.9)),
    keys: KEYS,
  };
  return {
    summary: `300 pages, key to frame p50 ${row.p50Ms} ms (budget 30), p90 ${row.p90Ms} ms; without a pause between keys p50 ${row.atOnceP50Ms} ms, p90 ${row.atOnceP90Ms} ms; ready to type after ${row.readyMs} ms, all pages laid out after ${row.settledMs} ms`,
    rows: [row],
  };
}
