import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeDocument } from '../test/corpus/make.js';
import { API_KEY, startServer } from '../test/e2e/harness.js';
import { quantile, round } from './_figures.js';

const REPEATS = 15;
const COLD_REPEATS = 3;

/** Small docx → pdf: CPU and wall time of our warm workers, of one of them alone, and of a cold `soffice --convert-to`. */
export async function run(): Promise<{ summary: string; rows: object[] }> {
  const bytes = makeDocument('plain');
  const two = await measure(bytes, 2);
  const one = await measure(bytes, 1);
  const cold = measureCold(bytes);
  const row = {
    warmCpuMs: round(one.cpuMs, 0),
    coldCpuMs: round(cold.cpuMs, 0),
    cpuRatio: round(one.cpuMs / cold.cpuMs, 3),
    warmWallMs: round(one.wallMs, 0),
    coldWallMs: round(cold.wallMs, 0),
    jobsPerSecondOne: round(one.perSecond, 1),
    jobsPerSecondTwo: round(two.perSecond, 1),
    speedUp: round(two.perSecond / one.perSecond, 2),
    restingMegabytes: round(one.restingMegabytes, 0),
  };
  return {
    summary:
      `docx to pdf warm ${row.warmCpuMs} ms CPU against ${row.coldCpuMs} cold (ratio ${row.cpuRatio}); ` +
      `two workers ${row.speedUp} times the jobs of one; a resting worker holds ${row.restingMegabytes} MB`,
    rows: [row],
  };
}

async function measure(bytes: Uint8Array, workers: number) {
  const server = await startServer({
    OFFICINA_SOFFICE_WORKERS: String(workers),
    OFFICINA_LOG_LEVEL: 'error',
  });
  const convert = async () => {
    const form = new FormData();
    form.set('document', new File([bytes as BlobPart], 'plain.docx'));
    form.set('output_options', '{"format":"pdf"}');
    const url = `${server.url}/writer/officeapi/v1/document/convert?apikey=${API_KEY}`;
    const started = performance.now();
    const answer = await fetch(url, { method: 'POST', body: form });
    if (!answer.ok) throw new Error(await answer.text());
    await answer.arrayBuffer();
    return performance.now() - started;
  };
  await Promise.all(Array.from({ length: workers }, convert));
  const before = usageBelow(server.pid);
  const started = performance.now();
  const walls: number[] = [];
  const worker = async () => {
    for (let at = 0; at < REPEATS; at += 1) walls.push(await convert());
  };
  await Promise.all(Array.from({ length: workers }, worker));
  const seconds = (performance.now() - started) / 1000;
  const after = usageBelow(server.pid);
  await server.stop();
  return {
    cpuMs: (after.officeCpuMs - before.officeCpuMs) / walls.length,
    wallMs: quantile(walls, 0.5),
    perSecond: walls.length / seconds,
    restingMegabytes: after.officeMegabytes / workers,
  };
}

function measureCold(bytes: Uint8Array) {
  const folder = mkdtempSync(join(tmpdir(), 'officina-cold-'));
  writeFileSync(join(folder, 'plain.docx'), bytes);
  const convert = () =>
    spawnSync(
      'soffice',
      [
        `-env:UserInstallation=file://${folder}/profile`,
        '--headless',
        '--convert-to',
        'pdf',
        '--outdir',
        folder,
        join(folder, 'plain.docx'),
      ],
      { stdio: 'ignore' },
    );
  // The first start makes the profile.
  convert();
  const started = performance.now();
  const before = childrenCpuMs();
  for (let at = 0; at < COLD_REPEATS; at += 1) convert();
  const cpuMs = (childrenCpuMs() - before) / COLD_REPEATS;
  const wallMs = (performance.now() - started) / COLD_REPEATS;
  rmSync(folder, { recursive: true, force: true });
  return { cpuMs, wallMs };
}

/** Linux counts in hundredths of a second. */
const TICK_MS = 10;

/** CPU of children that have ended. */
function childrenCpuMs(): number {
  const fields = statOf('self');
  return (Number(fields[13]) + Number(fields[14])) * TICK_MS;
}

/** What LibreOffice below the process has used, and holds. */
function usageBelow(pid: number): { officeCpuMs: number; officeMegabytes: number } {
  let officeCpuMs = 0;
  let officeMegabytes = 0;
  const visit = (id: string): void => {
    const fields = statOf(id);
    if (readFileSync(`/proc/${id}/comm`, 'utf8').startsWith('soffice')) {
      officeCpuMs += (Number(fields[11]) + Number(fields[12])) * TICK_MS;
      officeMegabytes += (Number(fields[21]) * 4096) / (1024 * 1024);
    }
    for (const thread of readdirSync(`/proc/${id}/task`)) {
      const children = readFileSync(`/proc/${id}/task/${thread}/children`, 'utf8').trim();
      for (const child of children.split(' ').filter(Boolean)) visit(child);
    }
  };
  visit(String(pid));
  return { officeCpuMs, officeMegabytes };
}

/** Fields of `stat` after the program's name, so that the third of the manual is the first here. */
function statOf(id: string): string[] {
  const text = readFileSync(`/proc/${id}/stat`, 'latin1');
  return text.slice(text.lastIndexOf(')') + 2).split(' ');
}
