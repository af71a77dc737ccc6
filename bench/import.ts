import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { CoeditingClient } from '@officina/engine/writer/replica';
import { createDocumentEngine } from '../packages/server/src/convert/index.js';
import { findOffice } from '../packages/server/src/convert/office/installation.js';
import { OfficeRunner } from '../packages/server/src/convert/office/office-runner.js';
import { systemClock, systemScheduler } from '../packages/server/src/system-time.js';
import { manyParagraphs } from '../test/corpus/large-documents.js';
import { quantile, round } from './_figures.js';

const PARAGRAPHS = 120;
const ROUNDS = 25;
const MEGABYTE = 1024 * 1024;
const FONTS = fileURLToPath(new URL('../packages/web/dist/fonts', import.meta.url));
const PLENTY = {
  ...{ residentBytes: 2048 * MEGABYTE, cpuMs: 60_000, answerBytes: 64 * MEGABYTE, jobs: 1_000 },
  restingBytes: 1024 * MEGABYTE,
};

/**
 * A docx of 120 paragraphs to what an editor works on: read by the server's own process for files from outside, then made the editor's
 * document. Beside it a warm LibreOffice that makes html of the same file. They take turns.
 */
export async function run(): Promise<{ summary: string; rows: object[] }> {
  const search = findOffice(process.env.OFFICINA_SOFFICE ?? null, process.env.PATH ?? '');
  if (!search.found) throw new Error(`The peer is missing: ${search.missing} (${search.install}).`);
  const docx = manyParagraphs(PARAGRAPHS);
  const engine = createDocumentEngine({
    ...{ clock: systemClock, scheduler: systemScheduler, maxUploadBytes: 64 * MEGABYTE },
  });
  const office = new OfficeRunner(search.installation, existsSync(FONTS) ? FONTS : null, PLENTY);
  const ours = async () => {
    const { base } = await engine.import(docx, { fileName: 'long.docx' });
    const client = new CoeditingClient(
      { base },
      { client: 'bench', author: { id: 'user-1', name: 'Ada' }, now: () => '2024-01-01T00:00:00Z' },
    );
    if (client.package === undefined) throw new Error('There is no document.');
  };
  const theirs = async () => {
    const job = { source: 'docx', target: 'html', writeAs: 'HTML (StarWriter)' };
    const { header } = await office.run({ header: job, blobs: [docx] });
    if (!(header as { ok: boolean }).ok) throw new Error(JSON.stringify(header));
  };
  const timed = async (work: () => Promise<void>): Promise<number> => {
    const started = performance.now();
    await work();
    return performance.now() - started;
  };
  const rounds: { ours: number; theirs: number }[] = [];
  for (let at = 0; at <= ROUNDS; at += 1) {
    const turn = { ours: await timed(ours), theirs: await timed(theirs) };
    // The first round starts and warms both.
    if (at > 0) rounds.push(turn);
  }
  office.stop();
  await engine.close();
  const median = (digits: number, pick: (turn: (typeof rounds)[number]) => number) =>
    round(quantile(rounds.map(pick), 0.5), digits);
  const row = {
    paragraphs: PARAGRAPHS,
    oursMs: median(1, (turn) => turn.ours),
    officeMs: median(1, (turn) => turn.theirs),
    ratio: median(3, (turn) => turn.ours / turn.theirs),
    rounds: ROUNDS,
    office: String(spawnSync('soffice', ['--version']).stdout).trim(),
  };
  return {
    summary: `docx of ${PARAGRAPHS} paragraphs to the editor's document ${row.oursMs} ms, LibreOffice warm to html ${row.officeMs} ms: ratio ${row.ratio} (budget 0.3)`,
    rows: [row],
  };
}
