import { expect, it } from 'vitest';
import { LONGEST_REST_MS, othersPace, SHORTEST_REST_MS } from './others-pace.js';

it('shows what comes alone with the next frame', () => {
  const { pace, shown, frame } = page();

  pace(() => shown.push('a'));
  expect(shown).toEqual([]);
  frame();

  expect(shown).toEqual(['a']);
});

it.each([
  ['hardly any work', 0, SHORTEST_REST_MS],
  ['some work', 50, 150],
  ['much work', 900, LONGEST_REST_MS],
])('rests after %s before it shows what follows', (_what, workMs, restMs) => {
  const { pace, shown, frame, pass, beIdle } = page();
  pace(() => shown.push('a'));
  frame();
  pace(() => shown.push('b'));

  pass(workMs);
  beIdle();
  pass(restMs - 1);
  frame();
  expect(shown).toEqual(['a']);

  pass(1);
  frame();
  expect(shown).toEqual(['a', 'b']);
});

it('shows at once again what comes after the rest', () => {
  const { pace, shown, frame, pass, beIdle } = page();
  pace(() => shown.push('a'));
  frame();
  beIdle();
  pass(SHORTEST_REST_MS);

  pace(() => shown.push('b'));
  frame();

  expect(shown).toEqual(['a', 'b']);
});

/** A page whose clock, frames and idle moments come when the test says so. */
function page() {
  let at = 0;
  let timers: { task: () => void; due: number }[] = [];
  const frames: (() => void)[] = [];
  const idle: (() => void)[] = [];
  const pace = othersPace({
    now: () => at,
    schedule: (task, delayMs) => timers.push({ task, due: at + delayMs }),
    beforeNextFrame: (task) => frames.push(task),
    whenIdle: (task) => idle.push(task),
  });
  const runAll = (tasks: (() => void)[]) => {
    for (const task of tasks.splice(0)) task();
  };
  return {
    pace,
    shown: [] as string[],
    frame: () => runAll(frames),
    beIdle: () => runAll(idle),
    pass(ms: number) {
      at += ms;
      const due = timers.filter((timer) => timer.due <= at);
      timers = timers.filter((timer) => timer.due > at);
      for (const { task } of due) task();
    },
  };
}
