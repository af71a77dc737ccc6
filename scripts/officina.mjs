// `npm run officina -- VERB`: the command line of the server.
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
process.exitCode = await runCli(process.argv.slice(2));
