import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { findOffice } from '../packages/server/src/convert/office/installation.js';
import { makeDocument } from '../test/corpus/make.js';
import { API_KEY, startServer } from '../test/e2e/harness.js';
import { quantile, round } from './_figures.js';

const ROUNDS = 6;
const JOBS_A_ROUND = 32;
const WARM_UP_JOBS = 100;

/**
 * Small docx → pdf, through the server and back: the CPU of everything below it against that of a cold `soffice --convert-to`, and the
 * jobs of two warm workers against those of one, each with one client that waits for it, and with one client more (`crowded`), where even
 * one worker leaves little of two cores. The crowded two stand against one plain LibreOffice that listens, as most servers keep one: it
 * goes from job to job without a pause, too. They take turns, so that other work on the machine slows all of them alike.
 */
export async function run(): Promise<{ summary: string; rows: object[] }> {
  const bytes = makeDocument('plain');
  const one = await warmServer(bytes, 1);
  const two = await warmServer(bytes, 2);
  const cold = coldOffice(bytes);
  const listener = await warmListener(bytes);
  const rounds: Record<'one' | 'two' | 'crowdedOne' | 'crowdedTwo' | 'cold' | 'listener', Turn>[] = [];
  for (let turn = 0; turn < ROUNDS; turn += 1) {
    rounds.push({
      ...{ one: await one.turn(), two: await two.turn(), cold: cold.turn() },
      ...{ crowdedOne: await one.turn(2), crowdedTwo: await two.turn(3), listener: await listener.turn() },
    });
  }
  const median = (digits: number, pick: (turns: (typeof rounds)[number]) => number) =>
    round(quantile(rounds.map(pick), 0.5), digits);
  const row = {
    warmCpuMs: median(0, (each) => each.one.cpuMs),
    coldCpuMs: median(0, (each) => each.cold.cpuMs),
    cpuRatio: median(3, (each) => each.one.cpuMs / each.cold.cpuMs),
    jobsPerSecondOne: median(1, (each) => each.one.perSecond),
    jobsPerSecondTwo: median(1, (each) => each.two.perSecond),
    speedUp: median(2, (each) => each.two.perSecond / each.one.perSecond),
    crowdedSpeedUp: median(2, (each) => each.crowdedTwo.perSecond / each.crowdedOne.perSecond),
    speedUpOverListener: median(2, (each) => each.crowdedTwo.perSecond / each.listener.perSecond),
    twoCpuMs: median(0, (each) => each.crowdedTwo.cpuMs),
    listenerCpuMs: median(0, (each) => each.listener.cpuMs),
    speedUps: rounds.map((each) => round(each.two.perSecond / each.one.perSecond, 2)),
    restingMegabytes: round(one.restingMegabytes(), 0),
  };
  await Promise.all([one.stop(), two.stop(), cold.stop(), listener.stop()]);
  return {
    summary:
      `docx to pdf warm ${row.warmCpuMs} ms CPU against ${row.coldCpuMs} cold (ratio ${row.cpuRatio}, budget 0.1); ` +
      `two workers ${row.speedUp} times the jobs of one (${row.crowdedSpeedUp} with a client more each), ` +
      `${row.speedUpOverListener} times those of a plain listener (wanted 1.7; CPU of a job ${row.twoCpuMs} ms against ${row.listenerCpuMs}); a resting worker holds ${row.restingMegabytes} MB`,
    rows: [row],
  };
}

interface Turn {
  /** Of one job. */
  cpuMs: number;
  perSecond: number;
}

async function warmServer(bytes: Uint8Array, workers: number) {
  const server = await startServer({
    OFFICINA_SOFFICE_WORKERS: String(workers),
    OFFICINA_LOG_LEVEL: 'error',
  });
  // Encoded once: what the client does is no part of the server's work, and takes time of the same cores.
  const form = new FormData();
  form.set('document', new File([bytes as BlobPart], 'plain.docx'));
  form.set('output_options', '{"format":"pdf"}');
  const encoded = new Response(form);
  const headers = { 'content-type': encoded.headers.get('content-type') ?? '' };
  const body = Buffer.from(await encoded.arrayBuffer());
  const url = `${server.url}/writer/officeapi/v1/document/convert?apikey=${API_KEY}`;
  const agent = new Agent({ keepAlive: true });
  const convert = () =>
    new Promise<void>((resolve, reject) => {
      const sent = request(url, { method: 'POST', headers, agent }, (answer) => {
        answer.resume();
        answer.once('error', reject);
        answer.once('end', () =>
          answer.statusCode === 200 ? resolve() : reject(new Error(`${answer.statusCode}`)),
        );
      });
      sent.once('error', reject);
      sent.end(body);
    });
  const work = async (clients: number, jobs = JOBS_A_ROUND): Promise<void> => {
    let left = jobs;
    const lane = async () => {
      for (; left > 0; ) {
        left -= 1;
        await convert();
      }
    };
    await Promise.all(Array.from({ length: clients }, lane));
  };
  // Until both the server and its workers have done enough to be as quick as they get.
  await work(workers + 1, WARM_UP_JOBS);
  return {
    async turn(clients = workers): Promise<Turn> {
      const before = usageBelow(server.pid).cpuMs;
      const started = performance.now();
      await work(clients);
      const seconds = (performance.now() - started) / 1000;
      return {
        cpuMs: (usageBelow(server.pid).cpuMs - before) / JOBS_A_ROUND,
        perSecond: JOBS_A_ROUND / seconds,
      };
    },
    restingMegabytes: () => usageBelow(server.pid).officeMegabytes / workers,
    stop: () => {
      agent.destroy();
      return server.stop();
    },
  };
}

/** One LibreOffice that listens and one client that gives it a file after the other, with no server before it. */
async function warmListener(bytes: Uint8Array) {
  const search = findOffice(process.env['OFFICINA_SOFFICE'] ?? null, process.env['PATH'] ?? '');
  if (!search.found) throw new Error(`The peer is missing: ${search.missing} (${search.install}).`);
  const { python, program } = search.installation;
  const folder = mkdtempSync(join(tmpdir(), 'officina-listener-'));
  const [source, target] = [join(folder, 'plain.docx'), join(folder, 'plain.pdf')];
  writeFileSync(source, bytes);
  const script = fileURLToPath(new URL('peers/listener.py', import.meta.url));
  const child = spawn(python, [script, program, source, target], {
    cwd: folder,
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, PYTHONPATH: fileURLToPath(new URL('../test/corpus', import.meta.url)) },
  });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const answers = createInterface(child.stdout)[Symbol.asyncIterator]();
  const work = async (jobs: number): Promise<void> => {
    child.stdin.write(`${jobs}\n`);
    if ((await answers.next()).done) throw new Error('The listener ended.');
  };
  await work(WARM_UP_JOBS);
  return {
    async turn(): Promise<Turn> {
      const before = usageBelow(child.pid ?? 0).cpuMs;
      const started = performance.now();
      await work(JOBS_A_ROUND);
      const seconds = (performance.now() - started) / 1000;
      return {
        cpuMs: (usageBelow(child.pid ?? 0).cpuMs - before) / JOBS_A_ROUND,
        perSecond: JOBS_A_ROUND / seconds,
      };
    },
    async stop() {
      child.stdin.end();
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function coldOffice(bytes: Uint8Array) {
  const folder = mkdtempSync(join(tmpdir(), 'officina-cold-'));
  const source = join(folder, 'plain.docx');
  writeFileSync(source, bytes);
  const words = [`-env:UserInstallation=file://${folder}/profile`, '--headless', '--convert-to', 'pdf'];
  const convert = () => spawnSync('soffice', [...words, '--outdir', folder, source], { stdio: 'ignore' });
  // The first start makes the profile.
  convert();
  return {
    turn(): Turn {
      const before = childrenCpuMs();
      const started = performance.now();
      convert();
      return {
        cpuMs: childrenCpuMs() - before,
        perSecond: 1000 / (performance.now() - started),
      };
    },
    stop: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Linux counts in hundredths of a second. */
const TICK_MS = 10;

/** CPU of children that have ended. */
function childrenCpuMs(): number {
  const fields = statOf('self');
  return (Number(fields[13]) + Number(fields[14])) * TICK_MS;
}

/** What the process and all below it have used, and what LibreOffice below it holds. */
function usageBelow(pid: number): { cpuMs: number; officeMegabytes: number } {
  let cpuMs = 0;
  let officeMegabytes = 0;
  const visit = (id: string): void => {
    const fields = statOf(id);
    cpuMs += [11, 12, 13, 14].reduce((sum, at) => sum + Number(fields[at]) * TICK_MS, 0);
    if (readFileSync(`/proc/${id}/comm`, 'utf8').startsWith('soffice'))
      officeMegabytes += (Number(fields[21]) * 4096) / (1024 * 1024);
    for (const thread of readdirSync(`/proc/${id}/task`)) {
      const children = readFileSync(`/proc/${id}/task/${thread}/children`, 'utf8').trim();
      for (const child of children.split(' ').filter(Boolean)) visit(child);
    }
  };
  visit(String(pid));
  return { cpuMs, officeMegabytes };
}

/** Fields of `stat` after the program's name, so that the third of the manual is the first here. */
function statOf(id: string): string[] {
  const text = readFileSync(`/proc/${id}/stat`, 'latin1');
  return text.slice(text.lastIndexOf(')') + 2).split(' ');
}
