// `npm start`: installs what is missing, builds what is stale, starts the server.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { installPackages, requireNode, root } from './preparation.mjs';

requireNode();
installPackages();
const { buildAll } = await import('./build.mjs');
await buildAll();
const { runCli } = await import(
  pathToFileURL(join(root, 'packages', 'server', 'dist', 'cli', 'officina.js')).href
);
process.exitCode = await runCli(['serve', ...process.argv.slice(2)]);
