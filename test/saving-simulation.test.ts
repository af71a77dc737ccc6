import { expect, it } from 'vitest';
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
