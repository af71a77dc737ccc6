import { simulateMany } from '../../packages/server/src/domain/saving/testing/simulation.js';
import { runChaos } from './chaos-run.js';

export interface ChaosTask {
  runs: number;
  from: number;
  /** Virtual time, network and store instead of real processes. */
  isSimulated: boolean;
  /** Path of the built command line. */
  cli: string;
}

/** Runs seeded histories; prints those that broke a promise, and last the figure. Answers whether nothing was lost. */
export async function main(task: ChaosTask): Promise<boolean> {
  const { lost, parked } = task.isSimulated ? await simulate(task) : await destroy(task);
  console.log(`chaos: ${task.runs} runs, ${lost} lost, ${parked} parked`);
  return lost === 0;
}

async function simulate({ runs, from }: ChaosTask): Promise<{ lost: number; parked: number }> {
  const sum = await simulateMany(from, runs, ({ seed, broken }) => {
    console.log(`seed ${seed}: ${broken.join('; ')}`);
  });
  console.log(`${sum.accepted} saves accepted, ${sum.crashes} processes killed`);
  return sum;
}

async function destroy({ runs, from, cli }: ChaosTask): Promise<{ lost: number; parked: number }> {
  const sum = { lost: 0, parked: 0, kills: 0, safe: 0, accepted: 0, arrivals: 0 };
  for (let seed = from; seed < from + runs; seed += 1) {
    const result = await runChaos(seed, cli);
    sum.lost += result.lost.length;
    sum.parked += result.parked;
    sum.kills += result.kills;
    sum.safe += result.safe;
    sum.accepted += result.accepted;
    sum.arrivals += result.arrivals;
    if (result.lost.length > 0) console.log(`seed ${seed}: ${result.lost.join('; ')}`);
  }
  console.log(
    `${sum.kills} kills, ${sum.safe} edits acknowledged, ${sum.accepted} saves accepted, ${sum.arrivals} files arrived`,
  );
  return sum;
}
