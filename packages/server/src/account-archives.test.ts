import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type AccountArchivesDeps, createAccountArchives } from './account-archives.js';
import { BlobKeeper } from './domain/documents/blob-keeper.js';
import { FakeEngine } from './domain/testing/fake-collaborators.js';
import { sampleAccount, sampleLibraryDocument, sampleVersion } from './storage/contract/library-samples.js';
import { openStorage, type Storage } from './storage/index.js';

let folder: string;
let storage: Storage;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'officina-archives-'));
  storage = await openStorage({ dataFolder: folder, databaseUrl: null, blobBucket: null });
  await storage.accounts.add(sampleAccount(), 'h');
  const { sha256 } = await storage.blobs.put(new TextEncoder().encode('a plan'));
  await storage.library.add(sampleLibraryDocument(), sampleVersion({ blob: sha256 }));
});
afterAll(async () => {
  await storage.close();
  await rm(folder, { recursive: true });
});

function open(change: Partial<AccountArchivesDeps> = {}) {
  const tell = vi.fn();
  const report = vi.fn();
  const archives = createAccountArchives({
    storage,
    blobs: new BlobKeeper(storage.blobs, storage.blobReferences),
    engine: new FakeEngine(),
    changes: { tell },
    clock: () => 0,
    maxFileBytes: 1_000,
    maxBytes: 100_000,
    report,
    ...change,
  });
  return { archives, tell, report };
}

async function bytesOf(body: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks);
}

async function* once(bytes: Uint8Array) {
  yield bytes;
}

describe('archives of accounts', () => {
  it('[LI90] go out whole and come in again, and whoever looks at the library is told', async () => {
    const { archives, tell } = open();
    const zip = await bytesOf(archives.export(sampleAccount()));
    const bo = sampleAccount({ id: 'bo', email: 'bo@example.org', loginName: 'bo' });
    await storage.accounts.add(bo, 'h');
    expect(await archives.import(bo, once(zip))).toEqual({ added: 1, present: 0, refused: [] });
    expect(tell).toHaveBeenCalledOnce();
    expect(await archives.import(bo, once(zip))).toEqual({ added: 0, present: 1, refused: [] });
  });

  it('[LI92] that cannot be ended fail for their reader, and the operator is told', async () => {
    const blobs = { ...storage.blobs, get: async () => undefined } as unknown as Storage['blobs'];
    const { archives, report } = open({ storage: { ...storage, blobs } });
    await expect(bytesOf(archives.export(sampleAccount()))).rejects.toThrow('is missing');
    expect(report).toHaveBeenCalledOnce();
  });

  it('[LI94] are refused beyond a size, and more than two at once', async () => {
    const { archives } = open({ maxBytes: 10 });
    const large = archives.import(sampleAccount(), once(new Uint8Array(11)));
    await expect(large).rejects.toMatchObject({ code: 'upload_too_large' });

    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    async function* slow() {
      await held;
      yield new Uint8Array(1);
    }
    const refused = [1, 2].map(() =>
      expect(archives.import(sampleAccount(), slow())).rejects.toMatchObject({
        code: 'parameter_value_invalid',
      }),
    );
    await expect(archives.import(sampleAccount(), once(new Uint8Array(1)))).rejects.toMatchObject({
      code: 'busy',
    });
    release();
    await Promise.all(refused);
    await expect(archives.import(sampleAccount(), once(new Uint8Array(1)))).rejects.toMatchObject({
      code: 'parameter_value_invalid',
    });
  });
});
