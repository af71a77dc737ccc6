import { type SimulationResult, simulateHistory } from './simulate-history.js';

/** What many histories brought. */
export type SimulationSum = Record<
  'lost' | 'safe' | 'accepted' | 'parked' | 'arrivals' | 'crashes' | 'powerCuts',
  number
>;

/** Many histories, one after the other; tells of each that broke a promise. */
export async function simulateMany(
  from: number,
  count: number,
  onBroken: (result: SimulationResult) => void,
): Promise<SimulationSum> {
  const sum = { lost: 0, safe: 0, accepted: 0, parked: 0, arrivals: 0, crashes: 0, powerCuts: 0 };
  for (let seed = from; seed < from + count; seed += 1) {
    const result = await simulateHistory(seed);
    // Lets go of what the dead processes of this history still wait for.
    await new Promise((resolve) => setImmediate(resolve));
    sum.safe += result.safe;
    sum.accepted += result.accepted;
    sum.parked += result.parked;
    sum.arrivals += result.arrivals;
    sum.crashes += result.crashes;
    sum.powerCuts += result.powerCuts;
    if (result.broken.length === 0) continue;
    sum.lost += 1;
    onBroken(result);
  }
  return sum;
}
