// Seeded simulation of people editing one document together: npm run monkey -- --seeds N [--from K] [--people P]
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = join(fileURLToPath(import.meta.url), '..', '..');
if (!existsSync(join(root, 'packages', 'engine', 'dist', 'writer', 'replica', 'index.js'))) {
  console.error('The engine is not built: run `npm run build` first.');
  process.exit(1);
}
const { build } = await import('esbuild');
const cache = join(root, 'node_modules', '.cache', 'officina');
mkdirSync(cache, { recursive: true });
const bundle = join(cache, `monkey-${process.pid}.mjs`);
await build({
  entryPoints: [join(root, 'test', 'simulation', 'main.ts')],
  outfile: bundle,
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  packages: 'external',
  logLevel: 'warning',
});
try {
  await import(pathToFileURL(bundle).href);
} finally {
  rmSync(bundle, { force: true });
}
