export interface PaceDeps {
  readonly now: () => number;
  readonly schedule: (task: () => void, delayMs: number) => void;
  readonly beforeNextFrame: (task: () => void) => void;
  /** Runs `task` when the page has nothing better to do, at the latest after `limitMs`. */
  readonly whenIdle: (task: () => void, limitMs: number) => void;
}

/** Short for the eye, and room for many letters. */
export const SHORTEST_REST_MS = 100;
/** Later, what others do would seem to come in jerks. */
export const LONGEST_REST_MS = 500;
/** The page's own author has three quarters of its time. */
const REST_FOR_WORK = 3;

/**
 * Others' work is laid out and painted as a whole, whether it is one letter or those of fifty people: the more pages lie between
 * them, the longer it takes. What comes alone is shown with the next frame; while more keeps coming it is shown
 * together, after a rest as long as three times the work that the last one made.
 *
 * Gives what runs one task at this pace; who has given one waits for it before giving another.
 */
export function othersPace({
  now,
  schedule,
  beforeNextFrame,
  whenIdle,
}: PaceDeps): (task: () => void) => void {
  let isResting = false;
  let waiting: (() => void) | null = null;

  function show(task: () => void): void {
    beforeNextFrame(() => {
      isResting = true;
      const began = now();
      task();
      // The editor lays out and paints in tasks of its own, which go before an idle page.
      whenIdle(() => {
        const restMs = (now() - began) * REST_FOR_WORK;
        schedule(rested, Math.min(Math.max(restMs, SHORTEST_REST_MS), LONGEST_REST_MS));
      }, LONGEST_REST_MS);
    });
  }

  function rested(): void {
    isResting = false;
    const next = waiting;
    waiting = null;
    if (next !== null) show(next);
  }

  return (task) => {
    if (isResting) waiting = task;
    else show(task);
  };
}
