import { randomUUID } from 'node:crypto';
import { dirname, join } from 'node:path';
import type { BlobStore } from '../../domain/content/blob-store.js';
import { digest, isBlobName } from './digest.js';
import { type Disk, type DiskFile, machineDisk } from './disk.js';

/**
 * Blobs as files `ab/cdef…` below a folder. A blob is written beside its place, synced, renamed into it, and the
 * folders synced, so that a name never stands for half a file and `put` answers for what lasts.
 */
export class FileBlobStore implements BlobStore {
  readonly #folder: string;
  readonly #disk: Disk;
  /** Folders of which this process knows that a power cut leaves them their names. */
  readonly #lasting = new Set<string>();

  constructor(folder: string, disk: Disk = machineDisk) {
    this.#folder = folder;
    this.#disk = disk;
  }

  async put(bytes: Uint8Array): Promise<{ sha256: string; size: number }> {
    const sha256 = await digest(bytes);
    const file = this.#fileOf(sha256);
    // What stands there may be torn by the machine or the disk: then it is written anew and so healed.
    if (!(await this.#isWhole(file, sha256))) await this.#write(file, bytes);
    // Also what was there: whoever wrote it may have been killed before its name was synced.
    await this.#makeLasting(dirname(file));
    return { sha256, size: bytes.byteLength };
  }

  async get(sha256: string): Promise<Uint8Array | undefined> {
    if (!isBlobName(sha256)) return undefined;
    const bytes = await this.#readIfThere(this.#fileOf(sha256));
    if (bytes === undefined) return undefined;
    if ((await digest(bytes)) !== sha256) {
      throw new Error(`The blob ${sha256} is damaged: its content has another hash.`);
    }
    return bytes;
  }

  async has(sha256: string): Promise<boolean> {
    return isBlobName(sha256) && (await ignoreMissing(this.#disk.stat(this.#fileOf(sha256)))) !== undefined;
  }

  async remove(sha256: string): Promise<void> {
    if (isBlobName(sha256)) await ignoreMissing(this.#disk.unlink(this.#fileOf(sha256)));
  }

  async *list(): AsyncIterable<string> {
    for await (const folder of this.#entriesOf(this.#folder)) {
      if (!/^[0-9a-f]{2}$/.test(folder)) continue;
      for await (const rest of this.#entriesOf(join(this.#folder, folder))) {
        if (isBlobName(folder + rest)) yield folder + rest;
      }
    }
  }

  #fileOf(sha256: string): string {
    return join(this.#folder, sha256.slice(0, 2), sha256.slice(2));
  }

  async #isWhole(file: string, sha256: string): Promise<boolean> {
    const bytes = await this.#readIfThere(file);
    return bytes !== undefined && (await digest(bytes)) === sha256;
  }

  /** The content is synced before it gets its name. */
  async #write(file: string, bytes: Uint8Array): Promise<void> {
    await this.#disk.mkdir(dirname(file), { recursive: true });
    const temporary = `${file}.${randomUUID()}.part`;
    try {
      await this.#withFile(temporary, 'wx', async (handle) => {
        await handle.writeFile(bytes);
        await handle.sync();
      });
      await this.#disk.rename(temporary, file);
    } catch (error) {
      await ignoreMissing(this.#disk.unlink(temporary));
      throw error;
    }
  }

  /** Syncs the names in a folder of blobs, and once the names of the folders above them, whoever made them. */
  async #makeLasting(folder: string): Promise<void> {
    await this.#syncFolder(folder);
    if (this.#lasting.has(folder)) return;
    await this.#syncFolder(this.#folder);
    await this.#syncFolder(dirname(this.#folder));
    this.#lasting.add(folder);
  }

  async #syncFolder(folder: string): Promise<void> {
    await this.#withFile(folder, 'r', (handle) => handle.sync());
  }

  async #withFile(path: string, flags: 'r' | 'wx', use: (handle: DiskFile) => Promise<void>): Promise<void> {
    const handle = await this.#disk.open(path, flags);
    try {
      await use(handle);
    } finally {
      await handle.close();
    }
  }

  async #readIfThere(file: string): Promise<Uint8Array | undefined> {
    return await ignoreMissing(this.#disk.readFile(file));
  }

  async *#entriesOf(folder: string): AsyncIterable<string> {
    const entries = await ignoreMissing(this.#disk.opendir(folder));
    if (entries === undefined) return;
    for await (const entry of entries) yield entry.name;
  }
}

async function ignoreMissing<Value>(step: Promise<Value>): Promise<Value | undefined> {
  try {
    return await step;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
