// Makes one runnable file of a TypeScript program of this repository.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from './preparation.mjs';

/** Bundles `entry` (from the root of the repository) and gives what it exports. Packages stay where they are. */
export async function importBundled(entry) {
  const { build } = await import('esbuild');
  const outfile = join(root, '.cache', entry.replace(/\.ts$/, '.mjs'));
  await build({
    entryPoints: [join(root, entry)],
    outfile,
    bundle: true,
    packages: 'external',
    format: 'esm',
    platform: 'node',
    target: 'node20',
    logLevel: 'warning',
    plugins: [{ name: 'own-address', setup: keepAddresses }],
  });
  return import(pathToFileURL(outfile).href);
}

/** A bundled file still finds its neighbours on the disk: `import.meta.url` stays the address of its source. */
function keepAddresses({ onLoad }) {
  onLoad({ filter: /\.ts$/ }, ({ path }) => ({
    loader: 'ts',
    contents: readFileSync(path, 'utf8').replaceAll(
      'import.meta.url',
      JSON.stringify(pathToFileURL(path).href),
    ),
  }));
}
