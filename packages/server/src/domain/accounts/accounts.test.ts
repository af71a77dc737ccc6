import { describe, expect, it } from 'vitest';
import { FakeTime } from '../testing/fake-time.js';
import type { Account, AccountStore } from './account.js';
import { Accounts, type NewAccount } from './accounts.js';
import { hashPassword, matchesPassword } from './password-hash.js';

const WEAK = { logN: 4, r: 1, p: 1 };

class MemoryAccounts implements AccountStore {
  readonly rows: {
    account: Account;
    passwordHash: string;
    disabledAt: number | null;
    confirmedAt: number | null;
  }[] = [];

  async add(account: Account, passwordHash: string, address: 'confirmed' | 'unconfirmed' = 'confirmed') {
    const isTaken = (test: (other: Account) => boolean) => this.rows.some((row) => test(row.account));
    if (isTaken(({ email }) => email === account.email)) return 'email_taken';
    const key = account.loginName?.toLowerCase();
    if (key !== undefined && isTaken(({ loginName }) => loginName?.toLowerCase() === key)) {
      return 'login_name_taken';
    }
    const confirmedAt = address === 'confirmed' ? account.createdAt : null;
    this.rows.push({ account, passwordHash, disabledAt: null, confirmedAt });
    return 'added';
  }

  async find(id: string) {
    return this.rows.find(({ account }) => account.id === id)?.account;
  }

  async findByName(name: string) {
    const key = name.toLowerCase();
    return this.rows.find(({ account }) => account.email === key || account.loginName?.toLowerCase() === key);
  }

  async list() {
    return this.rows.map(({ account }) => account);
  }

  async search() {
    return this.rows.map(({ account, disabledAt, confirmedAt }) => ({
      ...account,
      ...{ disabledAt, confirmedAt, documents: 0 },
    }));
  }

  async confirm(id: string, at: number) {
    const row = this.rows.find(({ account }) => account.id === id);
    if (row) row.confirmedAt ??= at;
    return row !== undefined;
  }

  async isConfirmed(id: string) {
    return this.rows.some(({ account, confirmedAt }) => account.id === id && confirmedAt !== null);
  }

  async setDisabled(id: string, at: number | null) {
    const row = this.rows.find(({ account }) => account.id === id);
    if (row) row.disabledAt = at;
    return row !== undefined;
  }

  async setPassword(id: string, passwordHash: string) {
    const row = this.rows.find(({ account }) => account.id === id);
    if (row) row.passwordHash = passwordHash;
  }
}

function makeAccounts() {
  const time = new FakeTime();
  const store = new MemoryAccounts();
  let ids = 0;
  const randomHex = () => String(++ids);
  const accounts = new Accounts({ accounts: store, clock: time.clock, randomHex, passwordCost: WEAK });
  const add = (change: Partial<NewAccount> = {}) =>
    accounts.add({ email: 'ann@example.org', displayName: 'Ann', password: 'pw', ...change });
  return { accounts, store, time, add };
}

describe('accounts', () => {
  it('[LI1] a name of one free word is the login name, a longer or a taken one is not', async () => {
    const { add } = makeAccounts();
    expect((await add()).loginName).toBe('Ann');
    expect((await add({ email: 'bo@example.org', displayName: 'Bo Muster' })).loginName).toBeNull();
    expect((await add({ email: 'ann2@example.org', displayName: 'ANN' })).loginName).toBeNull();
    const named = { email: 'c@example.org', displayName: 'Carla Muster', loginName: 'carla' };
    expect((await add(named)).loginName).toBe('carla');
  });

  it('[LI1] an address or a chosen login name that is taken, or is none, is refused', async () => {
    const { add, store } = makeAccounts();
    await add();
    for (const [change, code] of [
      [{ email: ' ANN@Example.org ' }, 'conflict'],
      [{ email: 'b@example.org', loginName: 'ann' }, 'conflict'],
      [{ email: 'b@example.org', loginName: 'a b' }, 'parameter_value_invalid'],
      [{ email: 'b@example.org', loginName: 'b@c' }, 'parameter_value_invalid'],
      [{ email: 'b' }, 'parameter_value_invalid'],
      [{ email: 'a,b@example.org' }, 'parameter_value_invalid'],
      [{ email: 'b@example.org', password: '' }, 'parameter_value_invalid'],
    ] as [Partial<NewAccount>, string][]) {
      await expect(add(change), JSON.stringify(change)).rejects.toMatchObject({ code });
    }
    expect(store.rows).toHaveLength(1);
  });

  it('[LI2] only a hash of the password is kept, and the same password has another one each time', async () => {
    const one = await hashPassword('crème brûlée', WEAK);
    const two = await hashPassword('crème brûlée', WEAK);
    expect(one).toMatch(/^scrypt\$4\$1\$1\$/);
    expect(one).not.toBe(two);
    expect(await matchesPassword(one, 'crème brûlée'.normalize('NFD'))).toBe(true);
    expect(await matchesPassword(one, 'creme brulee')).toBe(false);
    await expect(matchesPassword('md5$x', 'x')).rejects.toThrow('unknown kind');
  });

  it('[LI16] one address may not try many names either, and no more passwords are checked at once than four', async () => {
    const { accounts, add, time } = makeAccounts();
    await add();
    for (let trial = 0; trial < 50; trial += 1) {
      await expect(accounts.verify(`n${trial}`, 'x', '2001:db8::1')).rejects.toMatchObject({
        code: 'credentials_invalid',
      });
    }
    const refused = accounts.verify('ann', 'pw', '2001:db8::2');
    await expect(refused).rejects.toMatchObject({ code: 'busy', retryAfterSeconds: 2 });
    time.advance(2_000);
    expect((await accounts.verify('ann', 'pw', '2001:db8::2')).account.email).toBe('ann@example.org');

    const atOnce = await Promise.allSettled(
      ['a', 'b', 'c', 'd', 'e'].map((name) => accounts.verify(name, 'x', `10.0.0.${name}`)),
    );
    const codes = atOnce.map((outcome) => (outcome.status === 'rejected' ? outcome.reason.code : ''));
    expect(codes.filter((code) => code === 'busy')).toHaveLength(1);
  });

  it('[LI3] whoever signs up chooses a password of some length, and one address waits after five accounts', async () => {
    const { accounts, store, time } = makeAccounts();
    const signUp = (name: string, password = 'long enough', address = '192.0.2.1') =>
      accounts.signUp({ email: `${name}@example.org`, displayName: name, password }, address);
    await expect(signUp('a', 'short')).rejects.toMatchObject({ code: 'parameter_value_invalid' });
    for (const name of ['a', 'b', 'c', 'd', 'e']) expect((await signUp(name)).loginName).toBe(name);
    await expect(signUp('f')).rejects.toMatchObject({ code: 'busy', retryAfterSeconds: 2 });
    expect((await signUp('f', 'long enough', '192.0.2.2')).email).toBe('f@example.org');
    time.advance(2_000);
    // A refused try counts too: nobody lists accounts this way.
    await expect(signUp('a')).rejects.toMatchObject({ code: 'conflict' });
    await expect(signUp('g')).rejects.toMatchObject({ code: 'busy', retryAfterSeconds: 4 });
    expect(store.rows).toHaveLength(6);
  });

  it('[LI3] nobody vouches for an address that was typed at a sign-up before the operator does', async () => {
    const { accounts, add } = makeAccounts();
    const typed = { email: 'bo@example.org', displayName: 'Bo', password: 'long enough' };
    const { id } = await accounts.signUp(typed, '192.0.2.1');
    expect(await accounts.isConfirmed(id)).toBe(false);
    expect(await accounts.isConfirmed((await add()).id)).toBe(true);
    expect(await accounts.confirm(id)).toBe(true);
    expect(await accounts.isConfirmed(id)).toBe(true);
  });

  it('[LI4] a closed account logs in nowhere, as if its password were wrong, until it is opened again', async () => {
    const { accounts, add } = makeAccounts();
    const { id } = await add();
    expect(await accounts.setDisabled(id, true)).toBe(true);
    await expect(accounts.verify('ann', 'pw', '192.0.2.1')).rejects.toMatchObject({
      code: 'credentials_invalid',
    });
    expect(await accounts.setDisabled(id, false)).toBe(true);
    expect((await accounts.verify('ann', 'pw', '192.0.2.1')).account.id).toBe(id);
    expect(await accounts.setDisabled('nobody', true)).toBe(false);
  });
});
