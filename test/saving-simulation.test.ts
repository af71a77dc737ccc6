import { expect, it } from 'vitest';
import { simulateHistory } from './chaos/simulated/simulate-history.js';
import { simulateMany } from './chaos/simulated/simulate-many.js';

const SEEDS = 200;

it('[SA18] whatever dies when, nothing accepted is lost, doubled in content or out of order', async () => {
  const broken: string[] = [];

  const sum = await simulateMany(1, SEEDS, (result) => {
    broken.push(`seed ${result.seed}: ${result.broken.join('; ')}`);
  });

  expect(broken).toEqual([]);
  expect(sum.accepted).toBeGreaterThan(SEEDS);
  expect(sum.crashes).toBeGreaterThan(SEEDS / 2);
  expect(sum.powerCuts).toBeGreaterThan(0);
});

it.each([11_447, 14_346, 14_827, 19_566])(
  '[SA12] who slept while a newer version went out does not send the older one: seed %i',
  async (seed) => {
    expect((await simulateHistory(seed)).broken).toEqual([]);
  },
);

it.each([21_504, 28_140])(
  '[SA15] who slept over the last look at its lease looks again before it sends: seed %i',
  async (seed) => {
    expect((await simulateHistory(seed)).broken).toEqual([]);
  },
);
