import { afterEach, describe, expect, it } from 'vitest';
import { openSite, type Site, type SiteOptions } from './test-site.js';

const API = '/writer/officeapi/v1';
let site: Site | undefined;

async function get(url: string, options: SiteOptions = {}, headers: Record<string, string> = {}) {
  site ??= await openSite(options);
  return site.app.inject({ url, headers });
}

afterEach(async () => {
  await site?.close();
  site = undefined;
});

describe('session pages', () => {
  it.each(['documents/s1/edit', 'documents/s1/open', 'document/s1/edit', 'document/s1/open'])(
    'the editor answers at %s',
    async (address) => {
      const answer = await get(`${API}/${address}`);
      expect(answer.statusCode).toBe(200);
      expect(answer.body).toContain('src="/assets/editor-CCCCDDDD.js"');
      expect(site?.opened).toEqual(['s1']);
    },
  );

  it.each(['documents/s1/preview', 'document/s1/preview'])('the viewer answers at %s', async (address) => {
    expect((await get(`${API}/${address}`)).body).toContain('src="/assets/viewer-CCCCDDDD.js"');
  });

  it('a session for reading gets the viewer at the editor address too', async () => {
    const answer = await get(`${API}/documents/s1/edit`, { session: { mode: 'preview' } });
    expect(answer.body).toContain('viewer-CCCCDDDD.js');
  });

  it('the shell names scripts, styles and preloads of the build, styles of shared code first', async () => {
    const { body } = await get(`${API}/documents/s1/edit`);
    expect(body).toContain('<link rel="modulepreload" href="/assets/shared-DkX92kAb.js"');
    expect(body).toMatch(
      /<link rel="preload" as="script" crossorigin href="\/assets\/heavy-GGGGHHHH\.js"[^>]* fetchpriority="low">/,
    );
    expect(body.match(/shared-DkX92kAb\.js/g)).toHaveLength(1);
    expect(body.indexOf('shared-AAAABBBB.css')).toBeLessThan(body.indexOf('editor-EEEEFFFF.css'));
  });

  it('the boot values are readable by the page and cannot break out of their element', async () => {
    const name = '</script><script>alert(1)</script><!-- \u2028';
    const { body } = await get(`${API}/documents/s1/edit`, { documentName: name });
    const json = /id="officina-boot"[^>]*>(.*?)<\/script>/s.exec(body)?.[1] ?? '';
    expect(JSON.parse(json)).toMatchObject({
      sessionId: 's1',
      documentName: name,
      roomPath: '/rooms/writer/s1',
      downloadPath: `${API}/documents/s1/download`,
      contentPath: `${API}/documents/s1/content`,
      canSave: false,
      person: { userId: '123', displayName: 'Amelia', color: expect.stringMatching(/^#[0-9a-f]{6}$/) },
    });
    expect(body).not.toContain('alert(1)</script>');
  });

  it('paths carry the path of the public URL', async () => {
    const { body } = await get(`${API}/documents/s1/edit`, { publicUrl: 'https://example.org/office' });
    expect(body).toContain('src="/office/assets/editor-CCCCDDDD.js"');
    expect(body).toContain('"roomPath":"/office/rooms/writer/s1"');
  });

  it('every script and style carries a nonce that is new for every answer', async () => {
    const first = await get(`${API}/documents/s1/edit`);
    const second = await get(`${API}/documents/s1/edit`);
    const nonceOf = (policy: unknown) => /'nonce-([^']+)'/.exec(String(policy))?.[1] ?? '';
    const nonce = nonceOf(first.headers['content-security-policy']);
    expect(nonce).not.toBe(nonceOf(second.headers['content-security-policy']));
    const inline = first.body.match(/<(?:script|style)[^>]*>/g) ?? [];
    expect(inline.length).toBeGreaterThan(2);
    for (const tag of inline) expect(tag).toContain(`nonce="${nonce}"`);
  });

  it('headers keep the address private, the type fixed and the page out of stores', async () => {
    const { headers } = await get(`${API}/documents/s1/edit`);
    expect(headers).toMatchObject({
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
    });
    expect(headers['permissions-policy']).toContain('camera=()');
    expect(headers).not.toHaveProperty('set-cookie');
    expect(headers).not.toHaveProperty('x-frame-options');
  });

  it('anybody may frame a session page until the key lists its sites', async () => {
    const { headers } = await get(`${API}/documents/s1/edit`);
    expect(headers['content-security-policy']).toContain('frame-ancestors *');
  });

  it('only the sites that the key lists may frame a session page', async () => {
    const { headers } = await get(`${API}/documents/s1/edit`, { allowedOrigins: ['https://app.example'] });
    expect(headers['content-security-policy']).toMatch(/frame-ancestors 'self' https:\/\/app\.example$/);
  });

  it.each([
    ['deleted', { state: 'deleted' }, 410, 'This session has ended'],
    ['expired', { state: 'expired' }, 410, 'This session has expired'],
    ['past its time', { expiresAt: 1 }, 410, 'This session has expired'],
  ] as const)('a session that is %s says so', async (_what, session, status, title) => {
    for (const part of ['edit', 'preview', 'content', 'download']) {
      const answer = await get(`${API}/documents/s1/${part}`, { session });
      expect(answer.statusCode).toBe(status);
      expect(answer.body).toContain(`<h1>${title}</h1>`);
    }
  });

  it('an unknown session is a 404, however long or odd its id', async () => {
    for (const id of ['nobody', 'f'.repeat(300), '%00', '..%2f..%2fetc']) {
      const answer = await get(`${API}/documents/${id}/edit`);
      expect(answer.statusCode).toBe(404);
    }
  });

  it('a failure of ours shows no cause', async () => {
    const answer = await get(`${API}/documents/s1/edit`, { openFails: new Error('secret path /srv/x') });
    expect(answer.statusCode).toBe(500);
    expect(answer.body).toContain('Something went wrong');
    expect(answer.body).not.toContain('secret');
  });

  it('pages that are not built say how to build them', async () => {
    const answer = await get(`${API}/documents/s1/edit`, { isBuilt: false });
    expect(answer.statusCode).toBe(503);
    expect(answer.body).toContain('npm start');
  });
});

describe('document bytes', () => {
  it('the viewer gets them without a permission to download, and once only while nothing changes', async () => {
    const session = { permissions: { 'document.export': false } as never };
    const first = await get(`${API}/documents/s1/content`, { session });
    expect(first.body).toBe('docx bytes');
    const again = await get(
      `${API}/documents/s1/content`,
      {},
      { 'if-none-match': String(first.headers.etag) },
    );
    expect(again.statusCode).toBe(304);
    expect(site?.builds).toBe(1);
    expect(site?.opened).toEqual([]);
  });

  it('a download needs document.export', async () => {
    const session = { permissions: { 'document.export': false } as never };
    const answer = await get(`${API}/documents/s1/download`, { session });
    expect(answer.statusCode).toBe(403);
    expect(answer.body).toContain('Downloading is not permitted');
  });

  it('a download is named after the document, in every alphabet', async () => {
    const answer = await get(`${API}/documents/s1/download`, { documentName: 'Jahres"plan ä/ö.odt' });
    expect(answer.headers['content-disposition']).toBe(
      `attachment; filename="Jahres_plan ___.docx"; filename*=UTF-8''Jahres%22plan%20%C3%A4_%C3%B6.docx`,
    );
    expect(answer.headers['content-type']).toContain('wordprocessingml.document');
    expect(answer.headers['content-security-policy']).toContain('sandbox');
  });
});

describe('own pages', () => {
  it.each([
    ['/', 'playground'],
    ['/console', 'console'],
    ['/console/deliveries', 'console'],
  ])('%s is never framed and carries no key', async (address, page) => {
    const answer = await get(address);
    expect(answer.statusCode).toBe(200);
    expect(answer.body).toContain(`assets/${page}-CCCCDDDD.js`);
    expect(answer.headers['content-security-policy']).toContain("frame-ancestors 'none'");
    expect(answer.headers['x-frame-options']).toBe('DENY');
    expect(answer.body).not.toContain('secret-key');
  });
});

describe('built files', () => {
  it('are kept for ever, typed and compressed once', async () => {
    const url = '/assets/shared-DkX92kAb.js';
    const brotli = await get(url, {}, { 'accept-encoding': 'gzip, deflate, br' });
    expect(brotli.headers).toMatchObject({
      'cache-control': 'public, max-age=31536000, immutable',
      'content-encoding': 'br',
      'content-type': 'text/javascript; charset=utf-8',
      vary: 'accept-encoding',
    });
    expect(brotli.rawPayload.length).toBeLessThan(200);
    expect((await get(url, {}, { 'accept-encoding': 'gzip' })).headers['content-encoding']).toBe('gzip');
    const plain = await get(url, {}, { 'accept-encoding': 'br;q=0, identity' });
    expect(plain.headers).not.toHaveProperty('content-encoding');
    expect(plain.headers.etag).not.toBe(brotli.headers.etag);
  });

  it('are not sent again to who has them', async () => {
    const url = '/fonts/arimo-400-0123456789.ttf';
    const first = await get(url);
    expect(first.headers['content-type']).toBe('font/ttf');
    const again = await get(url, {}, { 'if-none-match': `"other", W/${first.headers.etag}` });
    expect(again.statusCode).toBe(304);
    expect(again.body).toBe('');
  });

  it('without a hash in the name are asked for again', async () => {
    expect((await get('/fonts/NOTICE.txt')).headers['cache-control']).toBe('public, no-cache');
  });

  it.each([
    '/assets/../.vite/manifest.json',
    '/assets/%2e%2e/.vite/manifest.json',
    '/assets/..%2f..%2fpackage.json',
    '/assets/nothing-AAAAAAAA.js',
    '/assets/',
    '/assets/.hidden.js',
    '/assets/%00.js',
  ])('nothing outside of the build is served: %s', async (url) => {
    expect((await get(url)).statusCode).toBe(404);
  });
});
