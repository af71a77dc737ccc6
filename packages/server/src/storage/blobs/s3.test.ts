import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { checkBlobStore } from '../contract/blobs-contract.js';
import { ObjectStore } from '../testing/object-store.js';
import { S3BlobStore } from './s3.js';

describe('blobs in an object store', () => {
  let store: ObjectStore;

  beforeAll(async () => {
    store = await ObjectStore.start();
  });
  beforeEach(() => {
    store.objects.clear();
    store.trouble.left = 0;
  });
  afterAll(async () => {
    await store.stop();
  });

  checkBlobStore(async (work) => {
    await work(new S3BlobStore(store.bucket()));
  });

  it('[ST86] keeps to its own folder of the bucket', async () => {
    const blobs = new S3BlobStore(store.bucket());
    const other = new S3BlobStore(store.bucket({ prefix: '' }));
    await other.put(Buffer.from('a neighbour'));
    const { sha256 } = await blobs.put(Buffer.from('one'));
    const names: string[] = [];
    for await (const name of blobs.list()) names.push(name);
    expect(names).toEqual([sha256]);
    expect([...store.objects.keys()]).toContain(`blobs/${sha256.slice(0, 2)}/${sha256.slice(2)}`);
  });

  it('[ST86] asks again when the store is slow or the connection breaks', async () => {
    const blobs = new S3BlobStore(store.bucket());
    store.trouble = { left: 2, as: 503 };
    const { sha256 } = await blobs.put(Buffer.from('patience'));
    store.trouble = { left: 2, as: 'broken' };
    expect(Buffer.from((await blobs.get(sha256)) ?? []).toString()).toBe('patience');
  });

  it('[ST86] gives up with the reason that the store gave', async () => {
    const stranger = new S3BlobStore(store.bucket({ secretAccessKey: 'another' }));
    await expect(stranger.put(Buffer.from('one'))).rejects.toMatchObject({
      message: 'The object store cannot be used.',
      cause: { message: expect.stringContaining('403') },
    });
    expect(store.objects.size).toBe(0);
  });

  it('[ST84] reports a changed object instead of serving it, and heals a torn one', async () => {
    const blobs = new S3BlobStore(store.bucket());
    const { sha256 } = await blobs.put(Buffer.from('the whole text'));
    const [key = ''] = store.objects.keys();
    store.objects.set(key, Buffer.from('the whole Text'));
    await expect(blobs.get(sha256)).rejects.toThrow('damaged');
    store.objects.set(key, Buffer.from('the'));
    await blobs.put(Buffer.from('the whole text'));
    expect(Buffer.from((await blobs.get(sha256)) ?? []).toString()).toBe('the whole text');
  });
});
