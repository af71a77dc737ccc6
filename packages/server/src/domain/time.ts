/** Milliseconds since 1970-01-01 UTC. Passed in everywhere, so that rules can be tested without waiting. */
export type Clock = () => number;

/** Runs `task` at `at`; a fake one in tests runs it when the test moves the clock. */
export interface Scheduler {
  /** Returns a function that cancels the task. */
  schedule(at: number, task: () => void): () => void;
}
