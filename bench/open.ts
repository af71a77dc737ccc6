import { longDocument } from '../test/corpus/large-documents.js';
import { launchBrowser, postDocument, startServer } from '../test/e2e/harness.js';
import { quantile, round } from './_figures.js';
import { paintedAt } from './_first-words.js';

const REPEATS = 5;
const CHAPTERS_OF_50_PAGES = 10;

/**
 * A 50-page docx: from the first byte of the upload to its first words on the screen, as the browser itself times them
 * (Element Timing), and to the same words laid out by the editor. Server and browser are warm.
 */
export async function run(): Promise<{ summary: string; rows: object[] }> {
  const [server, browser] = await Promise.all([startServer({ OFFICINA_LOG_LEVEL: 'warn' }), launchBrowser()]);
  const file = { bytes: longDocument(CHAPTERS_OF_50_PAGES), name: 'fifty.docx' };
  const context = await browser.newContext({ viewport: { width: 1280, height: 850 } });
  const upload: number[] = [];
  const firstWords: number[] = [];
  const laidOut: number[] = [];
  for (let repeat = 0; repeat <= REPEATS; repeat++) {
    const started = performance.now();
    const { document_url: url = '' } = await postDocument(server, {}, file);
    const uploaded = performance.now();
    const page = await context.newPage();
    await page.goto(url, { waitUntil: 'commit' });
    await page.locator('.ow-viewport').getByText('Chapter 1', { exact: true }).first().waitFor();
    // The first round warms the server's processes and the browser's cache.
    if (repeat > 0) {
      upload.push(uploaded - started);
      laidOut.push(performance.now() - started);
      firstWords.push((await page.evaluate(paintedAt)) - performance.timeOrigin - started);
    }
    await page.close();
  }
  await Promise.all([browser.close(), server.stop()]);
  const row = {
    uploadMs: round(quantile(upload, 0.5), 0),
    firstTextMs: round(quantile(firstWords, 0.5), 0),
    slowestMs: round(Math.max(...firstWords), 0),
    editorTextMs: round(quantile(laidOut, 0.5), 0),
    repeats: REPEATS,
  };
  return {
    summary: `50 pages from upload to first text ${row.firstTextMs} ms (budget 1500), of which the upload ${row.uploadMs} ms; slowest of ${REPEATS} ${row.slowestMs} ms; laid out by the editor ${row.editorTextMs} ms`,
    rows: [row],
  };
}
