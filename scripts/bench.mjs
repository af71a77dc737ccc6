// `npm run bench -- NAME [OPTIONS]`: runs one workload of bench/, keeps its raw figures as JSON lines and prints one last
// line `NAME: …` with the figure.
import { appendFileSync, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { importBundled } from './bundle.mjs';
import { installPackages, requireNode, root } from './preparation.mjs';

requireNode();
installPackages();
const { buildAll } = await import('./build.mjs');
await buildAll();

const [name = '', ...options] = process.argv.slice(2);
const source = join(root, 'bench', `${name}.ts`);
if (name === '' || !existsSync(source)) {
  const names = readdirSync(join(root, 'bench')).filter(
    (file) => file.endsWith('.ts') && !file.startsWith('_'),
  );
  console.error(`Which workload? ${names.map((file) => file.slice(0, -3)).join(', ')}`);
  process.exit(2);
}

const { run } = await importBundled(`bench/${name}.ts`);
const { summary, rows } = await run(options);

mkdirSync(join(root, 'bench', 'results'), { recursive: true });
const machine = { node: process.version, cpu: cpus()[0]?.model ?? 'unknown', cores: cpus().length };
for (const row of rows) {
  appendFileSync(
    join(root, 'bench', 'results', `${name}.jsonl`),
    `${JSON.stringify({ at: new Date().toISOString(), ...machine, ...row })}\n`,
  );
}
console.log(`${name}: ${summary}`);
process.exit(0);
