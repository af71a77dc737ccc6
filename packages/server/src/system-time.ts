import type { Clock, Scheduler } from './domain/time.js';

/** The machine's own clock. */
export const systemClock: Clock = Date.now;

/** The longest wait that Node's timers take; longer ones are made of several. */
const LONGEST_WAIT_MS = 2 ** 31 - 1;

/** The time that a server runs on. */
export interface Time {
  clock: Clock;
  scheduler: Scheduler;
}

/** Node's timers on a clock; they do not keep the process alive by themselves. */
export function createScheduler(clock: Clock): Scheduler {
  return {
    schedule(at, task) {
      let timer: NodeJS.Timeout;
      const arm = () => {
        const wait = at - clock();
        const due = wait <= LONGEST_WAIT_MS;
        timer = setTimeout(due ? task : arm, due ? Math.max(0, wait) : LONGEST_WAIT_MS);
        timer.unref();
      };
      arm();
      return () => clearTimeout(timer);
    },
  };
}

export const systemScheduler = createScheduler(systemClock);

export const systemTime: Time = { clock: systemClock, scheduler: systemScheduler };
