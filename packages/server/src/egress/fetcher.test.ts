import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import type { AppError } from '@officina/protocol';
import { afterEach, describe, expect, it } from 'vitest';
import { VirtualTime } from '../domain/saving/testing/virtual-time.js';
import { createEgressPolicy } from './egress-policy.js';
import { createFetcher } from './fetcher.js';

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

async function aSource(answer: (response: ServerResponse) => void): Promise<string> {
  const server = createServer((_request, response) => answer(response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function aFetcher(loopback = true) {
  const time = new VirtualTime(0);
  const guard = createEgressPolicy({ allow: [], loopback, clock: time.clock });
  return createFetcher({ guard, clock: time.clock, scheduler: time, maxBytes: 1_000 });
}

const codeOf = (error: AppError) => error.code;

describe('fetcher', () => {
  it('[SA29] brings the bytes with name and media type', async () => {
    const origin = await aSource((response) =>
      response.writeHead(200, { 'content-type': 'Text/Plain; charset=utf-8' }).end('hello'),
    );

    const fetched = await aFetcher().fetch(`${origin}/a/my%20letter.txt?x=1`, []);

    expect({ ...fetched, bytes: Buffer.from(fetched.bytes).toString() }).toEqual({
      bytes: 'hello',
      fileName: 'my letter.txt',
      mediaType: 'text/plain',
    });
  });

  it('[SA29] the name that the answer gives wins over the one in the url', async () => {
    const origin = await aSource((response) =>
      response.writeHead(200, { 'content-disposition': 'attachment; filename="../real.docx"' }).end('x'),
    );

    expect((await aFetcher().fetch(`${origin}/other`, [])).fileName).toBe('real.docx');
  });

  it.each([
    [
      'a file over the limit',
      'upload_too_large',
      (response: ServerResponse) => response.end('x'.repeat(1_001)),
    ],
    [
      'a small file that inflates over the limit',
      'upload_too_large',
      (response: ServerResponse) =>
        response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(Buffer.alloc(100_000))),
    ],
    [
      'a missing file',
      'parameter_value_invalid',
      (response: ServerResponse) => response.writeHead(404).end(),
    ],
    ['an empty file', 'parameter_value_invalid', (response: ServerResponse) => response.end()],
    [
      'a redirect inside',
      'egress_refused',
      (response: ServerResponse) => response.writeHead(302, { location: 'http://10.0.0.1/' }).end(),
    ],
  ])('[SA29] %s is refused as %s', async (_what, code, answer) => {
    const origin = await aSource((response) => void answer(response));

    expect(await aFetcher().fetch(origin, []).catch(codeOf)).toBe(code);
  });

  it('[SA29] an address that may not be reached is refused', async () => {
    expect(await aFetcher(false).fetch('http://127.0.0.1:4000/', []).catch(codeOf)).toBe('egress_refused');
    expect(await aFetcher().fetch('nonsense', []).catch(codeOf)).toBe('parameter_value_invalid');
  });

  it('[SA29] what was compressed on the way is opened within the limit', async () => {
    const origin = await aSource((response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('hello')),
    );

    expect(Buffer.from((await aFetcher().fetch(origin, [])).bytes).toString()).toBe('hello');
  });
});
