// `npm run chaos -- --runs N [--from K] [--simulated | --fault NAME]`: seeded histories in which the server is killed and
// applications fail. Real processes, or virtual ones by the thousand, or one fault (test/chaos/repeat-fault.ts). The last
// line is the figure: `chaos: N runs, L lost, P parked`.
import { importBundled } from './bundle.mjs';
import { installPackages, requireNode } from './preparation.mjs';

requireNode();
installPackages();
const { buildAll } = await import('./build.mjs');
await buildAll();

const args = process.argv.slice(2);
const numberAfter = (name, fallback) => {
  const at = args.indexOf(name);
  const value = at < 0 ? fallback : Number(args[at + 1]);
  if (!Number.isInteger(value) || value < 1) {
    console.error('Usage: npm run chaos -- --runs N [--from K] [--simulated | --fault NAME]');
    process.exit(2);
  }
  return value;
};

const { main } = await importBundled('test/chaos/main.ts');
const isClean = await main({
  runs: numberAfter('--runs', 10),
  from: numberAfter('--from', 1),
  isSimulated: args.includes('--simulated'),
  fault: args.includes('--fault') ? args[args.indexOf('--fault') + 1] : '',
});
process.exit(isClean ? 0 : 1);
