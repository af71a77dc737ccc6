// `npm run fidelity [-- --only PART] [-- --known]`: opens, edits and saves every document of the corpora in every format, holds what
// comes out against the source and against LibreOffice, and writes docs/fidelity.md. A run that was ended goes on where it was;
// `--known` writes the page of what has been measured so far. The last line is the figure.
import { setPriority } from 'node:os';
import { importBundled } from './bundle.mjs';
import { hashOfSources, installPackages, requireNode, root } from './preparation.mjs';

requireNode();
installPackages();
const { buildAll } = await import('./build.mjs');
await buildAll();

// Half an hour of LibreOffice must not be felt by whoever else works on this machine.
setPriority(15);
const args = process.argv.slice(2);
const at = args.indexOf('--only');
/** What a measurement depends on; another page of the same figures does not need them anew. */
const MEASURED = ['measure', 'edit', 'stories', 'date-fields', 'subjects', 'words', 'page-import'].map(
  (name) => `test/fidelity/${name}.ts`,
);
const { main } = await importBundled('test/fidelity/main.ts');
const isExplained = await main({
  root,
  code: hashOfSources(['packages/engine/src', 'packages/server/src/convert', ...MEASURED]),
  driver: hashOfSources(['packages/server/src/convert/office', 'packages/server/src/convert/encrypted']),
  only: at < 0 ? null : (args[at + 1] ?? null),
  isKnownOnly: args.includes('--known'),
});
process.exit(isExplained ? 0 : 1);
