import { afterEach, describe, expect, it, vi } from 'vitest';
import { allowsLoopback, createEgressPolicy, type EgressOptions } from './egress-policy.js';

const NAMES: Readonly<Record<string, string>> = {
  'app.example': '93.184.216.34',
  'rebound.example': '10.0.0.5',
  'local.example': '127.0.0.1',
  'cloud.example': '169.254.169.254',
};

function aPolicy(change: Partial<EgressOptions> = {}) {
  return createEgressPolicy({
    allow: [],
    loopback: false,
    clock: () => 0,
    resolve: async (host) => {
      const address = NAMES[host];
      if (!address) throw Object.assign(new Error('not found'), { code: 'ENOTFOUND' });
      return [{ address, family: 4 }];
    },
    ...change,
  });
}

async function stateOf(url: string, change: Partial<EgressOptions> = {}, keyList: string[] = []) {
  return (await aPolicy(change).check(url, keyList)).state;
}

afterEach(() => {
  vi.useRealTimers();
});

describe('egress policy', () => {
  it.each([
    'http://127.0.0.1/',
    'http://2130706433/',
    'http://0177.0.0.1/',
    'http://0x7f.1/',
    'http://[::1]/',
    'http://[::ffff:127.0.0.1]/',
    'http://[::127.0.0.1]/',
    'http://[64:ff9b::7f00:1]/',
    'http://[2002:7f00:1::]/',
    'http://0.0.0.0/',
    'http://10.1.2.3/',
    'http://192.168.0.1/',
    'http://100.64.0.1/',
    'http://[fd12::1]/',
    'http://[fe80::1]/',
    'http://169.254.169.254/latest/meta-data',
    'http://168.63.129.16/',
    'http://rebound.example/',
    'http://local.example/',
    'http://cloud.example/',
    'http://app.example:22/',
    'http://app.example:6379/',
    'ftp://app.example/',
    'file:///etc/passwd',
    'not a url',
  ])('[SA20] %s is refused', async (url) => {
    expect(await stateOf(url)).toBe('refused');
  });

  it.each([
    'https://app.example/save?x=1',
    'http://app.example:8443/',
    'https://93.184.216.34/',
    'https://[2606:4700::1111]/',
  ])('[SA20] %s is allowed', async (url) => {
    expect(await stateOf(url)).toBe('allowed');
  });

  it.each([
    ['10.0.0.0/8', 'http://rebound.example/'],
    ['rebound.example', 'http://rebound.example/'],
    ['rebound.example:8080', 'http://rebound.example:8080/'],
    ['app.example:22', 'http://app.example:22/'],
    ['127.0.0.1', 'http://127.0.0.1/'],
    ['[::1]:9000', 'http://[::1]:9000/'],
    ['169.254.169.254', 'http://169.254.169.254/'],
  ])(
    '[SA21] the entry %s opens %s, in the list of the operator and in that of the key',
    async (entry, url) => {
      expect(await stateOf(url, { allow: [entry] })).toBe('allowed');
      expect(await stateOf(url, {}, [entry])).toBe('allowed');
    },
  );

  it.each([
    ['rebound.example:8080', 'http://rebound.example/'],
    ['169.254.0.0/16', 'http://169.254.169.254/'],
    ['cloud.example', 'http://cloud.example/'],
    ['10.0.0.0/8', 'http://192.168.0.1/'],
  ])('[SA21] the entry %s does not open %s', async (entry, url) => {
    expect(await stateOf(url, { allow: [entry] })).toBe('refused');
  });

  it('[SA21] a malformed entry is named when the server starts', () => {
    expect(() => aPolicy({ allow: ['10.0.0.0/99'] })).toThrow(/OFFICINA_EGRESS_ALLOW.*10\.0\.0\.0\/99/);
  });

  it.each([
    ['127.0.0.1', null, true],
    ['localhost', 'http://localhost:8080', true],
    ['127.0.0.1', 'https://docs.example', false],
    ['0.0.0.0', null, false],
    ['::1', 'http://[::1]:8080', true],
  ])('[SA22] with HOST %s and public URL %s loopback is open: %s', (host, publicUrl, expected) => {
    expect(allowsLoopback({ host, publicUrl })).toBe(expected);
  });

  it('[SA22] open loopback opens nothing else that is private', async () => {
    expect(
      await stateOf('http://localhost:4000/', {
        loopback: true,
        resolve: async () => [{ address: '127.0.0.1', family: 4 }],
      }),
    ).toBe('allowed');
    expect(await stateOf('http://10.1.2.3/', { loopback: true })).toBe('refused');
    expect(await stateOf('http://0.0.0.0/', { loopback: true })).toBe('refused');
  });

  it('[SA22] the own receiver is reached wherever it is', async () => {
    const isOwnReceiver = (url: string) => url === 'http://127.0.0.1:80/playground/receive';
    expect(await stateOf('http://127.0.0.1:80/playground/receive', { isOwnReceiver })).toBe('allowed');
    expect(await stateOf('http://127.0.0.1:80/other', { isOwnReceiver })).toBe('refused');
  });

  it('[SA23] a refusal names what was found, the rule and the setting', async () => {
    const reason = await aPolicy().refusal('http://rebound.example/', []);

    expect(reason).toContain('"rebound.example" leads to 10.0.0.5, a private address');
    expect(reason).toContain('OFFICINA_EGRESS_ALLOW');
  });

  it('[SA23] a name without an address is no refusal: it may have one when the save is due', async () => {
    expect(await aPolicy().refusal('http://unknown.example/', [])).toBeUndefined();
    expect(await stateOf('http://unknown.example/')).toBe('unresolved');
  });

  it('[SA23] a slow name server holds nobody up, and is asked once for many', async () => {
    vi.useFakeTimers();
    let asked = 0;
    const policy = aPolicy({
      resolve: () => {
        asked += 1;
        return new Promise(() => {});
      },
    });

    const reasons = Promise.all([1, 2, 3].map((n) => policy.refusal(`http://slow.example/${n}`, [])));
    await vi.advanceTimersByTimeAsync(2_000);

    expect(await reasons).toEqual([undefined, undefined, undefined]);
    expect(asked).toBe(1);
  });
});
