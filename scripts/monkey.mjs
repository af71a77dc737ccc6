// Seeded simulation of people editing one document together: npm run monkey -- --seeds N [--from K] [--people P] [--actions A] [--minutes M] [--budget B] [--office N]
import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = join(fileURLToPath(import.meta.url), '..', '..');
const cache = join(root, 'node_modules', '.cache', 'officina');
mkdirSync(cache, { recursive: true });
const bundle = join(cache, `monkey-${process.pid}.mjs`);
// Our own sources are bundled as they stand, so that no build has to run first; packages from npm stay where they are.
await build({
  entryPoints: [join(root, 'test', 'simulation', 'main.ts')],
  outfile: bundle,
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  conditions: ['officina-source'],
  external: ['@docx-editor.dev/*', 'fflate', 'parse5', 'saxes'],
  logLevel: 'warning',
});
try {
  // Every edit makes trees that die young: with the small nursery of a default process collecting them takes a tenth.
  const run = spawnSync(process.execPath, ['--max-semi-space-size=64', bundle, ...process.argv.slice(2)], {
    stdio: 'inherit',
  });
  process.exitCode = run.status ?? 1;
} finally {
  rmSync(bundle, { force: true });
}
