import { afterEach, describe, expect, it } from 'vitest';
import { openSite, type Site, type SiteOptions } from './test-site.js';

const VERSIONS = '/writer/officeapi/v1/documents/s1/versions';
const RIGHTS = {
  'document.export': true,
  'document.print': true,
  'document.edit': true,
  'review.changes.resolve': true,
  'review.comment': true,
  'collab.chat': true,
  'document.pausecollaboration': true,
  'document.fill': true,
};
let site: Site | undefined;

async function get(url: string, options: SiteOptions = {}, headers: Record<string, string> = {}) {
  site ??= await openSite(options);
  return site.app.inject({ url, headers });
}

afterEach(async () => {
  await site?.close();
  site = undefined;
});

describe('version pages', () => {
  it('[SA38] the list names each version with its page and its file', async () => {
    const answer = await get(VERSIONS);

    expect(answer.json()).toMatchObject({
      versions: [
        {
          ...{ number: 2, by: 'Amelia', reason: 'user' },
          delivery: { state: 'delivered', message: 'Stored' },
          pagePath: `${VERSIONS}/2`,
          downloadPath: `${VERSIONS}/2/download`,
        },
      ],
      states: [{ sequence: 4, kind: 'between', people: ['Bruno'], pagePath: `${VERSIONS}/at-4` }],
      // Without a target there is nowhere to save by itself.
      automatic: { onLeave: false, everyMinutes: null },
    });
    expect(answer.headers['cache-control']).toBe('no-store');
  });

  it('[SA39] a version opens in the viewer, with its own bytes', async () => {
    const { body } = await get(`${VERSIONS}/2`);
    const boot = JSON.parse(/id="officina-boot"[^>]*>(.*?)<\/script>/s.exec(body)?.[1] ?? '');

    expect(body).toContain('src="/assets/viewer-CCCCDDDD.js"');
    expect(boot).toMatchObject({ contentPath: `${VERSIONS}/2/content`, version: { number: 2 } });
    expect((await get(boot.contentPath)).body).toBe('second version');
  });

  it('[SA39] a version is downloaded under its number, and not sent again to who has it', async () => {
    const first = await get(`${VERSIONS}/2/download`);
    const again = await get(`${VERSIONS}/2/download`, {}, { 'if-none-match': String(first.headers.etag) });

    expect(first.headers['content-disposition']).toContain('Plan (version 2).docx');
    expect(again.statusCode).toBe(304);
  });

  it('[SA45] a state between saves opens and downloads like a version', async () => {
    const { body } = await get(`${VERSIONS}/at-4`);
    const boot = JSON.parse(/id="officina-boot"[^>]*>(.*?)<\/script>/s.exec(body)?.[1] ?? '');
    const taken = await get(`${VERSIONS}/at-4/download`);

    expect(boot).toMatchObject({ contentPath: `${VERSIONS}/at-4/content`, version: { number: null } });
    expect((await get(boot.contentPath)).body).toBe('fourth state');
    expect(taken.headers['content-disposition']).toMatch(/Plan \(as of [-0-9]+ \d\d\.\d\d UTC\)\.docx/);
  });

  it('[SA47] two versions are compared, or one with the document as it stands', async () => {
    const toNow = await get(`${VERSIONS}/at-4/changes`);
    const toVersion = await get(`${VERSIONS}/at-4/changes?to=2`);

    expect(toNow.json()).toEqual(['fourth state', 'docx bytes']);
    expect(toVersion.json()).toEqual(['fourth state', 'second version']);
    expect((await get(`${VERSIONS}/at-4/changes?to=77`)).statusCode).toBe(404);
  });

  it.each(['7', 'x', '0', '2e0', 'at-9', 'at-', '-at-4'])('there is no version %s', async (number) => {
    for (const part of ['', '/content', '/changes', '/download']) {
      expect((await get(`${VERSIONS}/${number}${part}`)).statusCode).toBe(404);
    }
  });

  it('[SA40] who may neither edit nor export sees no versions', async () => {
    const permissions = { ...RIGHTS, 'document.edit': false, 'document.export': false };
    for (const part of ['', '/2', '/2/content', '/2/changes', '/2/download']) {
      expect((await get(`${VERSIONS}${part}`, { session: { permissions } })).statusCode).toBe(403);
    }
  });

  it('[SA40] who may edit but not export sees versions and takes no copy', async () => {
    const options = { session: { permissions: { ...RIGHTS, 'document.export': false } } };

    expect((await get(VERSIONS, options)).json().versions[0].downloadPath).toBeNull();
    expect((await get(`${VERSIONS}/2/content`, options)).statusCode).toBe(200);
    expect((await get(`${VERSIONS}/2/download`, options)).statusCode).toBe(403);
  });

  it('a session that has ended shows no versions', async () => {
    for (const part of ['', '/2', '/2/content', '/2/changes', '/2/download']) {
      expect((await get(`${VERSIONS}${part}`, { session: { state: 'deleted' } })).statusCode).toBe(410);
    }
  });
});
