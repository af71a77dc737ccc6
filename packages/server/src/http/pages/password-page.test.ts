import { afterEach, describe, expect, it } from 'vitest';
import { NOW, openSite, type Site, type SiteOptions } from './test-site.js';

const EDIT = '/writer/officeapi/v1/documents/s1/edit';
const UNLOCK = '/writer/officeapi/v1/documents/s1/unlock';

let site: Site;
const use = async (options: SiteOptions = {}) => {
  site = await openSite({ password: 'sesame', documentName: 'Plan <B>', ...options });
};
const type = (password: string) =>
  site.app.inject({
    method: 'POST',
    url: UNLOCK,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    payload: new URLSearchParams({ password }).toString(),
  });

afterEach(() => site.close());

describe('the page of a protected document', () => {
  it('[SE36] asks for the password instead of opening the editor', async () => {
    await use();
    const answer = await site.app.inject(EDIT);

    expect(answer.statusCode).toBe(200);
    expect(answer.body).toContain('type="password"');
    expect(answer.body).toContain(`action="${UNLOCK}"`);
    expect(answer.body).toContain('Plan &#60;B&#62;');
    expect(answer.body).not.toContain('officina-boot');
  });

  it('[SE36] says that a password is wrong, and asks again', async () => {
    await use();
    const answer = await type('open');

    expect(answer.statusCode).toBe(403);
    expect(answer.body).toContain('This password does not open the document.');
    expect(answer.body).toContain('role="alert"');
    expect(answer.body).not.toContain('value="open"');
  });

  it('[SE36] goes on to the editor with the right one', async () => {
    await use();
    const answer = await type('sesame');

    expect(answer.statusCode).toBe(303);
    expect(answer.headers.location).toBe('edit');
    expect((await site.app.inject(EDIT)).body).toContain('officina-boot');
  });

  it('[SE36] makes whoever guesses wait', async () => {
    await use();
    for (let guess = 0; guess < 5; guess += 1) await type(`guess ${guess}`);
    const answer = await type('sesame');

    expect(answer.statusCode).toBe(403);
    expect(answer.headers['retry-after']).toBe('2');
    expect(answer.body).toContain('Too many wrong passwords. Try again in 2 seconds.');
  });

  it('keeps the bytes back until then', async () => {
    await use();
    for (const path of ['content', 'download']) {
      const answer = await site.app.inject(`/writer/officeapi/v1/documents/s1/${path}`);
      expect(answer.statusCode, path).toBe(403);
    }
    expect(site.builds).toBe(0);
  });

  it('tells that the session has expired meanwhile', async () => {
    await use({ session: { expiresAt: NOW } });

    expect((await site.app.inject(EDIT)).statusCode).toBe(410);
  });

  it('takes no long bodies and no other kinds', async () => {
    await use();

    expect((await type('x'.repeat(5000))).statusCode).toBeGreaterThanOrEqual(400);
    const json = await site.app.inject({ method: 'POST', url: UNLOCK, payload: { password: 'sesame' } });
    expect(json.statusCode).toBeGreaterThanOrEqual(400);
  });
});
