import { execFileSync } from 'node:child_process';
import { closeSync, existsSync, mkdtempSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const MEGABYTE = 1024 * 1024;
const FILL_BYTES = 4096;

/** A small disk in memory, which can be filled to the last byte. */
export interface TinyDisk {
  readonly folder: string;
  /** Takes the room that is left, but for so many bytes. */
  fill(leaveBytes: number): void;
  /** Gives it back. */
  free(): void;
  remove(): void;
}

/** Undefined where nobody may mount one (Linux, root). */
export function mountTinyDisk(megabytes: number): TinyDisk | undefined {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return undefined;
  const folder = mkdtempSync(join(tmpdir(), 'officina-tiny-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', folder], { stdio: 'ignore' });
  } catch {
    rmSync(folder, { recursive: true });
    return undefined;
  }
  const filler = join(folder, 'filler');
  return {
    folder,
    fill(leaveBytes) {
      const file = openSync(filler, 'a');
      try {
        for (let left = freeBytes(folder) - leaveBytes; left > 0; left -= MEGABYTE) {
          writeAll(file, Math.min(left, MEGABYTE));
        }
      } finally {
        closeSync(file);
      }
    },
    free() {
      if (existsSync(filler)) rmSync(filler);
    },
    remove() {
      execFileSync('umount', ['--lazy', folder]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** As much of it as there is room for. */
function writeAll(file: number, bytes: number): void {
  const zeros = new Uint8Array(FILL_BYTES);
  for (let left = bytes; left > 0; left -= FILL_BYTES) {
    try {
      writeSync(file, zeros, 0, Math.min(left, FILL_BYTES));
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOSPC') return;
      throw error;
    }
  }
}

function freeBytes(folder: string): number {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}
