import { createHash, randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { OfficeSearch } from '../../packages/server/src/convert/office/installation.js';
import {
  type OfficeAnswer,
  type OfficeJob,
  OfficeRunner,
} from '../../packages/server/src/convert/office/office-runner.js';
import type { Parcel } from '../../packages/server/src/convert/parcel.js';
import { RunnerFault } from '../../packages/server/src/convert/runner.js';
import { RunnerPool } from '../../packages/server/src/convert/runner-pool.js';
import { systemClock, systemScheduler } from '../../packages/server/src/system-time.js';

const MEGABYTE = 1024 * 1024;
const LIMITS = {
  residentBytes: 3072 * MEGABYTE,
  cpuMs: 600_000,
  restingBytes: 800 * MEGABYTE,
  answerBytes: 400 * MEGABYTE,
  jobs: 200,
};
/** The machine may be busy with other things; what takes longer than this hangs. */
export const TIME_LIMIT_MS = 900_000;
/** Raised when an answer would differ though the question is the same. */
const CACHE_VERSION = 1;

export type Made = { ok: true; bytes: Uint8Array } | { ok: false; why: string };

/**
 * LibreOffice as judge: reads a file and writes it in another format. What it answered is kept by what it was asked, so that a run that
 * was ended goes on where it was, and several runs at once do not disturb each other.
 */
export class OfficeJudge {
  readonly #pool: RunnerPool;
  readonly #folder: string;
  readonly #version: string;
  readonly #start: () => OfficeRunner;
  asked = 0;
  remembered = 0;

  constructor(
    search: OfficeSearch & { found: true },
    options: { folder: string; fonts: string; version: string; workers: number },
  ) {
    this.#folder = options.folder;
    this.#version = options.version;
    mkdirSync(options.folder, { recursive: true });
    this.#start = () => new OfficeRunner(search.installation, options.fonts, LIMITS);
    this.#pool = new RunnerPool({
      start: this.#start,
      ...{ most: options.workers, queueLimit: 10_000, timeLimitMs: TIME_LIMIT_MS, idleStopMs: TIME_LIMIT_MS },
      ...{ clock: systemClock, scheduler: systemScheduler },
    });
  }

  make(job: OfficeJob, bytes: Uint8Array): Promise<Made> {
    return this.remember(JSON.stringify(job), bytes, async () => {
      const parcel: Parcel = { header: job, blobs: [bytes] };
      try {
        return madeOf(await this.#pool.run(parcel));
      } catch (error) {
        if (!(error instanceof RunnerFault)) throw error;
      }
      return await this.#makeAlone(parcel);
    });
  }

  /** By a LibreOffice of its own: the one that broke may have done so over the file before. */
  async #makeAlone(parcel: Parcel): Promise<Made> {
    const runner = this.#start();
    const cancel = systemScheduler.schedule(systemClock() + TIME_LIMIT_MS, () => runner.stop());
    try {
      return madeOf(await runner.run(parcel));
    } catch (error) {
      if (!(error instanceof RunnerFault)) throw error;
      return { ok: false, why: `${error.why}: ${error.message}` };
    } finally {
      cancel();
      runner.stop();
    }
  }

  /** What `work` makes of the bytes, or what it made of them before. */
  async remember(question: string, bytes: Uint8Array, work: () => Promise<Made>): Promise<Made> {
    const path = this.#pathOf(question, bytes);
    this.asked += 1;
    const kept = existsSync(path) ? readFileSync(path) : null;
    if (kept && !isBreach(kept)) {
      this.remembered += 1;
      return kept[0] === KEPT_FILE
        ? { ok: true, bytes: kept.subarray(1) }
        : { ok: false, why: kept.subarray(1).toString('utf8') };
    }
    const made = await work();
    const own = `${path}.${randomUUID()}`;
    writeFileSync(
      own,
      made.ok
        ? Buffer.concat([Buffer.of(KEPT_FILE), made.bytes])
        : Buffer.concat([Buffer.of(KEPT_REFUSAL), Buffer.from(made.why)]),
    );
    renameSync(own, path);
    return made;
  }

  /** Whether this was asked before. */
  knows(question: string, bytes: Uint8Array): boolean {
    return existsSync(this.#pathOf(question, bytes));
  }

  close(): void {
    this.#pool.close();
  }

  #pathOf(question: string, bytes: Uint8Array): string {
    const key = createHash('sha256').update(`${CACHE_VERSION} ${this.#version} ${question}\n`).update(bytes);
    return join(this.#folder, key.digest('hex'));
  }
}

const KEPT_FILE = 1;
const KEPT_REFUSAL = 0;

/** An answer that says of a LibreOffice that it broke may say nothing of the file, and is asked for again in the next run. */
function isBreach(kept: Buffer): boolean {
  return kept[0] === KEPT_REFUSAL && /^(?:crashed|memory|time): /.test(kept.toString('utf8', 1));
}

function madeOf({ header, blobs }: Parcel): Made {
  const answer = header as OfficeAnswer;
  if (!answer.ok) return { ok: false, why: answer.message };
  return { ok: true, bytes: blobs[0] ?? new Uint8Array() };
}

/** Pages of a PDF as LibreOffice writes it: page objects stand in the clear. */
export function pagesOf(pdf: Uint8Array): number {
  return (
    Buffer.from(pdf.buffer, pdf.byteOffset, pdf.length)
      .toString('latin1')
      .match(/\/Type\s*\/Page(?![a-zA-Z])/g)?.length ?? 0
  );
}
