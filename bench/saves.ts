import { createOfficina } from '@officina/client';
import { startTestPostgres } from '../packages/server/src/storage/postgres/test-postgres.js';
import { heavyDocument } from '../test/chaos/heavy-document.js';
import { Typist } from '../test/chaos/typist.js';
import { longDocument } from '../test/corpus/large-documents.js';
import { API_KEY, type RunningServer, startServer } from '../test/e2e/harness.js';
import { drainGraphile, drainOurs } from './_backlog.js';
import { pinApart } from './_cores.js';
import { startCountingReceiver } from './_counting-receiver.js';
import { cpuMs, quantile, residentMb, round } from './_figures.js';
import { waitedMs } from './rooms/proc.js';

const ROOMS = 100;
/** Between two words in a room. */
const EVERY_MS = 500;
const TYPING_MS = 20_000;
const SAVES = 40;
/** About fifteen pages. */
const CHAPTERS = 3;
const WAITING = 1_000;
const WAITING_BYTES = 5_000_000;
const BACKLOG = 10_000;

/**
 * What saving costs: how fast an edit is durable with a hundred rooms busy; a save of a dozen pages from its acceptance to
 * the application; a backlog of ten thousand built saves beside graphile-worker; memory while a thousand saves of 5 MB
 * wait. Options: names of the parts (`edits`, `saves`, `waiting`, `backlog`), by default all.
 */
export async function run(options: readonly string[]): Promise<{ summary: string; rows: object[] }> {
  const rows: object[] = [];
  const words: string[] = [];
  for (const part of PARTS) {
    if (options.length > 0 && !options.includes(part.name)) continue;
    const { row, summary } = await part.measure();
    rows.push({ part: part.name, ...row });
    words.push(summary);
  }
  return { summary: words.join('; '), rows };
}

const PARTS: readonly { name: string; measure(): Promise<{ row: object; summary: string }> }[] = [
  { name: 'edits', measure: measureEdits },
  { name: 'saves', measure: measureSaves },
  { name: 'waiting', measure: measureWaiting },
  { name: 'backlog', measure: measureBacklog },
];

async function measureEdits(): Promise<{ row: object; summary: string }> {
  const server = await startServer({ OFFICINA_LOG_LEVEL: 'warn' });
  const sent = new Map<string, number>();
  const times: number[] = [];
  const typists: Typist[] = [];
  for (let room = 0; room < ROOMS; room += 1) {
    const { sessionId } = await apiOf(server).openDocument({ documentId: `room-${room}` });
    typists.push(
      await Typist.join(server.url, sessionId, `room-${room}`, {
        onSafe: (token) => times.push(performance.now() - (sent.get(token) ?? Number.NaN)),
        onSave: () => {},
      }),
    );
  }
  const unpin = pinApart(server.pid);
  const before = { cpu: cpuMs(server.pid), waited: waitedMs(server.pid) };
  const end = performance.now() + TYPING_MS;
  await Promise.all(
    typists.map(async (typist, room) => {
      await pause((room / ROOMS) * EVERY_MS);
      for (let n = 0; performance.now() < end; n += 1) {
        const token = `(${room}.${n})`;
        sent.set(token, performance.now());
        typist.type(token);
        await pause(EVERY_MS);
      }
    }),
  );
  const used = cpuMs(server.pid) - before.cpu;
  const waited = waitedMs(server.pid) - before.waited;
  unpin?.();
  for (const typist of typists) typist.leave();
  const within50 = await shareOfAppends(server, '0.05');
  await server.stop();
  const row = {
    rooms: ROOMS,
    edits: times.length,
    editsPerSecond: round(times.length / (TYPING_MS / 1000), 0),
    p50Ms: round(quantile(times, 0.5)),
    p95Ms: round(quantile(times, 0.95)),
    // By the server's own clock: without what the load itself waited for.
    durableWithin50Ms: round(within50, 4),
    // Whether the machine had the time: the server's own, and what its event loop waited for a core, for each edit.
    cpuMsPerEdit: round(used / times.length, 2),
    waitedMsPerEdit: round(waited / times.length, 2),
    onOneCore: unpin !== null,
  };
  return {
    row,
    summary: `${round(100 * within50, 2)} % of edits are durable within 50 ms on the server (budget 95), and heard of in ${row.p95Ms} ms p95, with ${ROOMS} rooms and ${row.editsPerSecond} edits/s on one core; ${row.cpuMsPerEdit} ms of CPU for each, and ${row.waitedMsPerEdit} ms waited for a core`,
  };
}

/** Which share of the appends became durable within so many seconds, as the server counts them. */
async function shareOfAppends(server: RunningServer, withinSeconds: string): Promise<number> {
  const text = await (await fetch(`${server.url}/metrics`)).text();
  const read = (name: string) => {
    const line = text.split('\n').find((one) => one.startsWith(`officina_append_seconds_${name} `));
    return Number(line?.split(' ').at(-1));
  };
  return read(`bucket{le="${withinSeconds}"}`) / read('count');
}

async function measureSaves(): Promise<{ row: object; summary: string }> {
  const server = await startServer({ OFFICINA_LOG_LEVEL: 'warn' });
  const receiver = await startCountingReceiver();
  const { sessionId } = await apiOf(server).openDocument({
    document: { bytes: longDocument(CHAPTERS) as Uint8Array<ArrayBuffer>, fileName: 'twelve.docx' },
    callback: { saveUrl: receiver.url, format: 'docx', retries: 0, timeoutMs: 10_000 },
  });
  const acceptedAt = new Map<string, number>();
  const times: number[] = [];
  let heard = () => {};
  const typist = await Typist.join(server.url, sessionId, 'saver', {
    onSafe: () => {},
    onSave: (progress) => {
      if (progress.state === 'accepted') acceptedAt.set(progress.deliveryId, performance.now());
      if (progress.state !== 'delivered') return;
      times.push(performance.now() - (acceptedAt.get(progress.deliveryId) ?? Number.NaN));
      heard();
    },
  });
  for (let n = 0; n <= SAVES; n += 1) {
    const isDelivered = new Promise<void>((resolve) => {
      heard = resolve;
    });
    typist.type(`(save ${n})`);
    typist.save();
    await isDelivered;
  }
  typist.leave();
  receiver.close();
  await server.stop();
  // The first one starts the thread that builds.
  const warm = times.slice(1);
  const row = { saves: warm.length, p50Ms: round(quantile(warm, 0.5)), p95Ms: round(quantile(warm, 0.95)) };
  return {
    row,
    summary: `a save of fifteen pages is delivered ${row.p95Ms} ms p95 (budget 300) after its acceptance`,
  };
}

async function measureWaiting(): Promise<{ row: object; summary: string }> {
  const server = await startServer({ OFFICINA_LOG_LEVEL: 'warn' });
  const receiver = await startCountingReceiver();
  receiver.status = 503;
  const api = apiOf(server);
  const document = { bytes: heavyDocument(WAITING_BYTES), fileName: 'heavy.docx' };
  // One document, and for each save a target of its own, so that none takes the place of another.
  const open = async (n: number) =>
    await api.openDocument({
      ...(n === 0 ? { document } : {}),
      documentId: 'heavy',
      callback: { saveUrl: receiver.url, format: 'docx', retries: 0, timeoutMs: 60_000, params: { n } },
    });
  await open(0);
  const openedMb = residentMb(server.pid);
  /** After every hundred more that wait. */
  const residentMbs: number[] = [];
  for (let n = 1; n <= WAITING; n += 1) {
    const { sessionId } = await open(n);
    await api.save(sessionId, { force: true, wait: true });
    if (n % 100 === 0) residentMbs.push(round(residentMb(server.pid), 0));
  }
  let sendingMb = 0;
  receiver.onArrival(() => {
    sendingMb = Math.max(sendingMb, residentMb(server.pid));
  });
  receiver.status = 200;
  const isOver = receiver.reached(WAITING);
  // The first success wakes the host's others.
  const { sessionId } = await open(0);
  await api.save(sessionId, { force: true });
  await isOver;
  receiver.close();
  await server.stop();
  const row = {
    ...{ waiting: WAITING, openedMb: round(openedMb, 0), residentMbs, sendingMb: round(sendingMb, 0) },
    delivered: receiver.seen.size,
  };
  return {
    row,
    summary: `${row.openedMb} MB resident before, ${residentMbs[0]} MB with 100 and ${residentMbs.at(-1)} MB with ${WAITING} saves of 5 MB waiting, ${row.sendingMb} MB at most while they go out`,
  };
}

async function measureBacklog(): Promise<{ row: object; summary: string }> {
  // Every commit synced, as those of SQLite are.
  const postgres = await startTestPostgres({ isSynced: true });
  if (!postgres) throw new Error('PostgreSQL is not installed.');
  const peer = await drainGraphile(await postgres.createDatabase(), BACKLOG);
  const onPostgres = await drainOurs(await postgres.createDatabase(), BACKLOG);
  const onSqlite = await drainOurs(null, BACKLOG);
  await postgres.stop();
  const row = {
    backlog: BACKLOG,
    graphilePerSecond: round(BACKLOG / peer, 0),
    postgresPerSecond: round(BACKLOG / onPostgres, 0),
    sqlitePerSecond: round(BACKLOG / onSqlite, 0),
    postgresRatio: round(peer / onPostgres, 2),
    sqliteRatio: round(peer / onSqlite, 2),
  };
  return {
    row,
    summary: `${BACKLOG} deliveries at ${row.postgresPerSecond}/s on PostgreSQL (${row.postgresRatio} of graphile-worker, budget 1) and ${row.sqlitePerSecond}/s on SQLite (${row.sqliteRatio}, budget 3)`,
  };
}

function apiOf(server: RunningServer) {
  return createOfficina({ baseUrl: server.url, apiKey: API_KEY });
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
