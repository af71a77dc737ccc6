/** What goes wrong with one delivery at the test server. */
export type Fault =
  /** Answers a status other than 2xx, with words and perhaps `Retry-After`. */
  | { kind: 'status'; status: number; message?: string; retryAfterSeconds?: number }
  /** Takes the file and never answers. */
  | { kind: 'hang' }
  /** Answers after a while. */
  | { kind: 'late'; afterMs: number }
  /** Sends the answer's body byte by byte, with pauses. */
  | { kind: 'trickle'; pauseMs: number }
  /** Breaks the connection before the file is taken. */
  | { kind: 'reset_before' }
  /** Takes the file and breaks the connection instead of answering: the sender cannot know. */
  | { kind: 'reset_after' };

/** Which fault the delivery with this index (from 0) meets; undefined: none. */
export type FaultPlan = (index: number) => Fault | undefined;

/** A fault for each of the first deliveries, then none. */
export function inOrder(...faults: readonly (Fault | undefined)[]): FaultPlan {
  return (index) => faults[index];
}

/** The time that faults take; a fake one lets a test decide when it has passed. */
export interface TestClock {
  now(): number;
  sleep(ms: number): Promise<void>;
}

export const machineClock: TestClock = {
  now: Date.now,
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms).unref()),
};
