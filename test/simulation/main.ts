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
const minutes = option('minutes', 0);
const started = Date.now();
console.log(`${found.length} documents: ${found.map((each) => each.name).join(', ')}`);
const totals = runMonkey({
  seeds,
  from: option('from', 1),
  actions: option('actions', 360),
  ...(people > 0 ? { people } : {}),
  budget: option('budget', 100),
  subjects: found,
  officeEvery: option('office', 25),
  say: (line) => console.log(line),
  enough: () => minutes > 0 && Date.now() - started > minutes * 60_000,
});
for (const kind of [
  ...new Set([...CARRIED_KINDS, ...totals.executed.keys(), ...totals.refused.keys()]),
].sort())
  console.log(
    `${kind}: ${totals.executed.get(kind) ?? 0} executed, ${totals.refused.get(kind) ?? 0} refused`,
  );
for (const [reason, times] of [...totals.reasons].sort((a, b) => b[1] - a[1]).slice(0, 25))
  console.log(`${times} × ${reason}`);
/** Seeds from which on every kind must have been seen at work, and how often. */
const MANY = 200;
const ENOUGH = 20;
const { ran, shortest, textRefused, diverged, lost, doubled, broken } = totals;
const rare = CARRIED_KINDS.filter((kind) => (totals.executed.get(kind) ?? 0) < ENOUGH);
if (rare.length > 0) console.log(`executed fewer than ${ENOUGH} times: ${rare.join(', ')}`);
if (broken > 0) console.log(`${broken} seeds broke a rule besides (see above)`);
if (totals.opened > 0) console.log(`LibreOffice opened ${totals.opened} of the results`);
console.log(`the shortest history has ${shortest} operations; text refused ${textRefused} times`);
console.log(`monkey: ${ran} seeds, ${diverged} diverged, ${lost} lost, ${doubled} doubled`);
const tooRare = ran >= MANY && rare.length > 0;
process.exitCode = diverged + lost + doubled + broken + textRefused > 0 || tooRare ? 1 : 0;
