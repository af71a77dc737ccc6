// `npm run dev`: builds on every change and restarts the server, in one terminal.
import { spawn } from 'node:child_process';
import { existsSync, watch } from 'node:fs';
import { join } from 'node:path';
import { installPackages, requireNode, root } from './preparation.mjs';

/** Editors write a file in several steps; what changes within this time is one change. */
const SETTLE_MS = 150;

requireNode();
installPackages();
const { buildAll } = await import('./build.mjs');
await buildAll();

let server = startServer();
let pending;
for (const name of ['protocol', 'engine', 'client', 'server', 'web']) {
  const source = join(root, 'packages', name, 'src');
  if (!existsSync(source)) continue;
  watch(source, { recursive: true }, (_event, file) => {
    if (!file || /\.test\.tsx?$/.test(file)) return;
    clearTimeout(pending);
    pending = setTimeout(rebuild, SETTLE_MS);
  });
}

async function rebuild() {
  try {
    await buildAll();
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    return;
  }
  const old = server;
  old.once('exit', () => {
    server = startServer();
  });
  old.kill('SIGTERM');
}

function startServer() {
  const cli = join(root, 'packages', 'server', 'dist', 'cli', 'officina.js');
  return spawn(process.execPath, ['--enable-source-maps', cli, 'serve'], { cwd: root, stdio: 'inherit' });
}

process.on('SIGINT', () => process.exit(0));
process.on('exit', () => server.kill('SIGTERM'));
