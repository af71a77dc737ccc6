// `npm run check`: format, lint, types, architecture and unit tests; what a commit must pass.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { installPackages, requireNode, root } from './preparation.mjs';

requireNode();
installPackages();
const { buildAll } = await import('./build.mjs');
await buildAll();

const bin = (name) => join(root, 'node_modules', '.bin', name);
const steps = [
  [bin('biome'), ['ci', '--error-on-warnings', '.']],
  ...['protocol', 'engine', 'client', 'server', 'web'].map((name) => [
    bin('tsc'),
    ['-p', `packages/${name}`],
  ]),
  [bin('tsc'), ['-p', 'tsconfig.tests.json']],
  [bin('vitest'), ['run', '--project', 'unit']],
];
for (const [program, args] of steps) {
  const result = spawnSync(program, args, { cwd: root, stdio: 'inherit' });
  if (result.status !== 0) {
    console.error(`\nFailed: ${program.slice(root.length + 1)} ${args.join(' ')}`);
    process.exit(1);
  }
}
