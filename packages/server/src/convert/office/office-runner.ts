import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Parcel } from '../parcel.js';
import { type Runner, RunnerFault } from '../runner.js';
import type { OfficeInstallation } from './installation.js';
import { writeProfile } from './profile.js';
import { SHEETS_SCRIPT } from './sheets-script.js';
import { type TreeUsage, treeUsage } from './tree-usage.js';
import { UNO_SCRIPT } from './uno-script.js';

/** One file to be read and written again; the file itself comes beside it. */
export interface OfficeJob {
  /** Extension of the file, which LibreOffice judges by content all the same. */
  source: string;
  target: string;
  /** Names of LibreOffice's filters; it chooses the first itself unless it is given. */
  readAs?: string;
  writeAs: string;
  password?: string;
  filterData?: Readonly<Record<string, boolean | string>>;
  /** What filters without such settings take instead: one word or a list of them. */
  filterOptions?: string;
}

export type OfficeAnswer = { ok: true } | { ok: false; why: 'unreadable' | 'unwritable'; message: string };

export interface OfficeLimits {
  residentBytes: number;
  /** Time on the processors that one file may take, all processes of the worker together. */
  cpuMs: number;
  answerBytes: number;
  /** A worker is replaced after so many files: what leaks, leaks slowly. */
  jobs: number;
  /** … or when it keeps more than this between two files. */
  restingBytes: number;
}

const MEGABYTE = 1024 * 1024;
const WATCH_EVERY_MS = 100;
/** To look at all processes of a worker costs as much as a twentieth of a small job; after so many jobs it is done all the same. */
const WEIGHED_EVERY = 8;
const STDERR_KEPT = 2_000;
/** Address space that LibreOffice maps is several times what it uses. */
const ADDRESS_BYTES = 8 * 1024 * MEGABYTE;
const FILE_BYTES = 1024 * MEGABYTE;
const OPEN_FILES = 1024;
/** Where the worker's folder and our fonts lie inside the sandbox. */
const INNER_FOLDER = '/work';
const INNER_FONTS = '/fonts';

/** A LibreOffice of its own, warm between files, with a profile and a folder that nobody else sees. */
export class OfficeRunner implements Runner {
  readonly #limits: OfficeLimits;
  readonly #folder: string;
  readonly #child: ChildProcess;
  #job: { resolve(answer: OfficeAnswer): void; reject(error: Error): void } | undefined;
  #ready: Promise<void>;
  #output = '';
  #stderr = '';
  #watch: NodeJS.Timeout | undefined;
  #death: RunnerFault | undefined;
  #jobsDone = 0;
  /** What it kept when that was last looked at, between two jobs. */
  #restingBytes = 0;
  #becomeReady: () => void = () => {};

  constructor(installation: OfficeInstallation, fonts: string | null, limits: OfficeLimits) {
    this.#limits = limits;
    this.#folder = mkdtempSync(join(tmpdir(), 'officina-office-'));
    const isSandboxed = installation.bwrap !== null;
    const inside = isSandboxed ? INNER_FOLDER : this.#folder;
    writeProfile(this.#folder, {
      fonts: fonts === null ? null : isSandboxed ? INNER_FONTS : fonts,
      cache: join(inside, 'font-cache'),
    });
    writeFileSync(join(this.#folder, 'drive.py'), UNO_SCRIPT);
    writeFileSync(join(this.#folder, 'sheets.py'), SHEETS_SCRIPT);
    const [command, ...words] = commandLine(installation, this.#folder, fonts);
    this.#ready = new Promise((resolve) => {
      this.#becomeReady = resolve;
    });
    this.#child = spawn(command as string, words, {
      cwd: this.#folder,
      // A group of its own, so that everything in it ends at once.
      detached: true,
      stdio: ['pipe', 'pipe', 'pipe'],
      env: environment(inside),
    });
    this.#child.stdin?.on('error', () => {});
    this.#child.stdout?.on('data', (chunk: Buffer) => this.#receive(chunk));
    this.#child.stderr?.on('data', (chunk: Buffer) => {
      this.#stderr = (this.#stderr + chunk.toString('utf8')).slice(-STDERR_KEPT);
    });
    this.#child.on('error', (error) => this.#die(new RunnerFault('crashed', error.message)));
    this.#child.on('close', () => {
      this.#die(new RunnerFault('crashed', `LibreOffice broke: ${this.#stderr.trim().slice(-300)}`));
      this.#removeFolder();
    });
  }

  /** Whether it has served long enough. */
  get isSpent(): boolean {
    return this.#jobsDone >= this.#limits.jobs || this.#restingBytes > this.#limits.restingBytes;
  }

  async run({ header, blobs }: Parcel): Promise<Parcel> {
    const job = header as OfficeJob;
    const number = this.#jobsDone;
    const [source, target] = [`in-${number}.${job.source}`, `out-${number}.${job.target}`];
    const outside = (name: string) => join(this.#folder, name);
    await writeFile(outside(source), blobs[0] ?? new Uint8Array());
    try {
      const { answer, isLong } = await this.#ask({ ...job, source, target });
      this.#jobsDone += 1;
      if (isLong || this.#jobsDone % WEIGHED_EVERY === 0)
        this.#restingBytes = treeUsage(this.#child.pid).residentBytes;
      if (!answer.ok) return { header: answer, blobs: [] };
      const { size } = await stat(outside(target));
      if (size > this.#limits.answerBytes)
        throw new RunnerFault('memory', 'The converted file is too large.');
      return { header: answer, blobs: [await readFile(outside(target))] };
    } finally {
      await Promise.all([source, target].map((name) => rm(outside(name), { force: true })));
    }
  }

  stop(): void {
    this.#die(new RunnerFault('crashed', 'LibreOffice was stopped.'));
    endGroup(this.#child);
    // The server may be ending itself, and then nobody hears of the process's end.
    this.#removeFolder();
  }

  #removeFolder(): void {
    try {
      rmSync(this.#folder, { recursive: true, force: true, maxRetries: 3 });
    } catch {
      // Something in there is just ending; its end removes the rest.
    }
  }

  /** `isLong` when the job was there long enough to be watched. */
  async #ask(job: OfficeJob): Promise<{ answer: OfficeAnswer; isLong: boolean }> {
    const answer = new Promise<OfficeAnswer>((resolve, reject) => {
      this.#job = { resolve, reject };
      if (this.#death) reject(this.#death);
    });
    answer.catch(() => {});
    // The first look, which most jobs are over before, is what the processors' time counts from.
    let cpuBeforeMs: number | null = null;
    this.#watch = setInterval(() => {
      const usage = treeUsage(this.#child.pid);
      cpuBeforeMs ??= usage.cpuMs;
      this.#checkUsage(usage, cpuBeforeMs);
    }, WATCH_EVERY_MS);
    try {
      await Promise.race([this.#ready, answer]);
      this.#child.stdin?.write(`${JSON.stringify(job)}\n`);
      return { answer: await answer, isLong: cpuBeforeMs !== null };
    } finally {
      clearInterval(this.#watch);
      this.#job = undefined;
    }
  }

  #receive(chunk: Buffer): void {
    this.#output += chunk.toString('utf8');
    for (let end = this.#output.indexOf('\n'); end >= 0; end = this.#output.indexOf('\n')) {
      const line = this.#output.slice(0, end);
      this.#output = this.#output.slice(end + 1);
      if (line.includes('"ready"')) this.#becomeReady();
      else this.#job?.resolve(JSON.parse(line) as OfficeAnswer);
    }
  }

  #checkUsage({ residentBytes, cpuMs }: TreeUsage, cpuBeforeMs: number): void {
    if (residentBytes > this.#limits.residentBytes) {
      const megabytes = Math.round(this.#limits.residentBytes / MEGABYTE);
      this.#die(new RunnerFault('memory', `The file needs more than ${megabytes} MB of memory.`));
    } else if (cpuMs - cpuBeforeMs > this.#limits.cpuMs) {
      const seconds = this.#limits.cpuMs / 1_000;
      this.#die(new RunnerFault('time', `The file takes more than ${seconds} seconds of a processor.`));
    } else return;
    endGroup(this.#child);
  }

  #die(fault: RunnerFault): void {
    this.#death ??= fault;
    this.#job?.reject(this.#death);
  }
}

/** The driver and LibreOffice below limits and, where it can be had, in a sandbox without network or other people's files. */
function commandLine(office: OfficeInstallation, folder: string, fonts: string | null): string[] {
  const limited = office.prlimit
    ? [
        ...[office.prlimit, '--core=0', `--fsize=${FILE_BYTES}`, `--nofile=${OPEN_FILES}`],
        ...[`--as=${ADDRESS_BYTES}`, '--'],
      ]
    : [];
  if (office.bwrap === null) return [...limited, office.python, join(folder, 'drive.py'), office.program];
  const readable = ['/usr', '/lib', '/lib64', '/lib32', '/bin', '/opt', '/etc/fonts', '/etc/libreoffice'];
  const others = ['/etc/ld.so.cache', '/etc/alternatives', '/var/lib/libreoffice', dirname(office.program)];
  return [
    ...limited,
    ...[office.bwrap, '--unshare-all', '--die-with-parent', '--new-session', '--clearenv'],
    ...[...readable, ...others]
      .filter((path) => existsSync(path))
      .flatMap((path) => ['--ro-bind', path, path]),
    ...['--proc', '/proc', '--dev', '/dev', '--tmpfs', '/tmp', '--bind', folder, INNER_FOLDER],
    ...(fonts === null ? [] : ['--ro-bind', fonts, INNER_FONTS]),
    ...Object.entries(environment(INNER_FOLDER)).flatMap(([name, value]) => ['--setenv', name, value]),
    ...['--chdir', INNER_FOLDER, office.python, join(INNER_FOLDER, 'drive.py'), office.program],
  ];
}

function environment(folder: string): Record<string, string> {
  return {
    PATH: '/usr/bin:/bin',
    HOME: join(folder, 'home'),
    TMPDIR: '/tmp',
    LANG: 'C.UTF-8',
    FONTCONFIG_FILE: join(folder, 'fonts.conf'),
    SAL_USE_VCLPLUGIN: 'svp',
  };
}

function endGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // It has just ended.
  }
}
