import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { strFromU8, unzipSync } from 'fflate';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { findOffice } from '../../packages/server/src/convert/office/installation.js';
import { OfficeConverter } from '../../packages/server/src/convert/office/office-converter.js';
import { writeProfile } from '../../packages/server/src/convert/office/profile.js';
import { systemClock, systemScheduler } from '../../packages/server/src/system-time.js';
import { macroDocuments } from '../corpus/macro-documents.js';
import { makeDocument } from '../corpus/make.js';
import { type ReachingDocument, reachingDocuments } from '../corpus/reaching-documents.js';
import { API_KEY, launchBrowser, startServer } from './harness.js';

/** The machine may be busy with other things. */
const PATIENCE_MS = 150_000;
const SECRET = 'Sesquipedalia';
const search = findOffice(process.env['OFFICINA_SOFFICE'] ?? null, process.env['PATH'] ?? '');
const folder = mkdtempSync(join(tmpdir(), 'officina-lures-'));
const lures = { textFile: join(folder, 'secret.txt'), pictureFile: join(folder, 'secret.png') };
const mark = join(folder, 'mark');
const asked: string[] = [];
let canary: Server;
let documents: ReachingDocument[];

beforeAll(async () => {
  writeFileSync(lures.textFile, `${SECRET}\n`);
  const picture = unzipSync(makeDocument('images'))['word/media/image1.png'];
  writeFileSync(lures.pictureFile, picture ?? new Uint8Array());
  canary = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    response.end();
  });
  await new Promise<void>((resolve) => canary.listen(0, '127.0.0.1', resolve));
  const server = `http://127.0.0.1:${(canary.address() as AddressInfo).port}`;
  documents = reachingDocuments({ ...lures, server, mark });
  if (search.found) documents.push(...macroDocuments(await plainDoc(), mark));
}, PATIENCE_MS);
afterEach(() => {
  asked.length = 0;
  for (const name of marks()) rmSync(join(folder, name));
});
afterAll(async () => {
  canary.closeAllConnections();
  await new Promise((resolve) => canary.close(resolve));
  rmSync(folder, { recursive: true, force: true });
});

/** What macros left behind. */
function marks(): string[] {
  return readdirSync(folder).filter((name) => name.startsWith('mark.'));
}

async function plainDoc(): Promise<Uint8Array> {
  const time = { clock: systemClock, scheduler: systemScheduler };
  const office = new OfficeConverter({ search, fonts: null, ...time, maxUploadBytes: 1e6, workers: 1 });
  try {
    return await office.fromDocx(makeDocument('plain'), 'doc');
  } finally {
    office.close();
  }
}

/** Opens these in a LibreOffice of the test's own, in whatever way the working folder asks for. */
async function openAll(work: string, those: readonly ReachingDocument[]): Promise<void> {
  if (!search.found) return;
  const { python, program } = search.installation;
  const paths = those.map(({ name, bytes }) => {
    const path = join(folder, name);
    writeFileSync(path, bytes);
    return path;
  });
  const script = fileURLToPath(new URL('../corpus/trusting-office.py', import.meta.url));
  const office = spawn(python, [script, program, ...paths], { cwd: work, stdio: 'inherit' });
  expect(await new Promise((resolve) => office.once('exit', resolve))).toBe(0);
}

async function convert(url: string, { name, bytes }: ReachingDocument, format: string): Promise<Uint8Array> {
  const form = new FormData();
  form.set('document', new File([bytes as BlobPart], name));
  form.set('output_options', JSON.stringify({ format }));
  const address = `${url}/writer/officeapi/v1/document/convert?apikey=${API_KEY}`;
  const response = await fetch(address, { method: 'POST', body: form });
  const answer = new Uint8Array(await response.arrayBuffer());
  expect(response.status, `${name} to ${format}: ${strFromU8(answer.subarray(0, 300))}`).toBe(200);
  return answer;
}

const FORMATS = ['odt', 'docx', 'txt', 'pdf'] as const;

/** Pictures and words of a file; of a pdf only what stands in it in the clear. */
function holdingsOf(bytes: Uint8Array): { pictures: string[]; text: string } {
  const isPackage = bytes[0] === 0x50 && bytes[1] === 0x4b;
  if (!isPackage) return { pictures: [], text: Buffer.from(bytes).toString('latin1') };
  const parts = Object.entries(unzipSync(bytes));
  return {
    pictures: parts.map(([name]) => name).filter((name) => /(?:^|\/)(?:Pictures|media)\/./.test(name)),
    text: parts.map(([, content]) => strFromU8(content)).join('\n'),
  };
}

describe.runIf(search.found)('documents that reach out', () => {
  it('would reach all of it in a LibreOffice that trusts them', async () => {
    const work = join(folder, 'trusting');
    mkdirSync(work);
    await openAll(work, documents);

    expect(marks().sort()).toEqual(['mark.macro.doc', 'mark.macro.docm', 'mark.macro.odt']);
    for (const lure of ['macro', 'odt-picture', 'odt-template', 'odt-object', 'docx-picture', 'sxw-picture'])
      expect(asked.join('\n')).toContain(`GET /${lure}`);
    expect(holdingsOf(readFileSync(join(folder, 'linking.odt.odt'))).text).toContain(SECRET);
  });

  it('[FO27] run no macro under the settings of the server, even where they are told of their opening', async () => {
    const work = join(folder, 'guarded');
    writeProfile(work, { fonts: null, cache: join(work, 'font-cache') });
    await openAll(
      work,
      documents.filter(({ name }) => name.startsWith('macro')),
    );

    expect(marks()).toEqual([]);
  });

  const without = { PATH: '', OFFICINA_SOFFICE: search.found ? search.installation.program : '' };
  for (const isSandboxed of search.found && search.installation.bwrap !== null ? [true, false] : [false]) {
    const title = isSandboxed ? 'in its sandbox' : 'where there is no sandbox';
    it(`[FO27] reach nothing in the server's LibreOffice ${title}: no macro, no link, no picture, no template, no file`, async () => {
      const server = await startServer(isSandboxed ? {} : without);
      try {
        const ready = (await (await fetch(`${server.url}/readyz`)).json()) as { libreOffice?: string };
        expect(ready.libreOffice?.startsWith('without a sandbox')).toBe(!isSandboxed);
        for (const document of documents) {
          const made = await Promise.all(FORMATS.map((format) => convert(server.url, document, format)));
          for (const [at, bytes] of made.entries()) {
            const pair = `${document.name} to ${FORMATS[at]}`;
            const { pictures, text } = holdingsOf(bytes);
            expect(text, pair).not.toContain(SECRET);
            expect(pictures, pair).toEqual([]);
          }
        }
      } finally {
        await server.stop();
      }

      expect(asked).toEqual([]);
      expect(marks()).toEqual([]);
    });
  }
});

it('[FO27] a document that names pictures and templates elsewhere is shown without asking for them', async () => {
  const [server, browser] = await Promise.all([startServer(), launchBrowser()]);
  const document = documents.find(({ name }) => name === 'linking.docx');
  const form = new FormData();
  form.set('document', new File([document?.bytes as BlobPart], 'linking.docx'));
  const answer = await fetch(`${server.url}/writer/officeapi/v1/document/preview?apikey=${API_KEY}`, {
    method: 'POST',
    body: form,
  });
  const { preview_url: url } = (await answer.json()) as { preview_url: string };
  const page = await browser.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  await page.goto(url);
  await page.getByText('before').first().waitFor();
  await page.waitForLoadState('networkidle');
  await Promise.all([browser.close(), server.stop()]);

  expect(asked).toEqual([]);
});
