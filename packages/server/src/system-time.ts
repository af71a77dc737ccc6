import type { Clock, Scheduler } from './domain/time.js';

/** The machine's own clock. */
export const systemClock: Clock = Date.now;

/** The longest wait that Node's timers take; longer ones are made of several. */
const LONGEST_WAIT_MS = 2 ** 31 - 1;

/** Node's timers; they do not keep the process alive by themselves. */
export const systemScheduler: Scheduler = {
  schedule(at, task) {
    let timer: NodeJS.Timeout;
    const arm = () => {
      const wait = at - Date.now();
      const due = wait <= LONGEST_WAIT_MS;
      timer = setTimeout(due ? task : arm, due ? Math.max(0, wait) : LONGEST_WAIT_MS);
      timer.unref();
    };
    arm();
    return () => clearTimeout(timer);
  },
};
