import { expect, it } from 'vitest';
import { FanOut } from './fan-out.js';
import { FloodGate } from './flood-gate.js';
import { noMetrics } from './metrics.js';

const HOUR_MS = 3_600_000;

it('[SA49] acknowledgements go out within the usual window after the clock was set back', () => {
  let now = 5 * HOUR_MS;
  const due: number[] = [];
  const fanOut = new FanOut({
    clock: () => now,
    scheduler: {
      schedule: (at) => {
        due.push(at);
        return () => {};
      },
    },
    metrics: noMetrics(),
  });
  fanOut.sendOperations(['{}']);

  now = HOUR_MS;
  fanOut.sendOperations(['{}']);
  fanOut.sendSelection('page', '{}');

  expect(due.length).toBeGreaterThan(0);
  expect(Math.max(...due)).toBeLessThan(now + 2_000);
});

it('[SA49] a gate fills again after the clock was set back', () => {
  const gate = new FloodGate(10, 10, 5 * HOUR_MS);
  gate.admits(5 * HOUR_MS, 10);

  gate.admits(HOUR_MS, 10);

  expect(gate.admits(HOUR_MS + 1_000, 10)).toBe(true);
});
