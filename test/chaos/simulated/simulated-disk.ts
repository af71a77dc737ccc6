import { dirname } from 'node:path';
import type { SeededRandom } from '../../../packages/server/src/domain/saving/testing/seeded-random.js';
import type { VirtualTime } from '../../../packages/server/src/domain/saving/testing/virtual-time.js';
import type { Disk, DiskFile } from '../../../packages/server/src/storage/blobs/disk.js';

interface SimulatedFile {
  bytes: Uint8Array;
  /** What of it is on the platter; null before the first sync. */
  synced: Uint8Array | null;
}

/** A change of what a folder lists, in the order of the calls. */
interface FolderChange {
  folder: string;
  apply(): void;
}

const LONGEST_SYNC_MS = 12;
const NOTHING = new Uint8Array();

/**
 * A disk with a cache in front. A killed process leaves the cache as it is; after a power cut there is only what was
 * synced: the content of files by their own sync, the names of files and folders by the sync of the folder above.
 * Whatever was not synced may be there all the same, whole or torn: a disk is free to write early.
 */
export class SimulatedDisk implements Disk {
  #files = new Map<string, SimulatedFile>();
  #folders = new Set<string>(['/', '/data']);
  readonly #platterFiles = new Map<string, SimulatedFile>();
  readonly #platterFolders = new Set<string>(['/', '/data']);
  #changes: FolderChange[] = [];

  constructor(
    private readonly time: VirtualTime,
    private readonly random: SeededRandom,
  ) {}

  powerCut(): void {
    for (const change of this.#changes) if (this.random.chance(0.5)) change.apply();
    this.#changes = [];
    const stands = (path: string): boolean =>
      path === '/' || (this.#platterFolders.has(path) && stands(dirname(path)));
    this.#folders = new Set([...this.#platterFolders].filter(stands));
    this.#files = new Map([...this.#platterFiles].filter(([path]) => stands(dirname(path))));
    for (const file of this.#files.values()) {
      file.bytes = file.synced ?? this.random.pick([NOTHING, file.bytes.subarray(0, 3), file.bytes]);
      file.synced = file.bytes;
    }
  }

  async mkdir(path: string): Promise<string | undefined> {
    if (this.#folders.has(path)) return undefined;
    const above = dirname(path);
    const made = (await this.mkdir(above)) ?? path;
    this.#folders.add(path);
    this.#changes.push({ folder: above, apply: () => this.#platterFolders.add(path) });
    return made;
  }

  async open(path: string, flags: 'r' | 'wx'): Promise<DiskFile> {
    if (this.#folders.has(path)) return { ...noWriting, sync: () => this.#syncFolder(path) };
    if (flags === 'r') return { ...noWriting, sync: async () => {} };
    const folder = dirname(path);
    if (!this.#folders.has(folder)) throw MISSING;
    const file: SimulatedFile = { bytes: NOTHING, synced: null };
    this.#files.set(path, file);
    this.#changes.push({ folder, apply: () => this.#platterFiles.set(path, file) });
    return {
      ...noWriting,
      writeFile: async (bytes) => {
        file.bytes = bytes;
      },
      sync: async () => {
        await this.#spin();
        file.synced = file.bytes;
      },
    };
  }

  async rename(from: string, to: string): Promise<void> {
    const file = this.#fileAt(from);
    this.#files.delete(from);
    this.#files.set(to, file);
    this.#changes.push({
      folder: dirname(to),
      apply: () => {
        this.#platterFiles.delete(from);
        this.#platterFiles.set(to, file);
      },
    });
  }

  async readFile(path: string): Promise<Uint8Array> {
    return this.#fileAt(path).bytes;
  }

  async stat(path: string): Promise<unknown> {
    return this.#fileAt(path);
  }

  async unlink(path: string): Promise<void> {
    this.#fileAt(path);
    this.#files.delete(path);
    this.#changes.push({ folder: dirname(path), apply: () => this.#platterFiles.delete(path) });
  }

  async opendir(path: string): Promise<AsyncIterable<{ name: string }>> {
    throw new Error(`Nobody lists ${path} here.`);
  }

  async #syncFolder(path: string): Promise<void> {
    await this.#spin();
    const synced = this.#changes.filter(({ folder }) => folder === path);
    this.#changes = this.#changes.filter(({ folder }) => folder !== path);
    for (const change of synced) change.apply();
  }

  #fileAt(path: string): SimulatedFile {
    const file = this.#files.get(path);
    if (!file) throw MISSING;
    return file;
  }

  async #spin(): Promise<void> {
    if (this.random.chance(0.5)) await this.time.sleep(this.random.between(1, LONGEST_SYNC_MS));
  }
}

const noWriting: DiskFile = {
  writeFile: async () => {
    throw new Error('This is open for reading.');
  },
  sync: async () => {},
  close: async () => {},
};

/** Made once: most files are looked for before they are written. */
const MISSING = Object.assign(new Error('ENOENT: there is no such file'), { code: 'ENOENT' });
