import { expect, it } from 'vitest';
import { FanOut } from './fan-out.js';
import { FloodGate } from './flood-gate.js';
import { noMetrics } from './metrics.js';
import { OperationStream } from './operation-stream.js';

const HOUR_MS = 3_600_000;

it('[SA49] operations are committed and selections sent within the usual window after the clock was set back', async () => {
  let now = 5 * HOUR_MS;
  const due: number[] = [];
  const clock = () => now;
  const scheduler = {
    schedule: (at: number) => {
      due.push(at);
      return () => {};
    },
  };
  const fanOut = new FanOut({ clock, scheduler, metrics: noMetrics() });
  const stream = new OperationStream(
    'document',
    1,
    { head: 0, clients: new Map(), tailStart: 0, tail: [] },
    {
      ...{ clock, scheduler, afterTurn: queueMicrotask },
      pace: { countOperation: () => {}, windowMs: () => 20 },
      log: { append: async () => {}, readAfter: async () => [] },
      onDurable: (operations) => fanOut.sendOperations(operations),
      onFailure: () => {},
    },
  );
  const submit = (n: number) =>
    stream.submit(
      { client: 'page', actor: 'ada', author: 'Ada', json: '{}' },
      { n, base: 0, at: now, o: {} },
      '{}',
    );
  submit(1);
  await stream.durable();

  now = HOUR_MS;
  submit(2);
  fanOut.sendSelection('page', '{}');

  expect(due).toHaveLength(2);
  expect(Math.max(...due)).toBeLessThan(now + 2_000);
});

it('[SA49] a gate fills again after the clock was set back', () => {
  const gate = new FloodGate(10, 10, 5 * HOUR_MS);
  gate.admits(5 * HOUR_MS, 10);

  gate.admits(HOUR_MS, 10);

  expect(gate.admits(HOUR_MS + 1_000, 10)).toBe(true);
});
