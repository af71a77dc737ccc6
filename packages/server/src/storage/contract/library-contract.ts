import { expect, it } from 'vitest';
import type { LibraryDocument } from '../../domain/library/library-document.js';
import type { ListName, Place } from '../../domain/library/library-store.js';
import type { Storage } from '../index.js';
import type { UseStore } from './contract-kit.js';
import { sampleAccount, sampleLibraryDocument, sampleVersion } from './library-samples.js';

type Shelves = Pick<Storage, 'accounts' | 'library' | 'shares' | 'tags' | 'blobReferences'>;

const bo = sampleAccount({ id: 'bo', email: 'bo@example.org', loginName: null, displayName: 'Bo' });
const BLOB = 'b'.repeat(64);

/** Ann and Bo have accounts. */
function withPeople(use: UseStore<Shelves>): UseStore<Shelves> {
  return (test) =>
    use(async (storage) => {
      await storage.accounts.add(sampleAccount(), 'h');
      await storage.accounts.add(bo, 'h');
      await test(storage);
    });
}

async function addDocument({ library }: Shelves, change: Partial<LibraryDocument> = {}): Promise<string> {
  const document = sampleLibraryDocument(change);
  const { id: documentId, version: number } = document;
  expect(await library.add(document, sampleVersion({ documentId, number }))).toBe(true);
  return documentId;
}

async function idsOf({ library }: Shelves, name: ListName, place: Place = { skip: 0 }, limit = 100) {
  return (await library.list(name, place, limit)).map(({ document }) => document.id);
}

const incoming: ListName = { list: 'incoming', of: 'bo' };
const owned: ListName = { list: 'owned', of: 'ann' };

export function checkLibraryStore(useStore: UseStore<Shelves>): void {
  const use = withPeople(useStore);

  it('[ST110] finds a document as each person meets it, with every field as it was', async () => {
    await use(async (storage) => {
      const document = sampleLibraryDocument({
        name: 'Ünï "quoted" 文',
        urlName: { stem: 'Ünï文', number: 3 },
        modifiedAt: 1_800_000_000_000,
        modifiedBy: 'bo',
        isSharing: false,
        publication: { allowsComments: true, showsComments: false },
        lock: { holderId: 'bo', until: 1_800_000_000_001 },
      });
      await addDocument(storage, document);
      await storage.shares.put('1000', ['zed@example.org', 'bo@example.org'], true, 7);
      const seen = {
        document,
        owner: sampleAccount(),
        editor: bo,
        sharedWith: ['bo@example.org', 'zed@example.org'],
      };
      expect(await storage.library.find('1000', 'ann')).toEqual({ ...seen, share: null });
      expect(await storage.library.find('1000', 'bo')).toEqual({ ...seen, share: { canWrite: true } });
      expect(await storage.library.find('1000', null)).toEqual({ ...seen, share: null });
      expect(await storage.library.find('1001', 'ann')).toBeUndefined();
    });
  });

  it('[ST111] refuses a second document with the same URL name of one owner, and adds nothing of it', async () => {
    await use(async (storage) => {
      const urlName = { stem: 'Plan', number: 1 };
      await addDocument(storage, { urlName });
      const twin = sampleLibraryDocument({ id: '1001', urlName: { stem: 'Plan1', number: 0 } });
      expect(await storage.library.add(twin, sampleVersion({ documentId: '1001' }))).toBe(false);
      expect(await storage.library.listVersions('1001')).toEqual([]);
      await addDocument(storage, { id: '1002', ownerId: 'bo', urlName });
      expect(await storage.library.highestUrlNumber('ann', 'Plan')).toBe(1);
      expect(await storage.library.highestUrlNumber('ann', 'Plan1')).toBeUndefined();
    });
  });

  it('[ST112] lists newest change first, ties by id, by place and by entry, up to the limit', async () => {
    await use(async (storage) => {
      for (const [id, modifiedAt] of [
        ['1003', 20],
        ['1001', 30],
        ['1002', 20],
        ['1004', 10],
      ] as const) {
        await addDocument(storage, { id, modifiedAt });
        await storage.shares.put(id, ['bo@example.org'], false, 1);
      }
      await addDocument(storage, { id: '2000', ownerId: 'bo' });
      for (const name of [owned, incoming]) {
        expect(await idsOf(storage, name)).toEqual(['1001', '1002', '1003', '1004']);
        expect(await idsOf(storage, name, { skip: 1 }, 2)).toEqual(['1002', '1003']);
        expect(await idsOf(storage, name, { skip: 4 })).toEqual([]);
        expect(await idsOf(storage, name, { after: { id: '1002', modifiedAt: 20 } })).toEqual([
          '1003',
          '1004',
        ]);
        expect(await storage.library.count(name)).toBe(4);
      }
    });
  });

  it('[ST113] a document in the trash is in its owner’s trash only, without a lock, and comes back', async () => {
    await use(async (storage) => {
      await addDocument(storage, { publication: { allowsComments: false, showsComments: false } });
      await storage.shares.put('1000', ['bo@example.org'], false, 1);
      await storage.tags.add('bo', '1000', ['plan']);
      await storage.library.takeLock('1000', { holderId: 'bo', until: 99 }, 1);
      const lists: ListName[] = [
        owned,
        incoming,
        { list: 'published', of: 'ann' },
        { list: 'public' },
        { list: 'tagged', of: 'bo', tag: 'plan' },
      ];
      for (const name of lists) expect(await idsOf(storage, name)).toEqual(['1000']);
      await storage.library.change('1000', { state: 'trashed' });
      for (const name of lists) expect(await idsOf(storage, name)).toEqual([]);
      expect(await idsOf(storage, { list: 'trashed', of: 'ann' })).toEqual(['1000']);
      expect((await storage.library.find('1000', 'ann'))?.document.lock).toBeNull();
      await storage.shares.put('1000', ['zed@example.org'], false, 2);
      await storage.library.change('1000', { state: 'kept' });
      for (const name of lists) expect(await idsOf(storage, name)).toEqual(['1000']);
    });
  });

  it('[ST114] a version gets the next number, moves the document to the front, and can be asked to follow one', async () => {
    await use(async (storage) => {
      const { library } = storage;
      await addDocument(storage, { version: 19 });
      await addDocument(storage, { id: '1001', modifiedAt: 2_000 });
      for (const id of ['1000', '1001']) await storage.shares.put(id, ['bo@example.org'], true, 1);
      const version = { blob: BLOB, createdAt: 3_000, createdBy: 'bo' };
      expect(await library.addVersion('1000', version)).toBe(20);
      expect(await library.addVersion('1000', version, 19)).toBeUndefined();
      expect(await library.addVersion('1000', version, 20)).toBe(21);
      expect((await library.listVersions('1000')).map(({ number }) => number)).toEqual([21, 20, 19]);
      expect(await library.findVersion('1000', 20)).toEqual({ documentId: '1000', number: 20, ...version });
      expect((await library.find('1000', 'ann'))?.document).toMatchObject({
        version: 21,
        modifiedAt: 3_000,
        modifiedBy: 'bo',
      });
      expect(await idsOf(storage, incoming)).toEqual(['1000', '1001']);
      await library.change('1000', { state: 'trashed' });
      expect(await library.addVersion('1000', version)).toBeUndefined();
      expect(await library.listVersions('1000')).toHaveLength(3);
    });
  });

  it('[ST114] of many versions at once each gets a number of its own', async () => {
    await use(async (storage) => {
      await addDocument(storage);
      const version = { blob: BLOB, createdAt: 3_000, createdBy: 'bo' };
      const numbers = await Promise.all(
        Array.from({ length: 8 }, () => storage.library.addVersion('1000', version)),
      );
      expect(numbers.toSorted()).toEqual([11, 12, 13, 14, 15, 16, 17, 18]);
    });
  });

  it('[ST115] renaming makes a version with the newest content, and refuses a URL name that is taken', async () => {
    await use(async (storage) => {
      const { library } = storage;
      await addDocument(storage);
      await addDocument(storage, { id: '1001', urlName: { stem: 'Offer', number: 0 } });
      const names = { name: 'Offer', urlName: { stem: 'Offer', number: 0 } };
      const by = { accountId: 'ann', at: 5_000 };
      expect(await library.rename('1000', names, by)).toBe(false);
      expect(await library.listVersions('1000')).toHaveLength(1);
      expect(await library.rename('1000', { ...names, urlName: { stem: 'Offer', number: 1 } }, by)).toBe(
        true,
      );
      expect((await library.find('1000', 'ann'))?.document).toMatchObject({
        name: 'Offer',
        urlName: { stem: 'Offer', number: 1 },
        version: 11,
        modifiedAt: 5_000,
      });
      expect((await library.findVersion('1000', 11))?.blob).toBe('a'.repeat(64));
    });
  });

  it('[ST116] a lock is held by one person until it runs out or is released', async () => {
    await use(async (storage) => {
      const { library } = storage;
      await addDocument(storage);
      expect(await library.takeLock('1000', { holderId: 'bo', until: 100 }, 1)).toBe(true);
      expect(await library.takeLock('1000', { holderId: 'ann', until: 100 }, 99)).toBe(false);
      expect(await library.takeLock('1000', { holderId: 'bo', until: 200 }, 99)).toBe(true);
      await library.releaseLock('1000', 'ann');
      expect(await library.takeLock('1000', { holderId: 'ann', until: 300 }, 199)).toBe(false);
      expect(await library.takeLock('1000', { holderId: 'ann', until: 300 }, 200)).toBe(true);
      await library.releaseLock('1000', 'ann');
      expect((await library.find('1000', 'ann'))?.document.lock).toBeNull();
    });
  });

  it('[ST117] removing forgets the document with all that belongs to it, and names its blobs', async () => {
    await use(async (storage) => {
      await addDocument(storage);
      await addDocument(storage, { id: '1001' });
      await storage.library.addVersion('1000', { blob: BLOB, createdAt: 2, createdBy: 'ann' });
      await storage.shares.put('1000', ['bo@example.org'], false, 1);
      await storage.tags.add('bo', '1000', ['plan']);
      expect(await storage.blobReferences.isReferenced(BLOB)).toBe(true);
      expect((await storage.library.remove('1000')).toSorted()).toEqual(['a'.repeat(64), BLOB]);
      expect(await storage.library.find('1000', 'ann')).toBeUndefined();
      expect(await storage.shares.list('1000')).toEqual([]);
      expect(await storage.tags.listOf('bo', '1000')).toEqual([]);
      expect(await storage.blobReferences.isReferenced(BLOB)).toBe(false);
      expect(await storage.blobReferences.isReferenced('a'.repeat(64))).toBe(true);
    });
  });

  it('[ST118] sharing again changes the right and keeps the place; a share that is taken back is gone', async () => {
    await use(async (storage) => {
      await addDocument(storage);
      await storage.shares.put('1000', ['bo@example.org'], false, 1);
      await storage.shares.put('1000', ['amy@example.org', 'bo@example.org'], true, 2);
      expect(await storage.shares.list('1000')).toEqual([
        { documentId: '1000', email: 'bo@example.org', accountId: 'bo', canWrite: true, createdAt: 1 },
        { documentId: '1000', email: 'amy@example.org', accountId: null, canWrite: true, createdAt: 2 },
      ]);
      expect(await storage.shares.remove('1000', 'bo@example.org')).toBe(true);
      expect(await storage.shares.remove('1000', 'bo@example.org')).toBe(false);
      expect(await idsOf(storage, incoming)).toEqual([]);
      await storage.shares.put('9999', ['bo@example.org'], true, 3);
      expect(await storage.shares.list('9999')).toEqual([]);
    });
  });

  it('[ST119] tags are each person’s own, counted over the documents that they see', async () => {
    await use(async (storage) => {
      const { tags } = storage;
      for (const id of ['1000', '1001']) {
        await addDocument(storage, { id });
        await tags.add('ann', id, ['plan', `only-${id}`, 'plan']);
      }
      await storage.shares.put('1000', ['bo@example.org'], false, 1);
      await tags.add('bo', '1000', ['plan', 'Plan']);
      await tags.add('bo', '1001', ['plan']);
      expect(await tags.listOf('bo', '1000')).toHaveLength(2);
      expect(await tags.list('ann', { order: 'desc', skip: 0, limit: null })).toEqual([
        { name: 'plan', count: 2 },
        { name: 'only-1000', count: 1 },
        { name: 'only-1001', count: 1 },
      ]);
      expect(await tags.list('ann', { order: 'asc', skip: 1, limit: 1 })).toEqual([
        { name: 'only-1001', count: 1 },
      ]);
      expect(
        (await tags.list('bo', { order: 'desc', skip: 0, limit: null })).map(({ count }) => count),
      ).toEqual([1, 1]);
      expect(await idsOf(storage, { list: 'tagged', of: 'ann', tag: 'plan' })).toEqual(['1000', '1001']);
      expect(await idsOf(storage, { list: 'tagged', of: 'bo', tag: 'plan' })).toEqual(['1000']);
      await tags.remove('ann', '1000', ['plan', 'unknown']);
      expect(await idsOf(storage, { list: 'tagged', of: 'ann', tag: 'plan' })).toEqual(['1001']);
    });
  });

  it('[ST120] a document comes with versions, shares and tags in one step, or not at all when its id or URL name is taken', async () => {
    await use(async (storage) => {
      const { library, shares, tags } = storage;
      const document = sampleLibraryDocument({
        version: 13,
        modifiedBy: 'cy@example.org',
        modifiedAt: 9_000,
      });
      const versions = [10, 13].map((number) => sampleVersion({ number, createdBy: 'cy@example.org' }));
      const people = Array.from({ length: 600 }, (_, index) => ({
        email: `p${String(index).padStart(3, '0')}@example.org`,
        canWrite: false,
        createdAt: 5,
      }));
      const bosShare = { email: 'bo@example.org', canWrite: true, createdAt: 4 };
      const belongings = { versions, shares: [bosShare, ...people], tags: ['plan', 'q2'] };
      expect(await library.addWhole(document, belongings)).toBe(true);
      expect(await library.listVersions('1000')).toEqual(versions.toReversed());
      expect((await shares.list('1000')).map(({ accountId }) => accountId)).toEqual([
        'bo',
        ...people.map(() => null),
      ]);
      expect(await idsOf(storage, incoming)).toEqual(['1000']);
      const entry = await library.find('1000', 'bo');
      expect(entry).toMatchObject({
        document,
        share: { canWrite: true },
        editor: { email: 'cy@example.org' },
      });
      expect(await tags.listOf('ann', '1000')).toEqual(['plan', 'q2']);

      expect(await library.addWhole({ ...document, version: 99 }, belongings)).toBe(false);
      const sameUrl = { ...document, id: '2000' };
      expect(await library.addWhole(sameUrl, { ...belongings, tags: ['other'] })).toBe(false);
      expect(await library.find('2000', 'ann')).toBeUndefined();
      expect(await library.listVersions('2000')).toEqual([]);
      expect(await shares.list('2000')).toEqual([]);
      const trashed = {
        ...document,
        id: '3000',
        urlName: { stem: 'T', number: 0 },
        state: 'trashed' as const,
      };
      expect(await library.addWhole(trashed, { versions: [], shares: [bosShare], tags: [] })).toBe(true);
      expect(await idsOf(storage, incoming)).toEqual(['1000']);
    });
  });

  it('[ST121] names all documents of an owner, the trash among them, and all tags of a person', async () => {
    await use(async (storage) => {
      const { library, tags } = storage;
      await addDocument(storage, { id: '2000' });
      await addDocument(storage, { id: '1000' });
      await addDocument(storage, { id: '3000', ownerId: 'bo' });
      await library.change('1000', { state: 'trashed' });
      expect(await library.ownedIds('ann')).toEqual(['1000', '2000']);
      await tags.add('ann', '3000', ['x']);
      await tags.add('ann', '1000', ['b', 'a']);
      await tags.add('bo', '1000', ['c']);
      expect(await tags.listAll('ann')).toEqual([
        { documentId: '1000', names: ['a', 'b'] },
        { documentId: '3000', names: ['x'] },
      ]);
    });
  });
}
