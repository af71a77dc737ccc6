import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

export const API_KEY = 'chaos0123456789abcdef0123456789a';

/** A row of the ledger as the command line prints it. */
export interface LedgerRow {
  id: string;
  state: string;
  version: number;
  attempts: number;
  sha256: string | null;
  targetId: string;
}

/** The built server in a process of its own, which is killed again and again on the same folder and port. */
export class DoomedServer {
  url = '';
  #child: ChildProcess | undefined;
  #port = '0';

  private constructor(
    private readonly cli: string,
    private readonly folder: string,
  ) {}

  /** `cli` is the path of the built command line. */
  static async start(cli: string): Promise<DoomedServer> {
    const server = new DoomedServer(cli, await mkdtemp(join(tmpdir(), 'officina-chaos-')));
    await server.start();
    return server;
  }

  async start(): Promise<void> {
    const child = spawn(process.execPath, [this.cli, 'serve'], {
      env: this.#environment(),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child = child;
    let printed = '';
    this.url = await new Promise<string>((resolve, reject) => {
      const listen = (chunk: Buffer) => {
        printed = `${printed}${chunk}`.slice(-20_000);
        const ready = /Officina is ready at (http:\/\/\S+)/.exec(printed);
        if (ready?.[1]) resolve(ready[1]);
      };
      child.stdout?.on('data', listen);
      child.stderr?.on('data', listen);
      child.once('exit', (code, signal) =>
        reject(new Error(`The server ended (${code ?? signal}):\n${printed}`)),
      );
    });
    this.#port = new URL(this.url).port;
  }

  /** As a power cut of the process: nothing of it runs any more. */
  kill(): Promise<void> {
    return this.#end('SIGKILL');
  }

  stop(): Promise<void> {
    return this.#end('SIGTERM');
  }

  /** The whole ledger, read from the folder by the command line. */
  async readLedger(): Promise<readonly LedgerRow[]> {
    const args = [this.cli, 'deliveries', 'list', '--state', 'all', '--limit', '100000', '--json'];
    const { stdout } = await promisify(execFile)(process.execPath, args, {
      env: this.#environment(),
      maxBuffer: 100_000_000,
    });
    return stdout
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as LedgerRow);
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
      PATH: process.env.PATH ?? '',
      HOME: tmpdir(),
      OFFICINA_API_KEY: API_KEY,
      OFFICINA_ADMIN_PASSWORD: 'chaos-password',
      OFFICINA_DATA: this.folder,
      OFFICINA_LOG_LEVEL: 'warn',
      PORT: this.#port,
    };
  }
}
