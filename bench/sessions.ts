import { Agent, request } from 'node:http';
import { threeHundredPages } from '../test/corpus/large-documents.js';
import { API_KEY, postDocument, type RunningServer, startServer } from '../test/e2e/harness.js';
import { pinApart } from './_cores.js';
import { cpuMs, quantile, residentMb, round } from './_figures.js';
import { addSessions } from './_many-sessions.js';

const WARM_UP = 200;
const COUNT = 2000;
const CONCURRENCY = 16;
const LISTED = 1000;
const LISTINGS = 100;
const OTHERS = 100_000;
const IMPORTS = 3;
/** What the metrics measure is the time between two ticks of this length. */
const MEASURED_EVERY_MS = 10;

/**
 * Session creation without a file, server and load on a core each: CPU of the server per creation, rate and p99; a list of a
 * thousand sessions, by itself and among a hundred thousand others; how long the event loop stands still while a 300-page
 * docx comes in; idle memory; time of a second start.
 */
export async function run(): Promise<{ summary: string; rows: object[] }> {
  const server = await startServer({ OFFICINA_LOG_LEVEL: 'warn' });
  const idleMb = residentMb(server.pid);
  const unpin = pinApart(server.pid);
  await create(server.url, WARM_UP);
  const cpuBefore = cpuMs(server.pid);
  const started = performance.now();
  const latencies = await create(server.url, COUNT);
  const seconds = (performance.now() - started) / 1000;
  const cpuPerCreation = (cpuMs(server.pid) - cpuBefore) / COUNT;
  const loadedMb = residentMb(server.pid);
  unpin?.();

  const list = await listThousand(server);
  const among = await listAmongOthers();
  const longestStopMs = await importLarge(server);

  const restarted = performance.now();
  await server.restart();
  const restartMs = performance.now() - restarted;
  await server.stop();

  const row = {
    idleMb: round(idleMb),
    loadedMb: round(loadedMb),
    cpuMsPerCreation: round(cpuPerCreation, 2),
    creationsPerSecond: round(COUNT / seconds, 0),
    p50Ms: round(quantile(latencies, 0.5)),
    p99Ms: round(quantile(latencies, 0.99)),
    listCpuMs: round(list.cpuMs),
    listMb: round(list.grownMb),
    listAmongOthersCpuMs: round(among.cpuMs),
    listAmongOthersMb: round(among.grownMb),
    onOneCore: unpin !== null,
    longestStopMs: round(longestStopMs),
    restartMs: round(restartMs, 0),
  };
  return {
    summary: `${row.cpuMsPerCreation} ms CPU per creation (budget 3), ${row.creationsPerSecond}/s (budget 500), p99 ${row.p99Ms} ms; list of ${LISTED} ${row.listCpuMs} ms CPU, among ${OTHERS} others ${row.listAmongOthersCpuMs} (budget 10); event loop held up ${row.longestStopMs} ms while 300 pages come in (budget 20); idle ${row.idleMb} MB (budget 150), stop and second start ${row.restartMs} ms (budget 2000)`,
    rows: [row],
  };
}

async function create(url: string, count: number): Promise<number[]> {
  const latencies: number[] = [];
  let left = count;
  const agent = new Agent({ keepAlive: true });
  const person = async () => {
    while (left-- > 0) {
      const started = performance.now();
      await post(`${url}/writer/officeapi/v1/documents?apikey=${API_KEY}`, agent);
      latencies.push(performance.now() - started);
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, person));
  agent.destroy();
  return latencies;
}

/** Less work for the load's own core than `fetch`. */
function post(url: string, agent: Agent): Promise<void> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: 'POST', agent, headers: { 'content-length': 0 } }, (response) => {
      response.resume();
      response.on('end', () => {
        if (response.statusCode === 200) resolve();
        else reject(new Error(`A creation was answered ${response.statusCode}.`));
      });
    });
    sent.on('error', reject);
    sent.end();
  });
}

const LISTED_DOCUMENT = {
  document_info: { document_id: 'listed' },
  callback_settings: { save_format: 'docx', save_url: 'https://app.example/save' },
};

interface ListFigures {
  /** Of the server, per list. */
  cpuMs: number;
  /** By how much its memory grew over all of them. */
  grownMb: number;
}

async function listThousand(server: RunningServer): Promise<ListFigures> {
  for (let made = 0; made < LISTED; made += 1) await postDocument(server, LISTED_DOCUMENT);
  return measureList(server);
}

async function listAmongOthers(): Promise<ListFigures> {
  const server = await startServer({ OFFICINA_LOG_LEVEL: 'warn' });
  await postDocument(server, LISTED_DOCUMENT);
  addSessions(server.dataFolder, LISTED, OTHERS);
  const figures = await measureList(server);
  await server.stop();
  return figures;
}

async function measureList(server: RunningServer): Promise<ListFigures> {
  const list = async () => {
    const url = `${server.url}/writer/officeapi/v1/documents/listed/sessions?apikey=${API_KEY}`;
    const { sessions } = (await (await fetch(url)).json()) as { sessions: unknown[] };
    if (sessions.length !== LISTED) throw new Error(`The list has ${sessions.length} sessions.`);
  };
  for (let warm = 0; warm < LISTINGS / 5; warm += 1) await list();
  const cpuBefore = cpuMs(server.pid);
  const mbBefore = residentMb(server.pid);
  for (let listing = 0; listing < LISTINGS; listing += 1) await list();
  return {
    cpuMs: (cpuMs(server.pid) - cpuBefore) / LISTINGS,
    grownMb: residentMb(server.pid) - mbBefore,
  };
}

/** The longest that the server's event loop stood still while a large file was received and imported, in milliseconds. */
async function importLarge(server: RunningServer): Promise<number> {
  const file = { bytes: threeHundredPages(), name: 'long.docx' };
  // The first one starts the process that reads files and warms what it runs through.
  await postDocument(server, {}, file);
  const stops: number[] = [];
  for (let time = 0; time < IMPORTS; time += 1) {
    await longestStop(server);
    await postDocument(server, {}, file);
    stops.push(await longestStop(server));
  }
  // The machine itself may stand still in one of them.
  return Math.min(...stops);
}

/** As the server's metrics have it (`monitorEventLoopDelay` of Node); reading begins another measurement. */
async function longestStop(server: RunningServer): Promise<number> {
  const metrics = await (await fetch(`${server.url}/metrics`)).text();
  const seconds = /^nodejs_eventloop_lag_max_seconds (\S+)$/m.exec(metrics)?.[1];
  if (seconds === undefined) throw new Error('The metrics do not tell the delay of the event loop.');
  return Number(seconds) * 1000 - MEASURED_EVERY_MS;
}
