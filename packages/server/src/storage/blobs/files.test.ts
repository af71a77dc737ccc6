import { mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Disk, machineDisk } from './disk.js';
import { FileBlobStore } from './files.js';

describe('blobs in files', () => {
  let folder: string;
  let blobs: FileBlobStore;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'officina-blobs-'));
    blobs = new FileBlobStore(folder);
  });

  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  const fileOf = (sha256: string) => join(folder, sha256.slice(0, 2), sha256.slice(2));

  it('[ST84] reports a torn or changed file instead of serving it', async () => {
    const { sha256 } = await blobs.put(Buffer.from('the whole text'));
    await truncate(fileOf(sha256), 5);
    await expect(blobs.get(sha256)).rejects.toThrow('damaged');
    await writeFile(fileOf(sha256), 'the whole Text');
    await expect(blobs.get(sha256)).rejects.toThrow('damaged');
  });

  it('[ST84] putting the bytes again heals a damaged file', async () => {
    const { sha256 } = await blobs.put(Buffer.from('the whole text'));
    await truncate(fileOf(sha256), 0);
    await blobs.put(Buffer.from('the whole text'));
    expect(Buffer.from((await blobs.get(sha256)) ?? []).toString()).toBe('the whole text');
  });

  it('[ST85] a write that was cut off leaves no blob, and nothing beside the blobs stays after a put', async () => {
    const { sha256 } = await blobs.put(Buffer.from('one'));
    await writeFile(
      `${fileOf('ab'.repeat(32)).replace(/[^/]+\/[^/]+$/, sha256.slice(0, 2))}/rest.part`,
      'half',
    );
    const names: string[] = [];
    for await (const name of blobs.list()) names.push(name);
    expect(names).toEqual([sha256]);
    expect(await readdir(join(folder, sha256.slice(0, 2)))).toHaveLength(2);
    expect(await readFile(fileOf(sha256), 'utf8')).toBe('one');
  });

  it('[ST85] a blob whose writer was killed before its name was synced lasts once it is put again', async () => {
    const bytes = Buffer.from('the whole text');
    const { sha256 } = await blobs.put(bytes);
    const synced: string[] = [];

    await new FileBlobStore(folder, watchingSyncs(synced)).put(bytes);

    expect(synced).toEqual([dirname(fileOf(sha256)), folder, dirname(folder)]);
  });

  it('[ST85] a full disk refuses the bytes, leaves nothing behind, and takes them when there is room', async () => {
    let isFull = true;
    const disk: Disk = {
      ...machineDisk,
      open: async (path, flags) => {
        const file = await machineDisk.open(path, flags);
        const writeFile = async (bytes: Uint8Array) => {
          await file.writeFile(isFull ? bytes.subarray(0, 3) : bytes);
          if (isFull) throw new Error('ENOSPC: no space left on device, write');
        };
        return { writeFile, sync: () => file.sync(), close: () => file.close() };
      },
    };
    const full = new FileBlobStore(folder, disk);

    await expect(full.put(Buffer.from('the whole text'))).rejects.toThrow('ENOSPC');
    const left = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((e) => e.isFile());
    isFull = false;
    const { sha256 } = await full.put(Buffer.from('the whole text'));

    expect(left).toEqual([]);
    expect(await readFile(fileOf(sha256), 'utf8')).toBe('the whole text');
  });
});

/** The machine's disk, which notes every folder whose names are made to last. */
function watchingSyncs(synced: string[]): Disk {
  return {
    ...machineDisk,
    open: async (path, flags) => {
      const file = await machineDisk.open(path, flags);
      const sync = async () => {
        await file.sync();
        if (flags === 'r') synced.push(path);
      };
      return { writeFile: (bytes) => file.writeFile(bytes), sync, close: () => file.close() };
    },
  };
}
