import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, realpathSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';

/** LibreOffice as it lies on this machine, and what can be put around it. */
export interface OfficeInstallation {
  /** The program itself, behind the scripts that start it. */
  program: string;
  /** Absolute path of a Python that has LibreOffice's bridge. */
  python: string;
  readsPdf: boolean;
  /** `bwrap` and `prlimit`, where they are; without the first the worker is only watched. */
  bwrap: string | null;
  prlimit: string | null;
  /** Why there is no sandbox; null when there is one. */
  sandboxLacks: string | null;
}

export type OfficeSearch =
  | { found: true; installation: OfficeInstallation }
  | { found: false; missing: string; install: string };

const INSTALL_OFFICE =
  'apt-get install libreoffice-writer-nogui libreoffice-draw-nogui python3-uno bubblewrap';
const INSTALL_BRIDGE = 'apt-get install python3-uno';

/** Looks for LibreOffice at `soffice` or on the PATH. Starts programs to see whether they work: some tenths of a second. */
export function findOffice(soffice: string | null, path: string): OfficeSearch {
  const folders = path.split(delimiter).filter((folder) => folder !== '');
  const starter = soffice ?? onPath('soffice', folders) ?? onPath('libreoffice', folders);
  if (!starter || !isExecutable(starter)) {
    const missing = soffice ? `LibreOffice, which OFFICINA_SOFFICE says is ${soffice}` : 'LibreOffice';
    return { found: false, missing, install: INSTALL_OFFICE };
  }
  const folder = dirname(realpathSync(starter));
  const program = [join(folder, 'soffice.bin'), realpathSync(starter)].find(isExecutable) ?? starter;
  const python = pythonFor(folder, folders);
  if (!python) return { found: false, missing: "LibreOffice's bridge to Python", install: INSTALL_BRIDGE };
  const bwrap = onPath('bwrap', folders);
  const lacks = bwrap ? sandboxFault(bwrap) : 'bubblewrap is not installed (apt-get install bubblewrap)';
  return {
    found: true,
    installation: {
      program,
      python,
      readsPdf: ['libpdfimportlo.so', 'libsdlo.so'].every((name) => existsSync(join(folder, name))),
      bwrap: lacks === null ? (bwrap ?? null) : null,
      prlimit: onPath('prlimit', folders) ?? null,
      sandboxLacks: lacks,
    },
  };
}

/** The system's own Python first: others on the PATH do not see Debian's modules. */
function pythonFor(officeFolder: string, folders: readonly string[]): string | undefined {
  const candidates = [
    join(officeFolder, 'python'),
    '/usr/bin/python3',
    ...folders.map((folder) => join(folder, 'python3')),
  ];
  return [...new Set(candidates)]
    .filter(isExecutable)
    .find((python) => spawnSync(python, ['-c', 'import uno'], { stdio: 'ignore' }).status === 0);
}

function sandboxFault(bwrap: string): string | null {
  const trial = ['--unshare-all', '--die-with-parent', '--ro-bind', '/', '/', '--proc', '/proc', 'true'];
  const { status, stderr } = spawnSync(bwrap, trial, { stdio: ['ignore', 'ignore', 'pipe'] });
  if (status === 0) return null;
  return `user namespaces are not to be had here: ${String(stderr ?? '')
    .trim()
    .slice(0, 200)}`;
}

function onPath(name: string, folders: readonly string[]): string | undefined {
  return folders.map((folder) => join(folder, name)).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
