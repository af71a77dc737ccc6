import { randomBytes } from 'node:crypto';
import { strToU8, unzipSync, zipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import { bigPicture, makeDocument } from '../corpus/make.js';
import { API_KEY, postDocument, type RunningServer, startServer } from './harness.js';

const MEGABYTE = 1024 * 1024;
const NOT_A_DOCUMENT = 1852;
const OVER_A_LIMIT = 1831;

/** Files that are no documents, or are made to hurt, and the code that says so. */
const REFUSED: Readonly<Record<string, () => Uint8Array>> = {
  'nothing at all': () => new Uint8Array(),
  'not a zip': () => randomBytes(20_000),
  'a truncated docx': () => makeDocument('three-hundred-pages').subarray(0, 30_000),
  'a zip without a document': () => zipSync({ 'readme.bin': randomBytes(100) }),
  'a zip bomb': () => withPart('word/bomb.xml', new Uint8Array(100 * MEGABYTE)),
  'a part with a DOCTYPE': () =>
    withPart(
      'word/document.xml',
      strToU8('<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>'),
    ),
  'a hundred thousand entries': () =>
    zipSync(
      Object.fromEntries(Array.from({ length: 100_000 }, (_, index) => [`e${index}`, new Uint8Array()])),
      { level: 0 },
    ),
  'XML nested too deep': () =>
    withPart('word/document.xml', strToU8(`${'<a>'.repeat(200_000)}${'</a>'.repeat(200_000)}`)),
  'a bare picture': () => unzipSync(makeDocument('images'))['word/media/image1.png'] ?? new Uint8Array(),
};

describe('files from outside', () => {
  let server: RunningServer;

  beforeAll(async () => {
    server = await startServer();
  });
  afterAll(() => server?.stop());

  for (const [name, make] of Object.entries(REFUSED)) {
    it(`refuses ${name} with a clear error, while a room goes on`, async () => {
      const room = await joinRoom(server);
      const [answer] = await Promise.all([upload(server, make()), room.answers(20)]);
      expect(answer).toMatchObject({ status: 400, body: { parameter_name: 'document' } });
      expect([NOT_A_DOCUMENT, OVER_A_LIMIT]).toContain((answer.body as { code: number }).code);
      room.close();
    });
  }

  it('opens a docx that holds a picture of 50 MB', async () => {
    const answer = await upload(server, bigPicture(50));
    expect(answer.status).toBe(200);
  });

  it('keeps nothing of what it refused, and is ready for more', async () => {
    const response = await fetch(`${server.url}/readyz`);
    expect(response.status).toBe(200);
    expect((await upload(server, makeDocument('plain'))).status).toBe(200);
  });
});

function withPart(name: string, bytes: Uint8Array): Uint8Array {
  return zipSync({ ...unzipSync(makeDocument('plain')), [name]: bytes }, { level: 6 });
}

async function upload(server: RunningServer, bytes: Uint8Array): Promise<{ status: number; body: unknown }> {
  const form = new FormData();
  form.set('document', new File([bytes as BlobPart], 'upload.docx'));
  const response = await fetch(`${server.url}/writer/officeapi/v1/documents?apikey=${API_KEY}`, {
    method: 'POST',
    body: form,
  });
  return { status: response.status, body: await response.json() };
}

/** Somebody at work in another document: `answers(n)` resolves when the room has answered n times in a row. */
async function joinRoom(
  server: RunningServer,
): Promise<{ answers(count: number): Promise<void>; close(): void }> {
  const { session_id: id } = await postDocument(server, {});
  const socket = new WebSocket(`${server.url.replace('http', 'ws')}/rooms/writer/${id}`);
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  socket.send(
    JSON.stringify([
      {
        t: 'hello',
        protocol: 1,
        client: randomBytes(8).toString('hex'),
        lastSequence: 0,
        epoch: 0,
        engine: '2.35.0',
      },
    ]),
  );
  const next = () =>
    new Promise<string>((resolve) => socket.once('message', (text) => resolve(String(text))));
  await next();
  return {
    async answers(count) {
      for (let done = 0; done < count; done++) {
        const answer = next();
        socket.send(JSON.stringify([{ t: 'ping' }]));
        expect(await answer).toContain('pong');
      }
    },
    close: () => socket.close(),
  };
}
