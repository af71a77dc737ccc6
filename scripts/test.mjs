// `npm test`: installs what is missing, builds, runs every test: the fast ones first, the browser stories last.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { installPackages, requireNode, root } from './preparation.mjs';
import { provideSystemPackages } from './system-packages.mjs';

requireNode();
installPackages();
provideSystemPackages();
const { buildAll } = await import('./build.mjs');
await buildAll();

const projects = process.argv.slice(2).length > 0 ? process.argv.slice(2) : ['unit', 'e2e'];
const sum = { passed: 0, failed: 0, skipped: 0 };
let broken = false;
for (const project of projects) {
  const report = join(root, 'test-results', `${project}.json`);
  mkdirSync(join(root, 'test-results'), { recursive: true });
  rmSync(report, { force: true });
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
  const args = [
    'run',
    '--project',
    project,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
  ];
  const result = spawnSync(process.execPath, [vitest, ...args], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  broken ||= result.status !== 0;
  const counts = JSON.parse(readFileSync(report, 'utf8'));
  sum.passed += counts.numPassedTests;
  sum.failed += counts.numFailedTests;
  sum.skipped += counts.numPendingTests + counts.numTodoTests;
  if (result.status !== 0 && counts.numFailedTests === 0)
    console.error(`${project}: an error outside of any test, see above`);
}
// One line in a form that any program can read.
console.log(`${sum.passed} passed, ${sum.failed} failed${sum.skipped > 0 ? `, ${sum.skipped} skipped` : ''}`);
process.exitCode = broken || sum.failed > 0 || sum.passed === 0 ? 1 : 0;
