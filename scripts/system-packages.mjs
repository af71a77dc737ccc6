// Debian packages that the tests meet real users' programs with. The server itself needs none of them.
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const WANTED = [
  { program: 'chromium', debian: 'chromium' },
  { program: 'soffice', debian: 'libreoffice-writer-nogui' },
  {
    program: 'draw',
    debian: 'libreoffice-draw-nogui',
    alsoIn: '/usr/lib/libreoffice/program/libpdfimportlo.so',
  },
  { program: 'uno', debian: 'python3-uno', alsoIn: '/usr/lib/python3/dist-packages/uno.py' },
  { program: 'bwrap', debian: 'bubblewrap' },
  { program: 'xmllint', debian: 'libxml2-utils' },
  { program: 'pdftotext', debian: 'poppler-utils' },
  { program: 'postgres', debian: 'postgresql', alsoIn: '/usr/lib/postgresql' },
];

/** Installs what is missing as root on Debian; else prints the exact command and goes on without. */
export function provideSystemPackages() {
  const missing = WANTED.filter((wanted) => !isThere(wanted)).map((wanted) => wanted.debian);
  if (missing.length === 0) return;
  const install = ['install', '-y', '--no-install-recommends', ...missing];
  if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    console.log(`Installing for the tests: ${missing.join(', ')} …`);
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    spawnSync('apt-get', ['update', '-qq'], { stdio: ['ignore', 'ignore', 'inherit'], env });
    const result = spawnSync('apt-get', ['-qq', ...install], { stdio: ['ignore', 'ignore', 'inherit'], env });
    if (result.status === 0) return;
  }
  console.log(
    `Some tests need programs that are not here. To install them: sudo apt-get ${install.join(' ')}`,
  );
}

function isThere({ program, alsoIn }) {
  const folders = (process.env.PATH ?? '').split(delimiter);
  return (
    folders.some((folder) => isExecutable(join(folder, program))) ||
    (alsoIn !== undefined && existsSync(alsoIn))
  );
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
