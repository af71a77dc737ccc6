// What every verb needs before it can do its work: the packages installed and the sources built. Only Node's own
// modules are used here, because nothing else is there in a fresh clone.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

const INSTALL_MARK = join(root, 'node_modules', '.officina-install');
const LEAST_NODE = [20, 19];

/** Ends the program with a sentence when Node is older than the oldest that is supported. */
export function requireNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > LEAST_NODE[0] || (major === LEAST_NODE[0] && minor >= LEAST_NODE[1])) return;
  console.error(`Officina needs Node ${LEAST_NODE.join('.')} or newer; this is ${process.versions.node}.`);
  process.exit(1);
}

/** Installs the npm packages when the lock file differs from what was installed last. */
export function installPackages() {
  const wanted = hashFiles([join(root, 'package-lock.json')], 'content') + process.versions.modules;
  if (existsSync(INSTALL_MARK) && readFileSync(INSTALL_MARK, 'utf8') === wanted) return;
  // Packages that another tool put there already are left alone when they are what the lock file names.
  const installed = existsSync(join(root, 'node_modules', '.package-lock.json'));
  console.log(
    installed ? 'Bringing the packages up to date …' : 'Installing packages (once; SQLite may be compiled) …',
  );
  // `ci` takes exactly what the lock file names; where the registry cannot give all of that, `install` takes what fits.
  if (!(installed ? runNpm('install') : runNpm('ci') || runNpm('install'))) {
    console.error('npm could not install the packages; its message stands above.');
    process.exit(1);
  }
  writeFileSync(
    INSTALL_MARK,
    hashFiles([join(root, 'package-lock.json')], 'content') + process.versions.modules,
  );
}

function runNpm(verb) {
  const { status } = spawnSync('npm', [verb, '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    // Where SQLite is compiled, on all cores.
    env: { JOBS: 'max', ...process.env },
    shell: process.platform === 'win32',
  });
  return status === 0;
}

/** Runs `build` when a file below `inputs` changed since the last time this `name` was built. */
export async function buildWhenStale(name, inputs, build) {
  const mark = join(root, '.cache', `build-${name}`);
  const now = hashFiles(
    inputs.flatMap((input) => listFiles(join(root, input))),
    'stat',
  );
  if (existsSync(mark) && readFileSync(mark, 'utf8') === now) return false;
  await build();
  mkdirSync(dirname(mark), { recursive: true });
  writeFileSync(mark, now);
  return true;
}

/** One value for the contents of these files and folders. */
export function hashOfSources(paths) {
  return hashFiles(
    paths.flatMap((path) => listFiles(join(root, path))),
    'content',
  );
}

function hashFiles(files, by) {
  const hash = createHash('sha256');
  for (const file of files) {
    const stat = statSync(file);
    hash.update(relative(root, file));
    hash.update(by === 'content' ? readFileSync(file) : `${stat.size}:${stat.mtimeMs}`);
  }
  return hash.digest('hex');
}

function listFiles(path) {
  if (!existsSync(path)) return [];
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      if (entry.name === 'dist' || entry.name === 'node_modules') return [];
      return entry.isDirectory() ? listFiles(join(path, entry.name)) : [join(path, entry.name)];
    });
}
