import { AppError } from '@officina/protocol';
import type { InjectOptions } from 'fastify';
import { afterEach, describe, expect, it } from 'vitest';
import { HOUR_MS, TEST_API_KEY } from '../../../domain/testing/domain-fixture.js';
import { openTestServer, type TestServer, type TestServerOptions } from '../../test-server.js';

const V1 = '/writer/officeapi/v1';
const QUERY = `?apikey=${TEST_API_KEY}&`;

let server: TestServer;

afterEach(() => server.app.close());

const use = async (options?: TestServerOptions) => {
  server = await openTestServer(options);
};

const call = async (method: 'GET' | 'POST' | 'DELETE', path: string, more: InjectOptions = {}) => {
  const answer = await server.app.inject({ method, url: `${V1}${path}${QUERY}`, ...more });
  return { status: answer.statusCode, headers: answer.headers, body: answer.json() };
};

/** A create call with texts, and with a file when one is given. */
const post = (texts: Record<string, unknown> = {}, file?: string) => {
  const form = new FormData();
  for (const [name, value] of Object.entries(texts)) {
    form.append(name, typeof value === 'string' ? value : JSON.stringify(value));
  }
  if (file !== undefined) form.append('document', new Blob([file]), 'plan.docx');
  return call('POST', '/documents', { payload: form });
};

const storedSession = async (id: string) => {
  const session = await server.domain.sessions.find(id);
  if (!session) throw new Error(`There is no session ${id}.`);
  return session;
};

describe('answers to the letter', () => {
  it('lists sessions with keys, order and types as documented', async () => {
    await use({ publicUrl: 'https://docs.example/officina' });
    const { body: created } = await post({
      document_info: { document_id: '1349', document_name: 'New' },
      user_info: { user_id: '123', display_name: 'Amelia' },
    });
    server.domain.rooms.connect(await storedSession(created.session_id));
    server.domain.time.advance(1234);

    const { body } = await call('GET', '/documents/1349/sessions');

    const session = `https://docs.example/officina${V1}/documents/${created.session_id}/edit`;
    expect(JSON.stringify(body, null, 1)).toBe(
      JSON.stringify(
        {
          document_id: '1349',
          active_sessions_count: '1',
          collaborators_count: '1',
          document_name: 'New',
          document_type: 'document',
          created_time: '2026-01-01T00:00:00Z',
          created_time_ms: '1767225600000',
          expires_on: '2026-01-01T06:00:00Z',
          expires_on_ms: '1767247200000',
          sessions: [
            {
              status: 'active',
              user_info: { display_name: 'Amelia', user_id: '123' },
              info: {
                document_id: '1349',
                created_time_ms: '1767225600000',
                created_time: '2026-01-01T00:00:00Z',
                expires_on_ms: '1767247200000',
                expires_on: '2026-01-01T06:00:00Z',
                session_url: session,
                session_delete_url: `https://docs.example/officina${V1}/sessions/${created.session_id}`,
              },
            },
          ],
        },
        null,
        1,
      ),
    );
  });

  it('gives details and one session with numbers', async () => {
    await use();
    const { body: created } = await post({ document_info: { document_id: '1349' } });

    const details = await call('GET', '/documents/1349');
    const session = await call('GET', `/sessions/${created.session_id}`);

    expect(Object.keys(details.body)).toEqual([
      'document_id',
      'collaborators_count',
      'active_sessions_count',
      'document_name',
      'document_type',
      'created_time',
      'created_time_ms',
      'expires_on',
      'expires_on_ms',
    ]);
    expect(details.body).toMatchObject({ active_sessions_count: 0, created_time_ms: 1767225600000 });
    expect(Object.keys(session.body)).toEqual(['status', 'user_info', 'info']);
    expect(session.body.info.expires_on_ms).toBe(1767247200000);
  });

  it('[SE37] gives each time twice, and both are the same moment', async () => {
    await use();
    server.domain.time.advance(987);
    await post({ document_info: { document_id: '1' } });

    const { body } = await call('GET', '/documents/1');

    expect(body.created_time).toBe('2026-01-01T00:00:00Z');
    expect(Date.parse(body.created_time)).toBe(body.created_time_ms);
    expect(Date.parse(body.expires_on)).toBe(body.expires_on_ms);
  });

  it('[SE20 SE22 SE27] says what became of the document', async () => {
    await use();
    const outcome = async (file?: string) =>
      (await post({ document_info: { document_id: '1' } }, file)).headers['x-officina-document'];

    expect([await outcome('one'), await outcome(), await outcome('two')]).toEqual([
      'created',
      'joined',
      'reimported',
    ]);
  });

  it('[SE9 SE10] says invalid to a GET, 1833 to a DELETE, and 1834 once expired', async () => {
    await use();
    const { body: created } = await post();

    expect((await call('GET', '/sessions/none')).body).toEqual({ status: 'invalid' });
    expect((await call('DELETE', '/sessions/none')).body.code).toBe(1833);
    server.domain.time.advance(6 * HOUR_MS);
    expect((await call('GET', `/sessions/${created.session_id}`)).body.code).toBe(1834);
    expect((await call('DELETE', `/sessions/${created.session_id}`)).body.code).toBe(1834);
    expect((await call('GET', `/documents/${created.document_id}`)).body.code).toBe(1844);
  });

  it('hands out addresses that work, also for ids that need escaping', async () => {
    await use();
    const id = 'größe/1 ?#%';
    const { body: created } = await post({ document_info: { document_id: id } });
    expect(created.document_id).toBe(id);

    const path = new URL(created.document_delete_url).pathname;
    const listed = await server.app.inject(`${path}/sessions${QUERY}`);
    const deleted = await server.app.inject({ method: 'DELETE', url: `${path}${QUERY}` });

    expect(listed.json().document_id).toBe(id);
    expect(deleted.json()).toEqual({ document_deleted: true });
  });
});

describe('addresses', () => {
  const documentUrl = async (headers: Record<string, string>) =>
    (await call('POST', '/documents', { headers })).body.document_url as string;

  it("are below the request's own host", async () => {
    await use();
    expect(await documentUrl({ host: 'docs.example:8443' })).toMatch(
      /^http:\/\/docs\.example:8443\/writer\//,
    );
    expect(await documentUrl({ host: '[::1]:8080' })).toMatch(/^http:\/\/\[::1\]:8080\/writer\//);
  });

  it('believe forwarded headers from trusted proxies only', async () => {
    const headers = { host: 'inner', 'x-forwarded-host': 'docs.example', 'x-forwarded-proto': 'https' };
    await use();
    expect(await documentUrl(headers)).toMatch(/^http:\/\/inner\//);
    await server.app.close();
    await use({ trustedProxies: ['127.0.0.0/8'] });
    expect(await documentUrl(headers)).toMatch(/^https:\/\/docs\.example\//);
  });

  it('never repeat a host that is none', async () => {
    await use({ trustedProxies: ['127.0.0.1'] });
    for (const host of ['evil"><script>', 'a b', 'user@host', '']) {
      const url = await documentUrl({ 'x-forwarded-host': host });
      expect(new URL(url).pathname).toMatch(/^\/writer\//);
      expect(url).not.toMatch(/[<>"@ ]/);
    }
  });
});

describe('rights', () => {
  const permissionsOf = async (permissions?: unknown) => {
    const answer = await post(permissions === undefined ? {} : { permissions });
    return JSON.parse(String(answer.headers['x-officina-permissions'])) as Record<string, boolean>;
  };

  it('[SE30] are all there without the parameter', async () => {
    await use();
    expect(Object.values(await permissionsOf()).every(Boolean)).toBe(true);
  });

  it('[SE30] take the documented defaults for missing keys, and text for booleans', async () => {
    await use();
    expect(await permissionsOf({ 'document.print': 'false', 'review.comment': 'true' })).toEqual({
      'document.export': true,
      'document.print': false,
      'document.edit': false,
      'review.changes.resolve': false,
      'review.comment': true,
      'collab.chat': true,
      'document.pausecollaboration': false,
      'document.fill': true,
    });
  });

  it('[SE31] come back in a header as they are stored for the session', async () => {
    await use();
    const answer = await post({ permissions: { 'document.edit': true } });
    const session = await storedSession(answer.body.session_id);
    expect(JSON.parse(String(answer.headers['x-officina-permissions']))).toEqual(session.permissions);
  });
});

describe('refusals', () => {
  it('[SE35] name the rule and the setting that would allow an address', async () => {
    await use();
    const callback = await post({
      callback_settings: { save_format: 'docx', save_url: 'http://internal/save' },
    });
    const url = await post({ url: 'http://internal/file' });

    expect(callback.body).toMatchObject({
      code: 1831,
      parameter_name: 'callback_settings',
      key_name: 'save_url',
      message: expect.stringContaining('OFFICINA_EGRESS_ALLOW'),
    });
    expect(url.body).toMatchObject({ code: 1831, parameter_name: 'url' });
  });

  it('[SE34] say when to come again', async () => {
    await use({ key: { monthlyCallLimit: 0 } });
    const limited = await post();
    expect(limited.body.code).toBe(1845);
    expect(limited.headers['retry-after']).toBe(String(31 * 24 * 3600));
    await server.app.close();

    await use();
    const busy = await post({ url: 'http://busy.example/' });
    expect(busy.body).toMatchObject({ code: 1861, parameter_name: 'url' });
    expect(busy.headers['retry-after']).toBe('30');
  });

  it('[SE32] ask a preview for its file', async () => {
    await use();
    const { body } = await call('POST', '/document/preview');
    expect(body).toMatchObject({ code: 1837, parameter_name: 'document' });
  });

  it('name a file that is too large and the setting, and give the memory back', async () => {
    await use({ maxUploadBytes: 1024 * 1024 });
    const { body } = await post({}, 'x'.repeat(1024 * 1024 + 1));
    expect(body).toMatchObject({
      code: 1831,
      parameter_name: 'document',
      message: expect.stringContaining('OFFICINA_MAX_UPLOAD_MB'),
    });
    expect(server.uploads.usedBytes).toBe(0);
    expect((await post({}, 'x'.repeat(1024 * 1024))).status).toBe(200);
  });

  it('hold back files when too many are received at once', async () => {
    await use({ uploadBudgetBytes: 1000 });
    const { body, headers } = await post({}, 'x'.repeat(1001));
    expect(body.code).toBe(1861);
    expect(headers['retry-after']).toBe('5');
    expect(server.uploads.usedBytes).toBe(0);
  });

  it('ask for the key before a body is received', async () => {
    await use();
    const form = new FormData();
    form.append('document', new Blob(['broken']), 'a.docx');
    const answer = await server.app.inject({
      method: 'POST',
      url: `${V1}/documents?apikey=no`,
      payload: form,
    });
    expect(answer.json().code).toBe(1846);
  });

  it('tell nothing of our own faults', async () => {
    await use();
    server.domain.documents.add = () => Promise.reject(new Error('secret of the store'));
    const { status, body } = await post();
    expect(status).toBe(500);
    expect(body).toEqual({ code: 1801, message: 'Internal Server Error while processing this request.' });
  });
});

describe('save_url', () => {
  const save = async (method: 'GET' | 'POST', search = '') => {
    const { body: created } = await post();
    const path = new URL(created.save_url).pathname;
    const answer = await server.app.inject({ method, url: `${path}${search}` });
    return { status: answer.statusCode, body: answer.json(), sessionId: created.session_id };
  };

  it('accepts a save by GET and POST without a key', async () => {
    await use();
    for (const method of ['GET', 'POST'] as const) {
      const { body, sessionId } = await save(method);
      expect(body).toEqual({ state: 'accepted', version: 1, delivery_id: 'save-1' });
      expect(server.domain.saves.requests.at(-1)).toEqual({ sessionId, reason: 'api', force: false });
    }
  });

  it('waits for the outcome and forces when asked', async () => {
    await use();
    const { body } = await save('GET', '?wait=1&force=1');
    expect(body).toMatchObject({ state: 'delivered', message: 'Stored.' });
    expect(server.domain.saves.requests.at(-1)?.force).toBe(true);
  });

  it('tells a failure with its code', async () => {
    await use();
    server.domain.saves.answer = {
      state: 'failed',
      deliveryId: 'd',
      version: 2,
      code: 'save_unreachable',
      reason: 'No answer.',
    };
    const failed = await save('POST');
    expect(failed.status).toBe(400);
    expect(failed.body).toMatchObject({ code: 1867, state: 'failed', delivery_id: 'd', version: 2 });

    server.domain.saves.answer = new AppError('save_url_missing');
    expect((await save('POST')).body.code).toBe(1865);
  });
});
