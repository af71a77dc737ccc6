import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, rmdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** With other living users the lock may be theirs, unless it is older than any commit of ours can last. */
const LONGEST_COMMIT_MS = 60_000;
/** A process that is not known here, in another container perhaps, gets this long to finish. */
const LEAST_AGE_MS = 1_000;

/**
 * The lock folder that SQLite as WebAssembly makes beside its file, and that a killed process leaves behind. Every
 * connection leaves a marker with its process id in a second folder, so that an orphaned lock is told from a held one.
 */
export class FolderLock {
  readonly #lock: string;
  readonly #users: string;
  readonly #marker = `${process.pid}-${randomUUID()}`;

  constructor(file: string) {
    this.#lock = `${file}.lock`;
    this.#users = `${file}.users`;
    if (!existsSync(this.#users)) makeFolder(this.#users);
    writeFileSync(join(this.#users, this.#marker), '');
  }

  /** Takes an orphaned lock away. Returns whether there is none now. */
  removeOrphan(): boolean {
    for (;;) {
      const ageMs = this.#ageMs();
      if (ageMs === undefined) return true;
      if (ageMs >= LONGEST_COMMIT_MS || (ageMs >= LEAST_AGE_MS && !this.#hasOtherUsers())) {
        rmdirSync(this.#lock);
        return true;
      }
      if (this.#hasOtherUsers()) return false;
      pause(LEAST_AGE_MS - ageMs);
    }
  }

  close(): void {
    rmSync(join(this.#users, this.#marker), { force: true });
  }

  #ageMs(): number | undefined {
    const lock = statSync(this.#lock, { throwIfNoEntry: false });
    return lock && Math.max(0, Date.now() - lock.mtimeMs);
  }

  #hasOtherUsers(): boolean {
    const others = readdirSync(this.#users).filter((marker) => marker !== this.#marker);
    const isAlive = others.map((marker) => {
      const lives = isProcessAlive(Number.parseInt(marker, 10));
      if (!lives) rmSync(join(this.#users, marker), { force: true });
      return lives;
    });
    return isAlive.includes(true);
  }
}

/** Another process may have made it in between. */
function makeFolder(folder: string): void {
  try {
    mkdirSync(folder);
  } catch (error) {
    if (!existsSync(folder)) throw error;
  }
}

function isProcessAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // A process of another user is alive and may not be signalled.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** Only SQLite's own thread waits here. */
function pause(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, Math.max(1, ms));
}
