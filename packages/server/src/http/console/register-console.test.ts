import { AppError, type ConsoleKeySettings } from '@officina/protocol';
import Fastify, { type FastifyInstance, type InjectOptions } from 'fastify';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ListedAccount } from '../../domain/accounts/account.js';
import type { ApiKey } from '../../domain/keys/api-key.js';
import type { Save } from '../../domain/saving/save.js';
import { AdminPassword } from './admin-password.js';
import { type Console, createConsole } from './register-console.js';

const PASSWORD = 'correct horse';
let app: FastifyInstance;
let operators: Console;
let now = 1_000_000;
let asked: object[];
let inLedger: number;
let revoked: string[] = [];
let retried: string[] = [];
let changed: ConsoleKeySettings[] = [];
let people: ListedAccount[] = [];
let passwords: [id: string, password: string][] = [];

async function start(publicUrl: string | null = null): Promise<void> {
  const values = new Map<string, string>();
  const password = new AdminPassword({
    get: async (name) => values.get(name),
    set: async (name, value) => void values.set(name, value),
  });
  await password.prepare(PASSWORD);
  app = Fastify();
  operators = createConsole({
    password,
    publicUrl,
    clock: () => now,
    overview: { versions: [['Officina', '0.1.0']], counts: async () => [], checks: async () => [] },
    keys: {
      list: async () => [makeKey()],
      add: async (name) => ({ key: { ...makeKey(), name }, secret: 'new-secret' }),
      renewSigning: async (id) =>
        id === 'k1' ? { signingSecret: 'whsec_bmV3', formerUntil: now + 1 } : undefined,
      change: async (id, settings) => {
        changed.push(settings);
        return id === 'k1';
      },
      revoke: async (id) => {
        revoked.push(id);
        return id === 'k1';
      },
    },
    accounts: {
      search: async ({ words, skip, limit }) =>
        people.filter(({ email }) => email.includes(words)).slice(skip, skip + limit),
      add: async ({ email, displayName, loginName, password: chosen }) => {
        if (people.some((other) => other.email === email))
          throw new AppError('conflict', `${email} is taken.`);
        const account = { id: email, email, loginName: loginName ?? null, displayName, createdAt: now };
        people.push({ ...account, disabledAt: null, confirmedAt: null, documents: 0 });
        passwords.push([account.id, chosen]);
        return account;
      },
      find: async (id) => people.find((account) => account.id === id),
      confirm: async (id) => {
        const account = people.find((one) => one.id === id);
        if (account) account.confirmedAt = now;
        return account !== undefined;
      },
      setDisabled: async (id, isDisabled) => {
        const account = people.find((one) => one.id === id);
        if (account) account.disabledAt = isDisabled ? now : null;
        return account !== undefined;
      },
      setPassword: async (id, chosen) => void passwords.push([id, chosen]),
    },
    ledger: {
      list: async (filter) => {
        asked.push(filter);
        return Array.from({ length: inLedger }, (_, index) => ({ ...makeSave(), id: `sv${index + 1}` }));
      },
      find: async (id) => (id === 'sv1' ? makeSave() : undefined),
      listAttempts: async () => [],
    },
    deliveries: {
      retry: async (id) => {
        retried.push(id);
        return true;
      },
      retryHost: async () => 2,
    },
    blobs: { get: async () => new TextEncoder().encode('bytes') },
  });
  app.register(operators.plugin);
  app.get('/probe', async (request) => ({ operator: operators.isOperator(request) }));
  await app.ready();
}

beforeEach(async () => {
  now = 1_000_000;
  asked = [];
  inLedger = 1;
  revoked = [];
  retried = [];
  changed = [];
  people = [];
  passwords = [];
  await start();
});
afterEach(() => app.close());

describe('signing in', () => {
  it('gives a cookie that scripts and other sites cannot use', async () => {
    const answer = await signIn();
    expect(answer.statusCode).toBe(200);
    expect(answer.headers['set-cookie']).toMatch(
      /^officina_console=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/,
    );
  });

  it('over https the cookie is bound to the host and to https', async () => {
    await app.close();
    await start('https://office.example');
    const answer = await signIn({ headers: { host: 'office.example', origin: 'https://office.example' } });
    expect(answer.headers['set-cookie']).toMatch(
      /^__Host-officina_console=[\w-]+; Path=\/; HttpOnly; SameSite=Strict; Secure$/,
    );
  });

  it('a wrong password opens nothing', async () => {
    const answer = await signIn({ payload: { password: 'wrong' } });
    expect(answer.statusCode).toBe(401);
    expect(answer.headers).not.toHaveProperty('set-cookie');
  });

  it.each([{}, { password: 1 }, { password: 'x'.repeat(2000) }, []])('%o is no password', async (payload) => {
    expect((await signIn({ payload })).statusCode).toBe(400);
  });

  it('after five wrong passwords an address waits, longer each time, and others do not', async () => {
    const wrong = { payload: { password: 'wrong' } };
    for (let trial = 0; trial < 5; trial += 1) expect((await signIn(wrong)).statusCode).toBe(401);

    const early = await signIn();
    expect(early.statusCode).toBe(429);
    expect(early.headers['retry-after']).toBe('2');
    expect((await signIn({ remoteAddress: '203.0.113.7' })).statusCode).toBe(200);

    now += 2_000;
    expect((await signIn(wrong)).statusCode).toBe(401);
    expect((await signIn()).headers['retry-after']).toBe('4');
    now += 4_000;
    expect((await signIn()).statusCode).toBe(200);
  });

  it('many trials at once gain nothing', async () => {
    const wrong = { payload: { password: 'wrong' } };
    const answers = await Promise.all(Array.from({ length: 12 }, () => signIn(wrong)));
    expect(answers.filter(({ statusCode }) => statusCode === 401).length).toBeLessThanOrEqual(5);
  });

  it('from a page of another site is refused', async () => {
    expect((await signIn({ headers: { origin: 'https://evil.example' } })).statusCode).toBe(403);
    expect((await signIn({ headers: { 'sec-fetch-site': 'cross-site' } })).statusCode).toBe(403);
  });

  it('lasts twelve hours', async () => {
    const { cookie } = await signedIn();
    now += 12 * 3_600_000 - 1;
    expect((await app.inject({ url: '/console/api/keys', headers: { cookie } })).statusCode).toBe(200);
    now += 1;
    expect((await app.inject({ url: '/console/api/keys', headers: { cookie } })).statusCode).toBe(401);
  });

  it('signing out ends it on the server', async () => {
    const headers = await signedIn();
    await app.inject({ method: 'POST', url: '/console/api/sign-out', headers });
    expect((await app.inject({ url: '/console/api/session', headers })).json()).toEqual({ signedIn: false });
    expect((await app.inject({ url: '/probe', headers })).json()).toEqual({ operator: false });
  });
});

describe('the doors', () => {
  it.each([
    ['GET', 'overview'],
    ['GET', 'keys'],
    ['POST', 'keys'],
    ['POST', 'keys/k1/revoke'],
    ['POST', 'keys/k1/settings'],
    ['GET', 'accounts'],
    ['POST', 'accounts'],
    ['POST', 'accounts/a/password'],
    ['POST', 'accounts/a/disable'],
    ['POST', 'accounts/a/confirm'],
    ['POST', 'accounts/a/enable'],
    ['GET', 'deliveries'],
    ['GET', 'deliveries/sv1'],
    ['GET', 'deliveries/sv1/file'],
    ['POST', 'deliveries/sv1/retry'],
    ['POST', 'deliveries/retry-host'],
  ] as const)('%s %s needs a sign-in', async (method, path) => {
    const answer = await app.inject({
      method,
      url: `/console/api/${path}`,
      headers: { cookie: 'officina_console=x' },
    });
    expect(answer.statusCode).toBe(401);
    expect(answer.headers['cache-control']).toBe('no-store');
    expect([...revoked, ...retried, ...changed, ...people, ...passwords]).toEqual([]);
  });

  it('a change without the value of the sign-in, or from elsewhere, does nothing', async () => {
    const headers = await signedIn();
    const attempts = [
      { cookie: headers.cookie },
      { ...headers, 'x-officina-csrf': 'guess' },
      { ...headers, origin: 'https://evil.example' },
      { ...headers, 'sec-fetch-site': 'same-site' },
    ];
    for (const attempt of attempts) {
      const answer = await app.inject({
        method: 'POST',
        url: '/console/api/keys/k1/revoke',
        headers: attempt,
      });
      expect(answer.statusCode).toBe(403);
    }
    expect(revoked).toEqual([]);
  });

  it('isOperator tells the other pages who is signed in', async () => {
    const { cookie } = await signedIn();
    expect((await app.inject({ url: '/probe', headers: { cookie } })).json()).toEqual({ operator: true });
    expect((await app.inject('/probe')).json()).toEqual({ operator: false });
  });
});

describe('the operator', () => {
  it('[SA52] makes, lists and revokes keys; a signing secret is told once and can be renewed', async () => {
    const headers = await signedIn();
    const made = await app.inject({
      method: 'POST',
      url: '/console/api/keys',
      headers,
      payload: { name: ' Shop ' },
    });
    const listed = await app.inject({ url: '/console/api/keys', headers });
    const gone = await app.inject({ method: 'POST', url: '/console/api/keys/k1/revoke', headers });

    const renew = (id: string) =>
      app.inject({ method: 'POST', url: `/console/api/keys/${id}/signing-secret`, headers });

    expect(made.json()).toMatchObject({
      secret: 'new-secret',
      signingSecret: 'whsec_dGVzdA==',
      key: { name: 'Shop' },
    });
    expect((await renew('k1')).json()).toEqual({ signingSecret: 'whsec_bmV3', formerUntil: now + 1 });
    expect((await renew('k2')).statusCode).toBe(404);
    expect(listed.body).not.toContain('whsec');
    expect(gone.json()).toEqual({ revoked: true });
  });

  it('[SE34] names the sites that may frame a key’s pages, the hosts that it may reach and its limit', async () => {
    const headers = await signedIn();
    const settings = {
      allowedOrigins: ['https://app.example', 'https://*.shop.example:8443'],
      egressAllow: ['app.internal', '10.0.0.0/8', 'fd00::/8'],
      savesOnLeave: false,
      saveIntervalMinutes: 10,
      strictRetries: true,
      monthlyCallLimit: 2000,
    };
    const change = (payload: unknown) =>
      app.inject({
        method: 'POST',
        url: '/console/api/keys/k1/settings',
        headers,
        payload: payload as object,
      });

    expect((await change(settings)).json()).toEqual({ changed: true });
    for (const wrong of [
      'https://a.example/',
      "https://a.example; script-src 'none'",
      '*',
      'app.example',
      '',
    ]) {
      const answer = await change({ ...settings, allowedOrigins: [wrong] });
      expect(answer.statusCode).toBe(400);
      expect(answer.json().message).toContain('is no site');
    }
    expect((await change({ ...settings, egressAllow: ['http://x'] })).statusCode).toBe(400);
    for (const saveIntervalMinutes of [0, 1441, 2.5, '10', undefined]) {
      expect((await change({ ...settings, saveIntervalMinutes })).statusCode).toBe(400);
    }
    expect((await change({})).statusCode).toBe(400);
    expect((await change({ ...settings, strictRetries: 'yes' })).statusCode).toBe(400);
    for (const wrong of [0, -1, 1.5, '2000', undefined]) {
      expect((await change({ ...settings, monthlyCallLimit: wrong })).statusCode).toBe(400);
    }
    expect((await change({ ...settings, monthlyCallLimit: null })).statusCode).toBe(200);
    expect(changed).toEqual([settings, { ...settings, monthlyCallLimit: null }]);
  });

  it('[LI5] makes accounts, gives new passwords that are told once, closes and opens accounts', async () => {
    const headers = await signedIn();
    const post = (path: string, payload?: object) =>
      app.inject({
        method: 'POST',
        url: `/console/api/accounts${path}`,
        headers,
        ...(payload && { payload }),
      });
    const ann = { email: 'ann@example.org', displayName: 'Ann', loginName: ' ann ' };
    const made = (await post('', ann)).json();
    expect(made.account).toMatchObject({ email: 'ann@example.org', loginName: 'ann', disabledAt: null });
    expect(made.password).toMatch(/^(?:[a-km-np-z2-9]{5}-){3}[a-km-np-z2-9]{5}$/);
    expect((await post('', { ...ann, password: 'chosen' })).statusCode).toBe(409);
    expect((await post('', { email: 'x' })).statusCode).toBe(400);
    const again = (await post('/ann@example.org/password')).json();
    expect(passwords).toEqual([
      ['ann@example.org', made.password],
      ['ann@example.org', again.password],
    ]);
    expect(again.password).not.toBe(made.password);
    expect((await post('/ann@example.org/disable')).json()).toEqual({ disabled: true });
    expect(people[0]?.disabledAt).toBe(now);
    expect((await post('/ann@example.org/enable')).json()).toEqual({ disabled: false });
    expect((await post('/ann@example.org/confirm')).json()).toEqual({ confirmed: true });
    expect(people[0]?.confirmedAt).toBe(now);
    for (const path of ['/no/password', '/no/disable', '/no/enable', '/no/confirm'])
      expect((await post(path)).statusCode).toBe(404);
  });

  it('[LI5] finds accounts page by page, without anything of their passwords', async () => {
    const headers = await signedIn();
    people = Array.from({ length: 60 }, (_, index) => ({
      ...{ id: String(index), email: `p${index}@example.org`, loginName: null, displayName: 'P' },
      ...{ createdAt: 0, disabledAt: null, confirmedAt: null, documents: 2 },
    }));
    const first = (await app.inject({ url: '/console/api/accounts', headers })).json();
    expect([first.accounts.length, first.nextSkip]).toEqual([50, 50]);
    const last = (await app.inject({ url: '/console/api/accounts?skip=50', headers })).json();
    expect([last.accounts.length, last.nextSkip]).toEqual([10, null]);
    const found = (await app.inject({ url: '/console/api/accounts?words=p7@', headers })).json();
    expect(found.accounts).toEqual([people[7]]);
  });

  it('a key needs a name', async () => {
    const headers = await signedIn();
    const answer = await app.inject({
      method: 'POST',
      url: '/console/api/keys',
      headers,
      payload: { name: ' ' },
    });
    expect(answer.statusCode).toBe(400);
  });

  it('sees deliveries without the secrets of their targets', async () => {
    const headers = await signedIn();
    const { body } = await app.inject({ url: '/console/api/deliveries?state=parked', headers });
    expect(JSON.parse(body).deliveries[0]).toMatchObject({
      id: 'sv1',
      host: 'app.example',
      url: 'https://app.example/save?token=…',
      state: 'parked',
    });
    expect(body).not.toContain('s3cret');
  });

  it('pages the ledger so that saves of one millisecond are not passed over', async () => {
    const headers = await signedIn();
    inLedger = 50;
    const first = (await app.inject({ url: '/console/api/deliveries', headers })).json();
    const { createdAt } = makeSave();
    expect(first.nextBefore).toBe(`${createdAt}.sv50`);
    inLedger = 1;
    const second = await app.inject({
      url: `/console/api/deliveries?state=parked&before=${first.nextBefore}`,
      headers,
    });
    expect(second.json().nextBefore).toBeNull();
    expect(asked).toEqual([
      { limit: 50 },
      { states: ['parked'], before: createdAt, beforeId: 'sv50', limit: 50 },
    ]);
  });

  it('sends again and takes a copy', async () => {
    const headers = await signedIn();
    const again = await app.inject({ method: 'POST', url: '/console/api/deliveries/sv1/retry', headers });
    const file = await app.inject({ url: '/console/api/deliveries/sv1/file', headers });
    expect(again.json()).toEqual({ due: true });
    expect(retried).toEqual(['sv1']);
    expect(file.headers['content-disposition']).toBe('attachment; filename="a_b-v3.docx"');
    expect(file.body).toBe('bytes');
  });
});

function signIn(request: Partial<InjectOptions> = {}) {
  return app.inject({
    method: 'POST',
    url: '/console/api/sign-in',
    payload: { password: PASSWORD },
    ...request,
  });
}

async function signedIn(): Promise<{ cookie: string; 'x-officina-csrf': string }> {
  const answer = await signIn();
  const cookie = String(answer.headers['set-cookie']).split(';')[0] ?? '';
  return { cookie, 'x-officina-csrf': answer.json().csrf };
}

function makeKey(): ApiKey {
  return {
    id: 'k1',
    name: 'test',
    createdAt: 0,
    revokedAt: null,
    allowedOrigins: [],
    egressAllow: [],
    monthlyCallLimit: null,
    savesOnLeave: true,
    saveIntervalMinutes: null,
    strictRetries: false,
    signingSecret: 'whsec_dGVzdA==',
    formerSigningSecret: null,
    formerSigningUntil: null,
  };
}

function makeSave(): Save {
  return {
    id: 'sv1',
    documentKey: 'd1',
    apiKeyId: 'k1',
    documentId: 'a/b',
    documentName: 'Plan',
    sessionId: 's1',
    userId: '123',
    reason: 'user',
    force: false,
    version: 3,
    sequence: 9,
    targetId: 't',
    target: {
      saveUrl: 'https://app.example/save?token=s3cret',
      format: 'docx',
      method: 'post',
      retries: 0,
      timeoutMs: 1000,
      params: { secret: 's3cret' },
      headers: { authorization: 's3cret' },
    },
    state: 'parked',
    blob: 'abc',
    sha256: 'abc',
    attempts: 2,
    nextAttemptAt: 0,
    leasedUntil: null,
    leaseOwner: null,
    createdAt: 5,
    settledAt: 6,
    message: 'refused',
  };
}
