import { AppError } from '@officina/protocol';
import { afterEach, describe, expect, it } from 'vitest';
import { ALL_RIGHTS, openSite, type Site, type SiteOptions } from './test-site.js';

const ADDRESS = '/writer/officeapi/v1/documents/s1/print';
let site: Site | undefined;

async function get(options: SiteOptions = {}, url = ADDRESS) {
  site = await openSite(options);
  return site.app.inject({ url });
}

afterEach(async () => {
  await site?.close();
  site = undefined;
});

describe('what is printed', () => {
  it('[FO41] is the document as it stands, as a pdf', async () => {
    const answer = await get();
    expect(answer.statusCode).toBe(200);
    expect(answer.headers['content-type']).toBe('application/pdf');
    expect(answer.headers['cache-control']).toContain('no-store');
    expect(answer.body).toBe('%PDF-1.7');
  });

  it('[FO41] is given only where printing is permitted, and to a living session', async () => {
    const denied = await get({ session: { permissions: { ...ALL_RIGHTS, 'document.print': false } } });
    expect(denied.statusCode).toBe(403);
    await site?.close();
    expect((await get({ session: { state: 'deleted' } })).statusCode).toBe(410);
    await site?.close();
    expect((await get({}, ADDRESS.replace('s1', 's2'))).statusCode).toBe(404);
  });

  it('[FO41] says what is missing where LibreOffice is', async () => {
    const answer = await get({ printFails: new AppError('engine_missing', 'LibreOffice is not installed.') });
    expect(answer.statusCode).toBe(503);
    expect(answer.body).toBe('LibreOffice is not installed.');
  });
});
