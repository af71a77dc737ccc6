import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KEY, type Lab, openLab, PASSWORD } from './testing/lab.js';

const DAY_MS = 24 * 60 * 60_000;

/** As the old clients read it: lines by `\n`, `#` passed over, each split at its `=`. */
function linesOf(text: string): Map<string, string> {
  const lines = text.split('\n').filter((line) => !line.startsWith('#'));
  const pairs = lines.map((line) => line.split('='));
  for (const pair of pairs) expect(pair).toHaveLength(2);
  expect(new Set(pairs.map(([key]) => key)).size).toBe(pairs.length);
  return new Map(pairs as [string, string][]);
}

describe('logins', () => {
  let lab: Lab;

  beforeAll(async () => {
    lab = await openLab();
    await lab.person('ann');
  });
  afterAll(() => lab.close());

  const login = (change: Record<string, string> = {}, method = 'POST') => {
    const parameters = {
      LOGIN_ID: 'ann',
      PASSWORD,
      FROM_AGENT: 'true',
      servicename: 'ZohoWriter',
      ...change,
    };
    return method === 'GET'
      ? lab.send({ url: '/login', query: parameters })
      : lab.send({ method, url: '/login', form: parameters });
  };
  const codeWith = async (query: Record<string, string>) => {
    const { text } = await lab.send({
      url: '/api/private/json/documents',
      query: { apikey: KEY, ...query },
    });
    return JSON.parse(text).response.error?.code ?? null;
  };

  it.each(['POST', 'GET'])(
    '[LI10] a login by %s answers a ticket in lines that old clients can split',
    async (method) => {
      const answer = await login({}, method);

      expect(answer.status).toBe(200);
      expect(answer.headers['content-type']).toContain('text/plain');
      expect(answer.text).toMatch(
        /^#Thu Jan 01 00:00:00 UTC 2026\nWARNING=\nTICKET=[0-9a-f]{32}\nRESULT=TRUE$/,
      );
      expect(await codeWith({ ticket: linesOf(answer.text).get('TICKET') ?? '' })).toBeNull();
    },
  );

  it('[LI10] the address is a login name too, and what is missing of the rest is only warned of', async () => {
    const { text } = await lab.send({
      method: 'POST',
      url: '/login',
      form: { LOGIN_ID: 'ANN@Example.org', PASSWORD },
    });
    expect(text).toContain('WARNING=FROM_AGENT should be true\n');
    const ticket = linesOf(text.replace('WARNING=FROM_AGENT should be true\n', '')).get('TICKET');
    expect(await codeWith({ ticket: ticket ?? '' })).toBeNull();
  });

  it.each([
    [{ PASSWORD: 'wrong' }, 'INVALID_PASSWORD'],
    [{ LOGIN_ID: 'nobody' }, 'INVALID_PASSWORD'],
    [{ LOGIN_ID: '' }, 'NO_LOGIN_ID'],
    [{ PASSWORD: '' }, 'NO_PASSWORD'],
  ])('[LI11] a login with %j fails with a cause and without a ticket', async (change, cause) => {
    const answer = await login(change);

    expect(answer.status).toBe(200);
    const lines = linesOf(answer.text);
    expect([...lines]).toEqual([
      ['CAUSE', cause],
      ['RESULT', 'FALSE'],
    ]);
  });

  it('[LI12] a ticket holds for seven days, however it is used', async () => {
    const ticket = linesOf((await login()).text).get('TICKET') ?? '';
    lab.time.advance(7 * DAY_MS - 1);
    expect(await codeWith({ ticket })).toBeNull();
    lab.time.advance(1);
    expect(await codeWith({ ticket })).toBe('1401');
  });

  it('[LI13] a ticket for another service opens no document', async () => {
    const ticket = linesOf((await login({ servicename: 'ZohoSheet' })).text).get('TICKET') ?? '';
    expect(await codeWith({ ticket })).toBe('1401');
  });

  it('[LI14] an auth token does not expire and stands for a ticket', async () => {
    const answer = await lab.send({
      method: 'POST',
      url: '/apiauthtoken/nb/create',
      query: { SCOPE: 'ZohoWriter/DataAPI', EMAIL_ID: 'ann@example.org', PASSWORD },
    });
    const lines = linesOf(answer.text);
    expect(lines.get('RESULT')).toBe('TRUE');
    const authtoken = lines.get('AUTHTOKEN') ?? '';
    lab.time.advance(400 * DAY_MS);
    expect(await codeWith({ authtoken, scope: 'DataAPI' })).toBeNull();
    expect(await codeWith({ ticket: authtoken })).toBe('1401');
  });

  it('[LI15] a new password revokes tickets and tokens at once', async () => {
    const bo = await lab.person('bo');
    expect(await codeWith({ ticket: bo.ticket })).toBeNull();
    await lab.accounts.setPassword(bo.id, 'another');
    expect(await codeWith({ ticket: bo.ticket })).toBe('1401');
  });

  it('[LI16] after five wrong passwords an account waits, twice as long each time, and others do not', async () => {
    await lab.person('cy');
    for (let trial = 0; trial < 5; trial += 1) await login({ LOGIN_ID: 'cy', PASSWORD: 'wrong' });
    const refused = await login({ LOGIN_ID: 'cy' });
    expect(linesOf(refused.text).get('CAUSE')).toBe('TOO_MANY_TRIES');
    expect(refused.headers['retry-after']).toBe('2');
    expect(linesOf((await login()).text).get('RESULT')).toBe('TRUE');
    lab.time.advance(2_000);
    await login({ LOGIN_ID: 'cy', PASSWORD: 'wrong' });
    expect((await login({ LOGIN_ID: 'cy' })).headers['retry-after']).toBe('4');
    lab.time.advance(4_000);
    expect(linesOf((await login({ LOGIN_ID: 'cy' })).text).get('RESULT')).toBe('TRUE');
  });

  it('[LI17] without key or ticket, or with wrong ones, a call answers 1401 at 200', async () => {
    const ann = linesOf((await login()).text).get('TICKET') ?? '';
    for (const query of [
      {},
      { apikey: KEY },
      { ticket: ann },
      { apikey: 'wrong', ticket: ann },
      { apikey: KEY, ticket: 'wrong' },
    ]) {
      const { status, text } = await lab.send({ url: '/api/private/json/documents', query });
      expect([status, JSON.parse(text).response.error.code]).toEqual([200, '1401']);
    }
  });
});

describe('options of logins', () => {
  it('[LI18] logins by GET can be switched off, and tickets refused with 4834', async () => {
    const lab = await openLab({ allowsLoginByGet: false, ticketErrorCode: 4834 });
    await lab.person('ann');
    const query = { LOGIN_ID: 'ann', PASSWORD, FROM_AGENT: 'true' };
    expect((await lab.send({ url: '/login', query })).text).toContain('CAUSE=POST_ONLY\nRESULT=FALSE');
    expect((await lab.send({ method: 'POST', url: '/login', query })).text).toContain('RESULT=TRUE');
    const { text } = await lab.send({
      url: '/api/private/json/documents',
      query: { apikey: KEY, ticket: 'wrong' },
    });
    expect(JSON.parse(text).response.error.code).toBe('4834');
    await lab.close();
  });
});
