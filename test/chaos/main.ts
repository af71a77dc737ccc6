import { bundleServer } from './bundle-server.js';
import { CrashHistory } from './crash-history.js';
import { FAULTS, playFault } from './repeat-fault.js';
import { simulateMany } from './simulated/simulate-many.js';

export interface ChaosTask {
  runs: number;
  from: number;
  /** Virtual time, network and store instead of real processes. */
  isSimulated: boolean;
  /** One of `FAULTS`, again and again, instead of kills at every moment; empty for those. */
  fault: string;
}

/** So many runs go on with one folder and document: what a crash leaves behind is met by the next ones. */
const RUNS_A_HISTORY = 10;

/** Runs seeded histories; prints those that broke a promise, and last the figure. Answers whether nothing was lost. */
export async function main(task: ChaosTask): Promise<boolean> {
  const { lost, parked } = await (task.isSimulated ? simulate : task.fault === '' ? destroy : repeat)(task);
  console.log(`chaos: ${task.runs} runs, ${lost} lost, ${parked} parked`);
  return lost === 0;
}

async function simulate({ runs, from }: ChaosTask): Promise<{ lost: number; parked: number }> {
  const sum = await simulateMany(from, runs, ({ seed, broken }) => {
    console.log(`seed ${seed}: ${broken.join('; ')}`);
  });
  console.log(
    `${sum.crashes} processes killed, ${sum.powerCuts} power cuts, ${sum.safe} edits acknowledged, ${sum.accepted} saves accepted, ${sum.arrivals} files arrived`,
  );
  return sum;
}

async function repeat({ runs, from, fault }: ChaosTask): Promise<{ lost: number; parked: number }> {
  const name = FAULTS.find((known) => known === fault);
  if (!name) throw new Error(`Which fault? ${FAULTS.join(', ')}`);
  const program = await bundleServer();
  let lost = 0;
  for (let seed = from; seed < from + runs; seed += 1) {
    const broken = await playFault(name, seed, program);
    lost += broken.length;
    if (broken.length > 0) console.log(`seed ${seed}: ${broken.join('; ')}`);
  }
  return { lost, parked: 0 };
}

async function destroy({ runs, from }: ChaosTask): Promise<{ lost: number; parked: number }> {
  const program = await bundleServer();
  const sum = { lost: 0, parked: 0, safe: 0, accepted: 0, arrivals: 0 };
  const moments = new Map<string, number>();
  for (let first = from; first < from + runs; first += RUNS_A_HISTORY) {
    const count = Math.min(RUNS_A_HISTORY, from + runs - first);
    const history = await CrashHistory.begin(first, { program });
    try {
      for (let seed = first; seed < first + count; seed += 1) {
        const { lost, moment } = await history.run(seed);
        sum.lost += lost.length;
        moments.set(moment, (moments.get(moment) ?? 0) + 1);
        if (lost.length > 0) console.log(`seed ${seed} (from ${first}): ${lost.join('; ')}`);
      }
      const end = await history.end();
      sum.lost += end.lost.length;
      if (end.lost.length > 0) console.log(`end of the history from ${first}: ${end.lost.join('; ')}`);
      sum.parked += end.parked;
      sum.safe += end.safe;
      sum.accepted += end.accepted;
      sum.arrivals += end.arrivals;
      // A thousand runs take half an hour: whoever waits sees how far they are.
      console.log(`… ${first + count - from} of ${runs}, ${sum.lost} lost`);
    } finally {
      await history.dispose();
    }
  }
  const killed = [...moments].map(([moment, count]) => `${count} ${moment}`).join(', ');
  console.log(`killed after: ${killed}`);
  console.log(
    `${runs} kills, ${sum.safe} edits acknowledged, ${sum.accepted} saves accepted, ${sum.arrivals} files arrived`,
  );
  return sum;
}
