import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as SDK from '@zoho-corp/office-integrator-sdk';
import { strFromU8, strToU8, unzipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findOffice } from '../../packages/server/src/convert/office/installation.js';
import { oldWriterDocument } from '../corpus/foreign-documents.js';
import { initializeSdk } from '../sdk/sdk-client.js';
import { API_KEY, type RunningServer, startServer } from './harness.js';

const WORDS = 'Bring bread and salt';
const PAGE = strToU8(
  `<html><head><title>Plan</title></head><body><h1>Plan</h1><p>${WORDS}.</p></body></html>`,
);

/** What a file says, by as little as its format allows; nothing of ours reads it. */
const READ: Readonly<Record<string, (bytes: Uint8Array) => string>> = {
  docx: (bytes) => partOf(bytes, 'word/document.xml'),
  zdoc: (bytes) => partOf(bytes, 'word/document.xml'),
  odt: (bytes) => partOf(bytes, 'content.xml'),
  zip: (bytes) => partOf(bytes, 'index.html'),
  html: strFromU8,
  txt: strFromU8,
  rtf: (bytes) =>
    Buffer.from(bytes)
      .toString('latin1')
      .replace(/\\[a-z]+-?\d* ?|[{}\r\n]/g, ''),
  doc: (bytes) => Buffer.from(bytes).toString('latin1') + Buffer.from(bytes).toString('utf16le'),
  pdf: (bytes) => (strFromU8(bytes.subarray(0, 5)) === '%PDF-' ? WORDS : ''),
};
const TYPES: Readonly<Record<string, string>> = {
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  zdoc: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  odt: 'application/vnd.oasis.opendocument.text',
  zip: 'application/zip',
  html: 'text/html; charset=utf-8',
  txt: 'text/plain; charset=utf-8',
  rtf: 'application/rtf',
  doc: 'application/msword',
  pdf: 'application/pdf',
};
const DECODED_BY_SDK = ['pdf', 'docx', 'doc', 'html', 'zip', 'zdoc'];

const folder = mkdtempSync(join(tmpdir(), 'officina-pairs-'));
let server: RunningServer;
let sdk: SDK.V1.V1Operations;
const sources = new Map<string, Uint8Array>([
  ['html', PAGE],
  ['txt', strToU8(`Plan\n${WORDS}.\n`)],
  ['sxw', oldWriterDocument(`${WORDS}.`)],
]);

beforeAll(async () => {
  server = await startServer();
  sdk = await initializeSdk(server.url, API_KEY);
  const makings = ['docx', 'doc', 'odt', 'rtf', 'pdf'].map(async (format) => {
    const { bytes } = await convert(PAGE, 'html', format);
    sources.set(format, bytes);
  });
  await Promise.all(makings);
});
afterAll(async () => {
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function convert(bytes: Uint8Array, source: string, format: string, password?: string) {
  const form = new FormData();
  form.set('document', new File([bytes as BlobPart], `plan.${source}`));
  form.set('output_options', JSON.stringify({ format, document_name: 'Plan' }));
  if (password !== undefined) form.set('password', password);
  const url = `${server.url}/writer/officeapi/v1/document/convert?apikey=${API_KEY}`;
  const response = await fetch(url, { method: 'POST', body: form });
  const body = new Uint8Array(await response.arrayBuffer());
  const refusal: { code?: number; message?: string; parameter_name?: string } = response.ok
    ? {}
    : JSON.parse(strFromU8(body));
  return { status: response.status, headers: response.headers, bytes: body, refusal };
}

async function convertBySdk(bytes: Uint8Array, source: string, format: string): Promise<SDK.Answer> {
  const options = new SDK.V1.DocumentConversionOutputOptions();
  options.setFormat(format);
  options.setDocumentName('Plan');
  const parameters = new SDK.V1.DocumentConversionParameters();
  // The client sends a file's name only when it reads the file itself.
  const path = join(folder, `plan-${source}-${format}.${source}`);
  writeFileSync(path, bytes);
  parameters.setDocument(new SDK.StreamWrapper(null, null, path));
  await parameters.setOutputOptions(options);
  return sdk.convertDocument(parameters);
}

function partOf(zip: Uint8Array, name: string): string {
  return strFromU8(unzipSync(zip)[name] ?? new Uint8Array());
}

const plain = (text: string): string => text.replace(/<[^>]+>|[^\p{L} ]/gu, '').replace(/ +/g, ' ');

describe('every format from every format', () => {
  for (const source of ['docx', 'doc', 'odt', 'rtf', 'txt', 'html', 'sxw', 'pdf']) {
    it(`[FO2] ${source} is made each of them, over plain HTTP`, async () => {
      const bytes = sources.get(source) ?? new Uint8Array();
      const pairs = Object.keys(READ).map(async (format) => {
        const made = await convert(bytes, source, format);
        const pair = `${source} to ${format}`;
        expect(made.status, `${pair}: ${made.refusal.message}`).toBe(200);
        expect(made.headers.get('content-type'), pair).toBe(TYPES[format]);
        expect(made.headers.get('content-disposition'), pair).toBe(`attachment; filename="Plan.${format}"`);
        expect(made.headers.get('content-length'), pair).toBe(String(made.bytes.length));
        expect(plain(READ[format]?.(made.bytes) ?? ''), pair).toContain(WORDS);
      });
      await Promise.all(pairs);
    });

    it(`[FO34] ${source} is made each that the official client decodes, by that client`, async () => {
      const bytes = sources.get(source) ?? new Uint8Array();
      for (const format of DECODED_BY_SDK) {
        const answer = await convertBySdk(bytes, source, format);
        const pair = `${source} to ${format}`;
        expect(answer.object, pair).toBeInstanceOf(SDK.V1.FileBodyWrapper);
        const file = (answer.object as SDK.V1.FileBodyWrapper).getFile();
        expect(file?.getName(), pair).toBe(`Plan.${format}`);
      }
    });
  }

  it('[FO2] nothing is made sxw, from nothing', async () => {
    for (const [source, bytes] of sources) {
      const { status, refusal } = await convert(bytes, source, 'sxw');
      expect([status, refusal.code], source).toEqual([400, 1852]);
    }
  });
});

const search = findOffice(process.env['OFFICINA_SOFFICE'] ?? null, process.env['PATH'] ?? '');

describe.runIf(search.found)('protected files', () => {
  /** The page as LibreOffice writes it under a password; our own server protects docx and pdf only. */
  function protect(format: string, filter: string): Uint8Array {
    if (!search.found) throw new Error('LibreOffice is not there.');
    const { python, program } = search.installation;
    const script = fileURLToPath(new URL('../corpus/protect.py', import.meta.url));
    const [from, to] = [join(folder, 'plan.docx'), join(folder, `plan.${format}`)];
    writeFileSync(from, sources.get('docx') ?? new Uint8Array());
    const { status, stderr } = spawnSync(python, [script, program, from, to, filter, 'sesame'], {
      cwd: folder,
    });
    if (status !== 0) throw new Error(String(stderr));
    return readFileSync(to);
  }

  for (const [format, filter] of [
    ['doc', 'MS Word 97'],
    ['odt', 'writer8'],
  ] as const) {
    it(`[FO22] a protected ${format} asks for its password, says when it is wrong, and opens`, async () => {
      const bytes = protect(format, filter);
      const without = await convert(bytes, format, 'txt');
      expect(without.refusal).toMatchObject({ code: 1831, parameter_name: 'password' });
      const wrong = await convert(bytes, format, 'txt', 'open');
      expect(wrong.refusal).toMatchObject({ code: 1831, parameter_name: 'password' });
      const opened = await convert(bytes, format, 'txt', 'sesame');
      expect(opened.status, opened.refusal.message).toBe(200);
      expect(strFromU8(opened.bytes)).toContain(WORDS);
    });
  }
});
