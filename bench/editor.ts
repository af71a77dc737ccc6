import { threeHundredPages } from '../test/corpus/large-documents.js';
import { EditorPage } from '../test/e2e/editor-page.js';
import { launchBrowser, postDocument, startServer } from '../test/e2e/harness.js';
import { quantile, round } from './_figures.js';

const KEYS = 80;
const WARM_UP_KEYS = 10;

/** Typing in a 300-page docx: from the key event to the frame that shows it. */
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
  // The pages out of sight are laid out behind the first ones; what a key takes is another matter.
  await editor.page.waitForFunction(
    () => document.querySelector('[data-docx-opening-preview],[data-docx-layout-pending]') === null,
    undefined,
    { timeout: 120_000 },
  );
  const settledMs = performance.now() - started;
  await editor.page.keyboard.press('Control+Home');
  await editor.page.keyboard.press('ArrowDown');
  await editor.page.evaluate(watchKeys);
  for (let key = 0; key < WARM_UP_KEYS + KEYS; key++) {
    const painted = editor.page.waitForFunction(
      (count) => (window as unknown as Watched).paints.length > count,
      key,
    );
    await editor.page.keyboard.press(String.fromCharCode(97 + (key % 26)));
    await painted;
  }
  const all = await editor.page.evaluate(() => (window as unknown as Watched).paints);
  const paints = all.slice(WARM_UP_KEYS);
  await Promise.all([browser.close(), server.stop()]);
  const row = {
    readyMs: round(readyMs, 0),
    settledMs: round(settledMs, 0),
    p50Ms: round(quantile(paints, 0.5)),
    p90Ms: round(quantile(paints, 0.9)),
    keys: KEYS,
  };
  return {
    summary: `300 pages, key to frame p50 ${row.p50Ms} ms (budget 30), p90 ${row.p90Ms} ms; ready to type after ${row.readyMs} ms, all pages laid out after ${row.settledMs} ms`,
    rows: [row],
  };
}

interface Watched {
  paints: number[];
}

/** Runs in the page: notes for each key how long it took until the frame after it was handed to the compositor. */
function watchKeys(): void {
  const watched = window as unknown as Watched;
  watched.paints = [];
  window.addEventListener(
    'keydown',
    (event) => {
      const started = event.timeStamp;
      requestAnimationFrame(() => {
        const channel = new MessageChannel();
        channel.port1.onmessage = () => watched.paints.push(performance.now() - started);
        channel.port2.postMessage(null);
      });
    },
    true,
  );
}
