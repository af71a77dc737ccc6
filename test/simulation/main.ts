import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { CARRIED_KINDS, runMonkey } from './monkey.js';
import { subjects } from './subjects.js';

function option(name: string, otherwise: number): number {
  const index = process.argv.indexOf(`--${name}`);
  const value = index < 0 ? otherwise : Number(process.argv[index + 1]);
  if (!Number.isInteger(value) || value < 0) throw new RangeError(`--${name} wants a whole number.`);
  return value;
}

const beside = join(process.cwd(), '..', 'shared', 'corpus');
const corpus = process.env.OFFICINA_CORPUS ?? (existsSync(beside) ? beside : undefined);
const found = subjects(corpus);
const seeds = option('seeds', 20);
const people = option('people', 0);
console.log(`${found.length} documents: ${found.map((each) => each.name).join(', ')}`);
const totals = runMonkey({
  seeds,
  from: option('from', 1),
  actions: option('actions', 300),
  ...(people > 0 ? { people } : {}),
  budget: option('budget', 100),
  subjects: found,
  say: (line) => console.log(line),
});
const kinds = [...new Set([...totals.executed.keys(), ...totals.refused.keys()])].sort();
for (const kind of kinds)
  console.log(
    `${kind}: ${totals.executed.get(kind) ?? 0} executed, ${totals.refused.get(kind) ?? 0} refused`,
  );
for (const [reason, times] of [...totals.reasons].sort((a, b) => b[1] - a[1]).slice(0, 25))
  console.log(`${times} × ${reason}`);
const ENOUGH = 20;
const rare = CARRIED_KINDS.filter((kind) => (totals.executed.get(kind) ?? 0) < ENOUGH);
if (rare.length > 0) console.log(`executed fewer than ${ENOUGH} times: ${rare.join(', ')}`);
const tooRare = seeds >= 200 && rare.length > 0;
if (totals.broken > 0) console.log(`${totals.broken} seeds broke a rule besides (see above)`);
const { diverged, lost, doubled, broken } = totals;
console.log(`monkey: ${seeds} seeds, ${diverged} diverged, ${lost} lost, ${doubled} doubled`);
process.exitCode = diverged + lost + doubled + broken > 0 || tooRare ? 1 : 0;
