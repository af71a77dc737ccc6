import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type HostileFile, hostileFiles } from '../corpus/hostile-files.js';
import { makeDocument } from '../corpus/make.js';
import { API_KEY, type RunningServer, startServer } from './harness.js';

const SEED = 20_261;
const FILES = 200;
const WORKERS = 2;
/** More than there are workers, so that hostile files meet in the queue and no worker rests. */
const LANES = WORKERS * 2;
const HONEST_EVERY = 10;
const MEGABYTE = 1024 * 1024;
/** What the server itself may have held at its worst; LibreOffice and the reader of files are bounded by their own watchdogs. */
const SERVER_PEAK_BYTES = 900 * MEGABYTE;
/** Over a limit, a format that cannot be read, a name that does not fit the content. */
const CLEAR_CODES: readonly unknown[] = [1831, 1852, 1859];

/** A file that LibreOffice reads may still break it while it is written. */
const BLAMED: readonly unknown[] = ['document', 'output_options'];

/** The server's folder for everything of a moment: whatever LibreOffice it starts works below this. */
const folder = mkdtempSync(join(tmpdir(), 'officina-hostile-'));
let server: RunningServer;

beforeAll(async () => {
  server = await startServer({ OFFICINA_SOFFICE_WORKERS: String(WORKERS), TMPDIR: folder });
});
afterAll(async () => {
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

interface Outcome {
  status: number;
  bytes: Uint8Array;
  refusal: { code?: number; message?: string; parameter_name?: string };
}

async function convert({ name, make }: HostileFile, format: string): Promise<Outcome> {
  const form = new FormData();
  form.set('document', new File([make() as BlobPart], name));
  form.set('output_options', JSON.stringify({ format }));
  const url = `${server.url}/writer/officeapi/v1/document/convert?apikey=${API_KEY}`;
  const response = await fetch(url, { method: 'POST', body: form }).catch((cause: unknown) => {
    throw new Error(`${name} got no answer; the server says: ${server.output().slice(-500)}`, { cause });
  });
  const bytes = new Uint8Array(await response.arrayBuffer());
  const refusal = response.ok ? {} : JSON.parse(Buffer.from(bytes).toString('utf8'));
  return { status: response.status, bytes, refusal };
}

const HONEST: HostileFile = { name: 'plain.docx', make: () => makeDocument('plain') };

async function made(format: string): Promise<Uint8Array> {
  const { status, bytes, refusal } = await convert(HONEST, format);
  expect(status, `${format} ${refusal.message}`).toBe(200);
  return bytes;
}

it('[FO29] two hundred hostile files in a row harm nobody: clear codes, honest work beside them, a sound pool after', async () => {
  const honest = {
    ...{ doc: await made('doc'), odt: await made('odt'), rtf: await made('rtf'), pdf: await made('pdf') },
  };
  const files = hostileFiles(honest, SEED);
  const outcomes: { name: string; code: number; ms: number }[] = [];
  const unclear: string[] = [];
  const harmed: string[] = [];

  const queue = [...files.entries()];
  const lane = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const [at, file] = next;
      const started = performance.now();
      const [{ status, refusal }, beside] = await Promise.all([
        convert(file, 'pdf'),
        at % HONEST_EVERY === 0 ? convert(HONEST, 'pdf') : null,
      ]);
      outcomes.push({ name: file.name, code: refusal.code ?? status, ms: performance.now() - started });
      const isClear = CLEAR_CODES.includes(refusal.code) && BLAMED.includes(refusal.parameter_name);
      if (status !== 200 && !isClear) unclear.push(`${file.name}: ${status} ${JSON.stringify(refusal)}`);
      if (beside && beside.status !== 200) harmed.push(`${file.name}: ${beside.refusal.message}`);
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));

  const converted = outcomes.filter(({ code }) => code === 200).length;
  const slowest = outcomes.toSorted((a, b) => b.ms - a.ms).slice(0, 5);
  console.log(
    `hostile: ${files.length} files (seed ${SEED}), ${converted} converted, ${files.length - converted} refused; ` +
      `server peak ${Math.round(peakBytes(server.pid) / MEGABYTE)} MB; slowest ` +
      slowest.map(({ name, ms, code }) => `${name} ${Math.round(ms)} ms (${code})`).join(', '),
  );
  expect(outcomes).toHaveLength(FILES);
  expect(unclear).toEqual([]);
  expect(harmed).toEqual([]);
  expect(peakBytes(server.pid)).toBeLessThan(SERVER_PEAK_BYTES);

  const after = await Promise.all([made('pdf'), made('odt'), made('txt')]);
  expect(after.every((bytes) => bytes.length > 0)).toBe(true);
  expect((await fetch(`${server.url}/readyz`)).status).toBe(200);
  expect(officesBelow(folder).length).toBeLessThanOrEqual(WORKERS);
  const left = readdirSync(folder).filter((name) => name.startsWith('officina-office-'));
  expect(left.length).toBeLessThanOrEqual(WORKERS);

  await server.stop();
  expect(officesBelow(folder)).toEqual([]);
  expect(readdirSync(folder)).toEqual([]);
}, 600_000);

/** Every LibreOffice on this machine that works below the folder, whosever child it is (Linux). */
function officesBelow(path: string): string[] {
  return readdirSync('/proc').filter((pid) => {
    if (!/^\d+$/.test(pid)) return false;
    try {
      if (!readFileSync(`/proc/${pid}/comm`, 'utf8').startsWith('soffice')) return false;
      // In the sandbox the folder has another name, and the list of what is mounted there tells it.
      return ['cmdline', 'mountinfo'].some((name) =>
        readFileSync(`/proc/${pid}/${name}`, 'utf8').includes(path),
      );
    } catch {
      // It ended while it was looked at.
      return false;
    }
  });
}

/** The most that a process ever held (Linux). */
function peakBytes(pid: number): number {
  const line = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return Number(line?.[1] ?? 0) * 1024;
}
