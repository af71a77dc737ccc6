import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build, type Plugin } from 'esbuild';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** Loaded at run time, by name. */
const EXTERNAL = ['better-sqlite3', 'node-sqlite3-wasm', 'pg-native'];

/**
 * Puts the server and its packages into one file, which starts in a third of the time: a thousand starts cost minutes.
 * Threads and child processes are the built ones. Returns the file's path.
 */
export async function bundleServer(): Promise<string> {
  const outfile = join(ROOT, '.cache', `chaos-server-${process.pid}.cjs`);
  await build({
    entryPoints: [join(ROOT, 'test', 'chaos', 'server-entry.ts')],
    outfile,
    bundle: true,
    format: 'cjs',
    platform: 'node',
    target: 'node20',
    conditions: ['officina-source'],
    external: EXTERNAL,
    logLevel: 'warning',
    plugins: [ownAddress],
  });
  return outfile;
}

/** A bundled source still finds its neighbours on the disk: `import.meta.url` stays its own address. */
const ownAddress: Plugin = {
  name: 'own-address',
  setup({ onLoad }) {
    onLoad({ filter: /\.ts$/ }, ({ path }) => ({
      loader: 'ts',
      // Not as a plain text: this file may be bundled itself.
      contents: readFileSync(path, 'utf8').replace(
        /\bimport\.meta\.url\b/g,
        JSON.stringify(pathToFileURL(path).href),
      ),
    }));
  },
};
