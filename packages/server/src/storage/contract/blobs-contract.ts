import { createHash, randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import type { BlobStore } from '../../domain/content/blob-store.js';
import type { UseStore } from './contract-kit.js';

export function checkBlobStore(use: UseStore<BlobStore>): void {
  it('[ST80] gives back the bytes under their SHA-256', async () => {
    await use(async (blobs) => {
      for (const size of [0, 1, 3_000_000]) {
        const bytes = new Uint8Array(randomBytes(size));
        const sha256 = createHash('sha256').update(bytes).digest('hex');
        expect(await blobs.put(bytes)).toEqual({ sha256, size });
        expect(await blobs.has(sha256)).toBe(true);
        expect(Buffer.compare((await blobs.get(sha256)) ?? Buffer.from('none'), bytes)).toBe(0);
      }
    });
  });

  it('[ST81] knows nothing of bytes that were never put, and forgets those removed', async () => {
    await use(async (blobs) => {
      const { sha256 } = await blobs.put(Buffer.from('one'));
      await blobs.remove(sha256);
      await blobs.remove(sha256);
      expect(await blobs.has(sha256)).toBe(false);
      expect(await blobs.get(sha256)).toBeUndefined();
      expect(await blobs.get('../../etc/passwd')).toBeUndefined();
      expect(await blobs.has('..')).toBe(false);
      await blobs.remove('../officina.sqlite');
    });
  });

  it('[ST82] the same bytes put many times at once are one blob', async () => {
    await use(async (blobs) => {
      const put = await Promise.all(Array.from({ length: 8 }, () => blobs.put(Buffer.from('same'))));
      expect(new Set(put.map(({ sha256 }) => sha256)).size).toBe(1);
      expect(await namesOf(blobs)).toEqual([put[0]?.sha256]);
    });
  });

  it('[ST83] lists every blob once', async () => {
    await use(async (blobs) => {
      expect(await namesOf(blobs)).toEqual([]);
      const put = await Promise.all(
        Array.from({ length: 40 }, (_, i) => blobs.put(Buffer.from(`blob ${i}`))),
      );
      expect((await namesOf(blobs)).toSorted()).toEqual(put.map(({ sha256 }) => sha256).toSorted());
    });
  });
}

async function namesOf(blobs: BlobStore): Promise<string[]> {
  const names: string[] = [];
  for await (const name of blobs.list()) names.push(name);
  return names;
}
