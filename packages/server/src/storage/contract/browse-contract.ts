import { expect, it } from 'vitest';
import type { BrowsePlace, BrowseQuery } from '../../domain/library/browse.js';
import type { LibraryDocument } from '../../domain/library/library-document.js';
import type { Storage } from '../index.js';
import type { UseStore } from './contract-kit.js';
import { sampleAccount, sampleLibraryDocument, sampleVersion } from './library-samples.js';

const bo = sampleAccount({ id: 'bo', email: 'bo@example.org', loginName: null, displayName: 'Bo' });

async function addDocument({ library }: Storage, change: Partial<LibraryDocument>): Promise<void> {
  const document = sampleLibraryDocument(change);
  const { id: documentId, version: number } = document;
  await library.add(document, sampleVersion({ documentId, number }));
}

function queryOf(change: Partial<BrowseQuery> = {}): BrowseQuery {
  return { accountId: 'ann', view: 'mine', words: [], sort: 'modified', after: null, limit: 10, ...change };
}

export function checkBrowseStore(useStore: UseStore<Storage>): void {
  const use: UseStore<Storage> = (test) =>
    useStore(async (storage) => {
      await storage.accounts.add(sampleAccount(), 'h');
      await storage.accounts.add(bo, 'h');
      await test(storage);
    });
  const idsOf = async ({ browsing }: Storage, change: Partial<BrowseQuery>) =>
    (await browsing.browse(queryOf(change))).map(({ entry }) => entry.document.id);

  it('[ST122] shows every view of the library to the person that it is for', async () => {
    await use(async (storage) => {
      await addDocument(storage, { id: '1', modifiedAt: 1 });
      await addDocument(storage, { id: '2', modifiedAt: 2, state: 'trashed' });
      const publication = { allowsComments: false, showsComments: false };
      await addDocument(storage, { id: '3', modifiedAt: 3, publication });
      await addDocument(storage, { id: '4', modifiedAt: 4, ownerId: 'bo' });
      await storage.shares.put('1', ['bo@example.org'], false, 7);
      await storage.shares.put('4', ['ann@example.org'], true, 7);
      await storage.tags.add('ann', '4', ['plan']);
      expect(await idsOf(storage, {})).toEqual(['3', '1']);
      expect(await idsOf(storage, { view: 'trash' })).toEqual(['2']);
      expect(await idsOf(storage, { view: 'public' })).toEqual(['3']);
      expect(await idsOf(storage, { view: 'shared' })).toEqual(['4']);
      expect(await idsOf(storage, { view: { tag: 'plan' } })).toEqual(['4']);
      expect(await idsOf(storage, { accountId: 'bo', view: 'shared' })).toEqual(['1']);
      expect(await idsOf(storage, { accountId: 'bo', view: { tag: 'plan' } })).toEqual([]);
    });
  });

  it('[ST122] says of each document what the person may do, its tags and who holds it', async () => {
    await use(async (storage) => {
      await addDocument(storage, { id: '1', lock: { holderId: 'bo', until: 9 } });
      await storage.shares.put('1', ['bo@example.org', 'zed@example.org'], true, 7);
      await storage.tags.add('bo', '1', ['b', 'a']);
      await storage.tags.add('ann', '1', ['own']);
      const [seen] = await storage.browsing.browse(queryOf({ accountId: 'bo', view: 'shared' }));
      expect(seen).toMatchObject({ tags: ['a', 'b'], lockHolder: 'Bo' });
      expect(seen?.entry).toMatchObject({
        share: { canWrite: true },
        sharedWith: ['bo@example.org', 'zed@example.org'],
        owner: { id: 'ann' },
      });
      expect(await storage.browsing.browseOne('bo', '1')).toEqual(seen);
      expect(await storage.browsing.browseOne('ann', '1')).toMatchObject({
        tags: ['own'],
        entry: { share: null },
      });
      expect(await storage.browsing.browseOne('ann', '404')).toBeUndefined();
    });
  });

  it('[ST122] goes on after any entry, by each order, ties by id', async () => {
    await use(async (storage) => {
      const rows = [
        { id: '1', name: 'b', modifiedAt: 5, createdAt: 9 },
        { id: '2', name: 'A', modifiedAt: 7, createdAt: 9 },
        { id: '3', name: 'c', modifiedAt: 5, createdAt: 8 },
        { id: '4', name: 'B', modifiedAt: 6, createdAt: 7 },
      ];
      for (const row of rows) {
        await addDocument(storage, { ...row, urlName: { stem: `n${row.id}`, number: 0 } });
        await storage.shares.put(row.id, ['bo@example.org'], true, 1);
      }
      const orders = {
        modified: ['2', '4', '1', '3'],
        created: ['1', '2', '3', '4'],
        name: ['2', '1', '4', '3'],
      } as const;
      for (const sort of ['modified', 'created', 'name'] as const) {
        for (const [view, accountId] of [
          ['mine', 'ann'],
          ['shared', 'bo'],
        ] as const) {
          const seen: string[] = [];
          let after: BrowsePlace | null = null;
          for (;;) {
            const query = queryOf({ accountId, view, sort, after, limit: 1 });
            const [next] = await storage.browsing.browse(query);
            if (!next) break;
            const { id, name, modifiedAt, createdAt } = next.entry.document;
            seen.push(id);
            after = { id, key: { modified: modifiedAt, created: createdAt, name }[sort] };
          }
          expect(seen, `${view} by ${sort}`).toEqual(orders[sort]);
        }
      }
    });
  });

  it('[ST123] finds every word of a search in the name or the text, and takes no sign of it for a pattern', async () => {
    await use(async (storage) => {
      await addDocument(storage, { id: '1', name: 'Offer' });
      await addDocument(storage, { id: '2', name: 'Letter' });
      expect(await storage.search.listMissing(10)).toHaveLength(2);
      await storage.search.put('1', { version: 10, content: 'offer\nthree chairs, 100% oak_wood' });
      await storage.search.put('2', { version: 10, content: 'letter\nthree tables' });
      await storage.search.put('404', { version: 10, content: 'nothing' });
      expect(await storage.search.listMissing(10)).toEqual([]);
      const found = (...words: string[]) => idsOf(storage, { words });
      expect(await found('three')).toEqual(['1', '2']);
      expect(await found('three', 'offer')).toEqual(['1']);
      expect(await found('100%')).toEqual(['1']);
      expect(await found('oak_wood')).toEqual(['1']);
      expect(await found('oakxwood')).toEqual([]);
      expect(await found('\\')).toEqual([]);

      await storage.library.addVersion('2', { blob: 'c'.repeat(64), createdAt: 5, createdBy: 'ann' });
      expect(await storage.search.listMissing(10)).toEqual(['2']);
      await storage.search.put('2', { version: 11, content: 'letter\nfour tables' });
      expect(await found('three')).toEqual(['1']);
      await storage.library.remove('1');
      expect(await found('three')).toEqual([]);
    });
  });

  it('[ST122] lists versions newest first, with the names, or else addresses, of those who made them', async () => {
    await use(async (storage) => {
      await addDocument(storage, { id: '1' });
      await storage.library.addVersion('1', { blob: 'c'.repeat(64), createdAt: 5, createdBy: 'bo' });
      await storage.library.addVersion('1', { blob: 'd'.repeat(64), createdAt: 6, createdBy: 'gone' });
      const elsewhere = { blob: 'e'.repeat(64), createdAt: 7, createdBy: 'far@example.org' };
      await storage.library.addVersion('1', elsewhere);
      expect(await storage.browsing.listVersions('1')).toEqual([
        { number: 13, createdAt: 7, by: 'far@example.org' },
        { number: 12, createdAt: 6, by: null },
        { number: 11, createdAt: 5, by: 'Bo' },
        { number: 10, createdAt: 1_000, by: 'Ann' },
      ]);
    });
  });
}
