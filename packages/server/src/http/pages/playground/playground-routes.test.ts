import type { InjectOptions } from 'fastify';
import { afterEach, describe, expect, it } from 'vitest';
import { openSite, type Site, type SiteOptions } from '../test-site.js';

let site: Site | undefined;

afterEach(async () => {
  await site?.close();
  site = undefined;
});

async function setup(request: Partial<InjectOptions> = {}, options: SiteOptions = {}) {
  site ??= await openSite(options);
  return site.app.inject({ method: 'POST', url: '/playground/api/setup', ...request });
}

describe('the key rule', () => {
  it.each(['localhost', 'localhost:8080', '127.0.0.1:8080', '127.8.9.1', '[::1]:8080'])(
    'a local visitor who asks for %s sees the key',
    async (host) => {
      const answer = await setup({ headers: { host } });
      expect(answer.json()).toMatchObject({ state: 'ready', apiKey: 'secret-key' });
      expect(answer.headers['cache-control']).toBe('no-store');
    },
  );

  it.each([
    'evil.example',
    'localhost.evil.example',
    '127.0.0.1.evil.example',
    'evil.example:80@localhost',
    'localhost, evil.example',
    'localhost:8080:80',
    'localhost/',
    '2130706433',
    '0x7f.0.0.1',
    '127.1',
    '127.0.0.01',
    '0.0.0.0',
    '[::]',
    '[::ffff:127.0.0.1]',
    'localhost.',
    ' ',
  ])('a local visitor who asks for "%s" does not', async (host) => {
    const answer = await setup({ headers: { host } });
    expect(answer.statusCode).toBe(403);
    expect(answer.body).not.toContain('secret-key');
  });

  it.each(['203.0.113.9', '10.0.0.4', '192.168.1.7', '::ffff:10.0.0.4', 'fe80::1'])(
    'a visitor from %s does not, whatever the Host header says',
    async (remoteAddress) => {
      const answer = await setup({ remoteAddress, headers: { host: 'localhost:8080' } });
      expect(answer.statusCode).toBe(403);
    },
  );

  it.each([
    ['x-forwarded-for', '127.0.0.1'],
    ['x-forwarded-host', 'localhost'],
    ['forwarded', 'for=127.0.0.1'],
    ['via', '1.1 proxy'],
    ['x-real-ip', '127.0.0.1'],
  ])('a request that passed a proxy (%s) does not', async (name, value) => {
    expect((await setup({ headers: { host: 'localhost', [name]: value } })).statusCode).toBe(403);
  });

  it.each([
    { origin: 'https://office.example' },
    { origin: 'null' },
    { origin: 'https://localhost:8080' },
    { origin: 'http://localhost:9090' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
  ])('a page of another origin does not: %o', async (headers) => {
    const answer = await setup({ headers: { host: 'localhost:8080', ...headers } });
    expect(answer.statusCode).toBe(403);
  });

  it('our own page in a browser does', async () => {
    const headers = {
      host: 'localhost:8080',
      origin: 'http://localhost:8080',
      'sec-fetch-site': 'same-origin',
    };
    expect((await setup({ headers })).statusCode).toBe(200);
  });

  it('nobody does on a server with a public address, but for its operator', async () => {
    expect((await setup({}, { publicUrl: 'https://office.example' })).statusCode).toBe(403);
    await site?.close();
    site = await openSite({ publicUrl: 'https://office.example', isOperator: true });
    expect((await setup({ remoteAddress: '203.0.113.9' })).json()).toMatchObject({ apiKey: 'secret-key' });
  });

  it('a server that knows no key in clear says so', async () => {
    const answer = await setup({}, { apiKey: null });
    expect(answer.statusCode).toBe(503);
    expect(answer.json()).toEqual({ state: 'keyless' });
  });
});

describe('the built-in receiver', () => {
  it('takes a saved file, lists it and hands it out', async () => {
    site = await openSite();
    const { token, url } = site.receiver.open();

    const saved = await post(url, multipart({ filename: 'Plan', $version: '3' }, 'PK docx'));
    const { arrivals } = (await site.app.inject(`/playground/api/receivers/${token}/arrivals`)).json();
    const file = await site.app.inject(`/playground/api/receivers/${token}/arrivals/${arrivals[0].id}/file`);

    expect(saved.json()).toEqual({ message: 'The playground has received the document' });
    expect(arrivals).toEqual([
      expect.objectContaining({
        method: 'POST',
        problem: null,
        fields: [
          ['filename', 'Plan'],
          ['$version', '3'],
        ],
        file: {
          partName: 'content',
          fileName: 'Plan.docx',
          mediaType: 'application/x-docx',
          size: 7,
          isKept: true,
        },
      }),
    ]);
    expect(arrivals[0].headers).toContainEqual(['x-delivery', 'd-1']);
    expect(file.body).toBe('PK docx');
    expect(file.headers['content-disposition']).toContain('attachment; filename="Plan.docx"');
  });

  it('takes PUT as well', async () => {
    site = await openSite();
    const { url } = site.receiver.open();
    expect((await post(url, multipart({}, 'x'), 'PUT')).statusCode).toBe(200);
  });

  it('says what was wrong with a body that is no form', async () => {
    site = await openSite();
    const { token, url } = site.receiver.open();
    const answer = await post(url, { type: 'text/plain', body: 'hello' });
    expect(answer.statusCode).toBe(400);
    expect(site.receiver.list(token)[0]?.problem).toContain('5 bytes of “text/plain”');
  });

  it('refuses what is too large with 413', async () => {
    site = await openSite();
    const { url } = site.receiver.open();
    expect((await post(url, multipart({}, 'x'.repeat(1_200_000)))).statusCode).toBe(413);
  });

  it('exists only at addresses that it gave out', async () => {
    site = await openSite();
    const { token } = site.receiver.open();
    const forged = `${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`;
    for (const wrong of [forged, 'x', token.slice(0, 22)]) {
      const answer = await post(`http://127.0.0.1:8080/playground/callback/${wrong}`, multipart({}, 'x'));
      expect(answer.statusCode).toBe(404);
      expect((await site.app.inject(`/playground/api/receivers/${wrong}/arrivals`)).statusCode).toBe(404);
      expect((await site.app.inject(`/playground/api/receivers/${wrong}/events`)).statusCode).toBe(404);
    }
  });

  it('owns its addresses to the letter and nothing beside them', async () => {
    site = await openSite();
    const { receiver } = site;
    const { url } = receiver.open();
    expect(receiver.owns(url)).toBe(true);
    for (const other of [
      `${url}?x=1`,
      `${url}/`,
      `${url}#a`,
      url.replace('http:', 'https:'),
      url.replace('127.0.0.1', 'localhost'),
      url.replace('8080', '8081'),
      url.replace('/playground/', '//playground/'),
      url.replace('http://', 'http://user@'),
      'http://127.0.0.1:8080/playground/callback/',
    ]) {
      expect(receiver.owns(other)).toBe(false);
    }
  });

  it('tells a listening page of each arrival, and stops with the server', async () => {
    site = await openSite();
    const { token, url } = site.receiver.open();
    const origin = await site.app.listen({ host: '127.0.0.1', port: 0 });
    const stream = await fetch(`${origin}/playground/api/receivers/${token}/events`);
    const reader = stream.body?.pipeThrough(new TextDecoderStream()).getReader();
    expect((await reader?.read())?.value).toContain(': listening');

    await post(url, multipart({}, 'PK'));
    expect((await reader?.read())?.value).toContain('"fileName":"Plan.docx"');

    await site.app.close();
    expect((await reader?.read())?.done).toBe(true);
  });
});

function post(url: string, form: { type: string; body: string }, method: 'POST' | 'PUT' = 'POST') {
  if (!site) throw new Error('no site');
  return site.app.inject({
    method,
    url: new URL(url).pathname,
    headers: { 'content-type': form.type, 'x-delivery': 'd-1' },
    payload: form.body,
  });
}

function multipart(fields: Record<string, string>, file: string): { type: string; body: string } {
  const parts = Object.entries(fields).map(
    ([name, value]) => `--b\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  );
  const content = `--b\r\nContent-Disposition: form-data; name="content"; filename="Plan.docx"\r\nContent-Type: application/x-docx\r\n\r\n${file}\r\n`;
  return { type: 'multipart/form-data; boundary=b', body: `${parts.join('')}${content}--b--\r\n` };
}
