import { randomUUID } from 'node:crypto';
import { type FileHandle, mkdir, open, opendir, readFile, rename, rm, stat, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { BlobStore } from '../../domain/content/blob-store.js';
import { digest, isBlobName } from './digest.js';

/**
 * Blobs as files `ab/cdef…` below a folder. A blob is written beside its place, synced, renamed into it, and the
 * folder synced, so that a name never stands for half a file.
 */
export class FileBlobStore implements BlobStore {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async put(bytes: Uint8Array): Promise<{ sha256: string; size: number }> {
    const sha256 = await digest(bytes);
    const file = this.#fileOf(sha256);
    // What stands there may be torn by the machine or the disk: then it is written anew and so healed.
    if (!(await this.#isWhole(file, sha256))) await writeDurably(this.#folder, file, bytes);
    return { sha256, size: bytes.byteLength };
  }

  async get(sha256: string): Promise<Uint8Array | undefined> {
    if (!isBlobName(sha256)) return undefined;
    const bytes = await readIfThere(this.#fileOf(sha256));
    if (bytes === undefined) return undefined;
    if ((await digest(bytes)) !== sha256) {
      throw new Error(`The blob ${sha256} is damaged: its content has another hash.`);
    }
    return bytes;
  }

  async has(sha256: string): Promise<boolean> {
    return isBlobName(sha256) && (await ignoreMissing(stat(this.#fileOf(sha256)))) !== undefined;
  }

  async remove(sha256: string): Promise<void> {
    if (isBlobName(sha256)) await ignoreMissing(unlink(this.#fileOf(sha256)));
  }

  async *list(): AsyncIterable<string> {
    for await (const folder of entriesOf(this.#folder)) {
      if (!/^[0-9a-f]{2}$/.test(folder)) continue;
      for await (const rest of entriesOf(join(this.#folder, folder))) {
        if (isBlobName(folder + rest)) yield folder + rest;
      }
    }
  }

  #fileOf(sha256: string): string {
    return join(this.#folder, sha256.slice(0, 2), sha256.slice(2));
  }

  async #isWhole(file: string, sha256: string): Promise<boolean> {
    const bytes = await readIfThere(file);
    return bytes !== undefined && (await digest(bytes)) === sha256;
  }
}

async function writeDurably(root: string, file: string, bytes: Uint8Array): Promise<void> {
  const folder = dirname(file);
  if ((await mkdir(folder, { recursive: true })) !== undefined) {
    await syncFolder(root);
    await syncFolder(dirname(root));
  }
  const temporary = `${file}.${randomUUID()}.part`;
  try {
    await withFile(temporary, 'wx', async (handle) => {
      await handle.writeFile(bytes);
      await handle.sync();
    });
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await syncFolder(folder);
}

async function syncFolder(folder: string): Promise<void> {
  await withFile(folder, 'r', (handle) => handle.sync());
}

async function withFile(
  path: string,
  flags: string,
  use: (handle: FileHandle) => Promise<void>,
): Promise<void> {
  const handle = await open(path, flags);
  try {
    await use(handle);
  } finally {
    await handle.close();
  }
}

async function readIfThere(file: string): Promise<Uint8Array | undefined> {
  return await ignoreMissing(readFile(file));
}

async function ignoreMissing<Value>(step: Promise<Value>): Promise<Value | undefined> {
  try {
    return await step;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

async function* entriesOf(folder: string): AsyncIterable<string> {
  const entries = await ignoreMissing(opendir(folder));
  if (entries === undefined) return;
  for await (const entry of entries) yield entry.name;
}
