// Builds what is stale: the TypeScript of each package file by file, and the pages with Vite.
import { existsSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { buildWhenStale, installPackages, requireNode, root } from './preparation.mjs';

const LIBRARIES = ['protocol', 'engine', 'client', 'server'];

/** Transpiles one package's sources 1:1 into its dist folder; types are checked by `npm run check`. */
async function transpile(name) {
  const { build } = await import('esbuild');
  const source = join(root, 'packages', name, 'src');
  const target = join(root, 'packages', name, 'dist');
  const next = `${target}-next-${process.pid}`;
  await build({
    entryPoints: readdirSync(source, { recursive: true })
      .filter((file) => /\.tsx?$/.test(file) && !/\.(test|d)\.tsx?$/.test(file))
      .map((file) => join(source, file)),
    outdir: next,
    outbase: source,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    sourcemap: true,
    logLevel: 'warning',
  });
  swapIn(next, target);
}

async function buildPages() {
  const { build } = await import('vite');
  const config = join(root, 'packages', 'web', 'vite.config.ts');
  if (!existsSync(config)) return;
  const folder = join(root, 'packages', 'web');
  const next = join(folder, `dist-next-${process.pid}`);
  await build({ root: folder, configFile: config, logLevel: 'error', build: { outDir: next } });
  swapIn(next, join(folder, 'dist'));
}

/** A server or a test that runs from the old files loses them only at the moment when the new ones are there. */
function swapIn(next, target) {
  const former = `${target}-former-${process.pid}`;
  if (existsSync(target)) renameSync(target, former);
  renameSync(next, target);
  rmSync(former, { recursive: true, force: true });
}

/** Builds everything that is stale; says so only when there is something to do. */
export async function buildAll() {
  const packageFiles = (name) => [`packages/${name}/src`, `packages/${name}/package.json`];
  for (const name of LIBRARIES) {
    await buildWhenStale(name, [...packageFiles(name), 'scripts/build.mjs'], () => transpile(name));
  }
  const pageInputs = ['protocol', 'engine', 'client', 'web'].flatMap(packageFiles);
  await buildWhenStale(
    'web',
    [...pageInputs, 'packages/web/vite.config.ts', 'packages/web/build'],
    async () => {
      console.log('Building the pages …');
      await buildPages();
    },
  );
}

if (process.argv[1] === join(root, 'scripts', 'build.mjs')) {
  requireNode();
  installPackages();
  await buildAll();
}
