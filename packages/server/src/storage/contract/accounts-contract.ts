import { expect, it } from 'vitest';
import type { Storage } from '../index.js';
import type { UseStore } from './contract-kit.js';
import { sampleAccount, sampleLibraryDocument, sampleTicket, sampleVersion } from './library-samples.js';

export function checkAccountStore(
  use: UseStore<Pick<Storage, 'accounts' | 'tickets' | 'library' | 'shares'>>,
): void {
  it('[ST100] finds an account by id, address and login name, whatever the case, with every field as it was', async () => {
    await use(async ({ accounts }) => {
      const account = sampleAccount({ displayName: 'Zoë "Z" 文', loginName: 'Zoë.Z' });
      expect(await accounts.add(account, 'hash-1')).toBe('added');
      expect(await accounts.find('ann')).toEqual(account);
      expect(await accounts.findByName('ANN@example.org')).toEqual({
        account,
        passwordHash: 'hash-1',
        disabledAt: null,
      });
      expect((await accounts.findByName('ZOË.z'))?.account).toEqual(account);
      expect(await accounts.findByName('zoë')).toBeUndefined();
      expect(await accounts.find('bo')).toBeUndefined();
    });
  });

  it('[ST101] refuses a second account with the same address or login name, and adds nothing', async () => {
    await use(async ({ accounts }) => {
      await accounts.add(sampleAccount(), 'h');
      expect(await accounts.add(sampleAccount({ id: 'x', loginName: null }), 'h')).toBe('email_taken');
      const twin = sampleAccount({ id: 'y', email: 'other@example.org', loginName: 'ANN' });
      expect(await accounts.add(twin, 'h')).toBe('login_name_taken');
      expect((await accounts.list()).map(({ id }) => id)).toEqual(['ann']);
      const nameless = sampleAccount({ id: 'z', email: 'z@example.org', loginName: null });
      expect(await accounts.add(nameless, 'h')).toBe('added');
    });
  });

  it('[ST102] hands over to a new account what was shared with its address, and nothing when it is refused', async () => {
    await use(async ({ accounts, library, shares }) => {
      await accounts.add(sampleAccount(), 'h');
      await library.add(sampleLibraryDocument(), sampleVersion());
      await shares.put('1000', ['bo@example.org'], true, 5);
      expect(await library.count({ list: 'incoming', of: 'bo' })).toBe(0);
      const bo = sampleAccount({ id: 'bo', email: 'bo@example.org', loginName: 'ann' });
      expect(await accounts.add(bo, 'h')).toBe('login_name_taken');
      expect((await shares.list('1000'))[0]?.accountId).toBeNull();
      expect(await accounts.add({ ...bo, loginName: 'bo' }, 'h')).toBe('added');
      expect((await shares.list('1000'))[0]?.accountId).toBe('bo');
      expect(await library.count({ list: 'incoming', of: 'bo' })).toBe(1);
    });
  });

  it('[ST103] finds a ticket by its hash with its account, and forgets those that ran out when the next is added', async () => {
    await use(async ({ accounts, tickets }) => {
      await accounts.add(sampleAccount(), 'hash-1');
      expect(await tickets.add(sampleTicket({ expiresAt: 2_000 }), 't1', 'hash-1')).toBe(true);
      expect(await tickets.add(sampleTicket({ kind: 'token', expiresAt: null }), 't2', 'hash-1')).toBe(true);
      expect(await tickets.find('t1')).toEqual({
        ticket: sampleTicket({ expiresAt: 2_000 }),
        account: sampleAccount(),
      });
      await tickets.add(sampleTicket({ createdAt: 2_000, expiresAt: 9_000 }), 't3', 'hash-1');
      expect(await tickets.find('t1')).toBeUndefined();
      expect((await tickets.find('t2'))?.ticket.expiresAt).toBeNull();
      await tickets.remove('t3');
      expect(await tickets.find('t3')).toBeUndefined();
    });
  });

  it('[ST104] a new password forgets every ticket, and none is added for the old one any more', async () => {
    await use(async ({ accounts, tickets }) => {
      await accounts.add(sampleAccount(), 'hash-1');
      await tickets.add(sampleTicket(), 't1', 'hash-1');
      await accounts.setPassword('ann', 'hash-2');
      expect(await tickets.find('t1')).toBeUndefined();
      expect(await tickets.add(sampleTicket(), 't2', 'hash-1')).toBe(false);
      expect(await tickets.find('t2')).toBeUndefined();
      expect(await tickets.add(sampleTicket(), 't3', 'hash-2')).toBe(true);
    });
  });

  it('[ST105] a closed account loses its tickets and gets none until it is opened again', async () => {
    await use(async ({ accounts, tickets }) => {
      await accounts.add(sampleAccount(), 'hash-1');
      await tickets.add(sampleTicket(), 't1', 'hash-1');
      expect(await accounts.setDisabled('ann', 5_000)).toBe(true);
      expect(await tickets.find('t1')).toBeUndefined();
      expect((await accounts.findByName('ann'))?.disabledAt).toBe(5_000);
      expect(await tickets.add(sampleTicket(), 't2', 'hash-1')).toBe(false);
      expect(await accounts.setDisabled('ann', null)).toBe(true);
      expect(await tickets.add(sampleTicket(), 't3', 'hash-1')).toBe(true);
      expect(await accounts.setDisabled('nobody', 1)).toBe(false);
    });
  });

  it('[ST102] an unconfirmed address gets nothing that is shared with it, until it is confirmed', async () => {
    await use(async ({ accounts, library, shares }) => {
      const bo = sampleAccount({ id: 'bo', email: 'bo@example.org', loginName: 'bo' });
      const addShared = async (id: string) => {
        await library.add(sampleLibraryDocument({ id }), sampleVersion({ documentId: id }));
        await shares.put(id, [bo.email], true, 2_000);
      };
      const idsOfBo = async () =>
        (await library.list({ list: 'incoming', of: 'bo' }, { skip: 0 }, 10)).map(
          ({ document }) => document.id,
        );
      await accounts.add(sampleAccount(), 'h');
      await addShared('1001');
      await accounts.add(bo, 'h', 'unconfirmed');
      await addShared('1002');
      await library.addWhole(sampleLibraryDocument({ id: '1003' }), {
        versions: [sampleVersion({ documentId: '1003' })],
        shares: [{ email: bo.email, canWrite: false, createdAt: 1_000 }],
        tags: [],
      });
      expect([await accounts.isConfirmed('bo'), await idsOfBo()]).toEqual([false, []]);
      expect((await accounts.search({ words: 'bo', skip: 0, limit: 1 }))[0]?.confirmedAt).toBe(null);

      expect(await accounts.confirm('bo', 5_000)).toBe(true);
      expect([await accounts.isConfirmed('bo'), await idsOfBo()]).toEqual([true, ['1001', '1002', '1003']]);
      expect(await accounts.confirm('nobody', 5_000)).toBe(false);
      await addShared('1004');
      expect(await idsOfBo()).toEqual(['1001', '1002', '1003', '1004']);
    });
  });

  it('[ST106] accounts are searched by address, login name and name, newest first, with their number of documents', async () => {
    await use(async ({ accounts, library }) => {
      await accounts.add(sampleAccount(), 'h');
      const bo = sampleAccount({
        id: 'bo',
        email: 'b_o@example.org',
        loginName: null,
        displayName: 'Bo 100%',
      });
      await accounts.add({ ...bo, createdAt: 2_000 }, 'h');
      await library.add(sampleLibraryDocument(), sampleVersion());
      const search = async (words: string, skip = 0, limit = 10) =>
        (await accounts.search({ words, skip, limit })).map(({ id, documents }) => [id, documents]);
      expect(await search('')).toEqual([
        ['bo', 0],
        ['ann', 1],
      ]);
      expect(await search('', 1, 1)).toEqual([['ann', 1]]);
      expect(await search('ANN')).toEqual([['ann', 1]]);
      expect(await search('b_o')).toEqual([['bo', 0]]);
      expect(await search('0%')).toEqual([['bo', 0]]);
      expect(await search('a_n')).toEqual([]);
    });
  });
}
