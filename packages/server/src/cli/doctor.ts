import { accessSync, constants, existsSync, statfsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Config, readConfig } from '../config.js';
import { openStorage } from '../storage/index.js';
import type { Verb } from './verb.js';

/** What one examination found; a warning names what will not work, a failure what must be mended first. */
type Finding = { state: 'ok' | 'warning' | 'failure'; subject: string; says: string };

/** Below this much free space the next large save may fail. */
const LEAST_FREE_BYTES = 1024 ** 3;

/** `doctor`: examines what the server stands on and says how to mend what is wrong. Exit code 1 on a failure. */
export const doctor: Verb = async () => {
  const config = readConfig(process.env, process.cwd());
  const findings = [
    examineNode(),
    await examineDataFolder(config),
    await examineStore(config),
    await examineServer(config),
    examinePublicAddress(config),
    examineEgress(config),
    examinePages(),
    examineOffice(config),
  ];
  const marks = { ok: '✓', warning: '!', failure: '✗' };
  for (const { state, subject, says } of findings)
    console.log(`${marks[state]} ${subject.padEnd(16)} ${says}`);
  const failures = findings.filter(({ state }) => state === 'failure').length;
  console.log(failures === 0 ? '\nNothing stands in the way.' : `\n${failures} to mend.`);
  return failures === 0 ? 0 : 1;
};

function examineNode(): Finding {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const good = major > 20 || (major === 20 && minor >= 19);
  return {
    state: good ? 'ok' : 'failure',
    subject: 'Node',
    says: good ? process.versions.node : `${process.versions.node}; Officina needs 20.19 or newer`,
  };
}

async function examineDataFolder({ dataFolder }: Config): Promise<Finding> {
  const subject = 'Data folder';
  try {
    await mkdir(dataFolder, { recursive: true });
    const probe = join(dataFolder, `.doctor-${process.pid}`);
    await writeFile(probe, 'probe');
    await rm(probe);
  } catch (error) {
    return {
      state: 'failure',
      subject,
      says: `${dataFolder} cannot be written: ${wordsOf(error)}. Set OFFICINA_DATA.`,
    };
  }
  const { bavail, bsize } = statfsSync(dataFolder);
  const free = bavail * bsize;
  const gigabytes = (free / 1024 ** 3).toFixed(1);
  if (free < LEAST_FREE_BYTES) {
    return { state: 'warning', subject, says: `${dataFolder} has only ${gigabytes} GB left` };
  }
  return { state: 'ok', subject, says: `${dataFolder}, ${gigabytes} GB free` };
}

async function examineStore({ dataFolder, databaseUrl, blobBucket }: Config): Promise<Finding> {
  const subject = 'Store';
  try {
    const storage = await openStorage({ dataFolder, databaseUrl, blobBucket });
    try {
      await storage.ping();
      const keys = await storage.keys.list();
      return {
        state: 'ok',
        subject,
        says: `${databaseUrl ? 'PostgreSQL' : 'SQLite'} answers, ${keys.length} API keys`,
      };
    } finally {
      await storage.close();
    }
  } catch (error) {
    return { state: 'failure', subject, says: wordsOf(error) };
  }
}

async function examineServer({ host, port }: Config): Promise<Finding> {
  const subject = 'Server';
  const address = `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
  try {
    const response = await fetch(`${address}/readyz`, { signal: AbortSignal.timeout(2000) });
    const text = await response.text();
    if (response.ok) return { state: 'ok', subject, says: `runs at ${address} and is ready` };
    return {
      state: 'failure',
      subject,
      says: `${address} answers ${response.status}: ${text.slice(0, 200)}`,
    };
  } catch {
    return { state: 'ok', subject, says: `not running at ${address}; \`npm start\` starts it` };
  }
}

function examinePublicAddress({ host, publicUrl, trustedProxies }: Config): Finding {
  const subject = 'Public address';
  if (publicUrl?.startsWith('http:') && !isLoopback(new URL(publicUrl).hostname)) {
    return {
      state: 'warning',
      subject,
      says: `${publicUrl} is not https: browsers will not let people copy and paste`,
    };
  }
  if (publicUrl) return { state: 'ok', subject, says: publicUrl };
  if (isLoopback(host)) return { state: 'ok', subject, says: "each request's own host (loopback only)" };
  const proxies = trustedProxies.length > 0 ? `behind ${trustedProxies.join(', ')}` : 'no proxy is trusted';
  return {
    state: 'warning',
    subject,
    says: `each request's own host, ${proxies}; set OFFICINA_PUBLIC_URL when people reach it under one name`,
  };
}

function examineEgress({ host, publicUrl, egressAllow }: Config): Finding {
  const subject = 'Callbacks';
  const loopback = isLoopback(host) && (publicUrl === null || isLoopback(new URL(publicUrl).hostname));
  const reach = ['public addresses', ...(loopback ? ['this machine'] : []), ...egressAllow].join(', ');
  return { state: 'ok', subject, says: `may reach ${reach} (OFFICINA_EGRESS_ALLOW adds hosts and ranges)` };
}

function examinePages(): Finding {
  const manifest = fileURLToPath(new URL('../../../web/dist/.vite/manifest.json', import.meta.url));
  const built = existsSync(manifest);
  return {
    state: built ? 'ok' : 'failure',
    subject: 'Pages',
    says: built ? 'built' : 'not built; `npm run build` builds them',
  };
}

function examineOffice({ sofficePath }: Config): Finding {
  const found = sofficePath ?? findOnPath('soffice');
  if (found && isExecutable(found)) return { state: 'ok', subject: 'LibreOffice', says: found };
  return {
    state: 'warning',
    subject: 'LibreOffice',
    says: 'not found; docx, html and txt work without it (Debian: libreoffice-writer-nogui libreoffice-draw-nogui python3-uno bubblewrap)',
  };
}

function findOnPath(program: string): string | undefined {
  return (process.env.PATH ?? '')
    .split(delimiter)
    .map((folder) => join(folder, program))
    .find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host === '[::1]' || /^127\./.test(host);
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
