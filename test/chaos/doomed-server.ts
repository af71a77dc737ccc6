import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Save } from '../../packages/server/src/domain/saving/save.js';
import { readLedger } from './ledger.js';
import type { ClockOrder, ReadyReport } from './server-entry.js';

export const API_KEY = 'chaos0123456789abcdef0123456789a';

export interface DoomedOptions {
  /** The bundled server (`bundleServer`). */
  program: string;
  /** Absent: a new folder, removed with `removeFolder`. */
  folder?: string;
  env?: Readonly<Record<string, string>>;
}

/** The server in a process of its own, which is killed again and again on the same folder and port. */
export class DoomedServer {
  url = '';
  readonly folder: string;
  readonly #program: string;
  readonly #env: Readonly<Record<string, string>>;
  #child: ChildProcess | undefined;
  #port = 0;
  #printed = '';

  private constructor(folder: string, { program, env = {} }: DoomedOptions) {
    this.folder = folder;
    this.#program = program;
    this.#env = env;
  }

  static async start(options: DoomedOptions): Promise<DoomedServer> {
    const folder = options.folder ?? (await mkdtemp(join(tmpdir(), 'officina-chaos-')));
    const server = new DoomedServer(folder, options);
    // Known before the start: servers on one database tell each other apart by it.
    server.#port = await findFreePort();
    await server.start();
    return server;
  }

  get pid(): number {
    return this.#child?.pid ?? 0;
  }

  /** What it wrote to its log since the last start. */
  get printed(): string {
    return this.#printed;
  }

  async start(): Promise<void> {
    const child = spawn(process.execPath, [this.#program], {
      env: this.#environment(),
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    this.#child = child;
    this.#printed = '';
    const keep = (chunk: Buffer) => {
      this.#printed = `${this.#printed}${chunk}`.slice(-20_000);
    };
    child.stdout?.on('data', keep);
    child.stderr?.on('data', keep);
    const report = await new Promise<ReadyReport>((resolve, reject) => {
      child.once('message', (message) => resolve(message as ReadyReport));
      child.once('exit', (code, signal) =>
        reject(new Error(`The server ended (${code ?? signal}):\n${this.#printed}`)),
      );
    });
    this.url = report.url;
  }

  /** As a power cut of the process: nothing of it runs any more. */
  kill(): Promise<void> {
    return this.#end('SIGKILL');
  }

  stop(): Promise<void> {
    return this.#end('SIGTERM');
  }

  /** Stands still until `thaw`: a process that is suspended, or a machine that swaps. */
  freeze(): void {
    this.#child?.kill('SIGSTOP');
  }

  thaw(): void {
    this.#child?.kill('SIGCONT');
  }

  /** Sets its clock ahead of the real one, or behind it. */
  setClock(offsetMs: number): void {
    this.#child?.send({ offsetMs } satisfies ClockOrder);
  }

  /** The whole ledger, read beside the running server. */
  readLedger(): Promise<readonly Save[]> {
    return readLedger(this.folder, this.#env.DATABASE_URL);
  }

  removeFolder(): Promise<void> {
    return rm(this.folder, { recursive: true, force: true });
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const exited = new Promise((resolve) => child.once('exit', resolve));
    child.kill(signal);
    await exited;
  }

  #environment(): Record<string, string> {
    return {
      // No LibreOffice: looking for one costs a good part of the start, and every file here is docx.
      PATH: '',
      HOME: tmpdir(),
      OFFICINA_API_KEY: API_KEY,
      OFFICINA_ADMIN_PASSWORD: 'chaos-password',
      OFFICINA_DATA: this.folder,
      OFFICINA_LOG_LEVEL: 'warn',
      PORT: String(this.#port),
      ...this.#env,
    };
  }
}

async function findFreePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}
