import { mkdir, open, opendir, readFile, rename, stat, unlink } from 'node:fs/promises';

/** What blobs ask of a file system. Tests put one here that fills up, or that forgets what was not synced. */
export interface Disk {
  /** The first folder that was made; undefined when all were there. */
  mkdir(path: string, options: { recursive: true }): Promise<string | undefined>;
  /** A folder or a file to read (`r`), or a new file to write (`wx`). */
  open(path: string, flags: 'r' | 'wx'): Promise<DiskFile>;
  rename(from: string, to: string): Promise<void>;
  readFile(path: string): Promise<Uint8Array>;
  stat(path: string): Promise<unknown>;
  unlink(path: string): Promise<void>;
  opendir(path: string): Promise<AsyncIterable<{ name: string }>>;
}

export interface DiskFile {
  writeFile(bytes: Uint8Array): Promise<void>;
  /** Resolves once the content, or what a folder lists, would survive a power cut. */
  sync(): Promise<void>;
  close(): Promise<void>;
}

export const machineDisk: Disk = { mkdir, open, opendir, readFile, rename, stat, unlink };
