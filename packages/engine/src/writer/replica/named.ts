import { type Frame, StepRefused } from './frame.js';
import type { Operation } from './operation.js';

/** Our own operations, for what the editor does without one of the core. */
export function runNamedStep(_frame: Frame, operation: Operation): void {
  throw new StepRefused('not-carried', operation.kind, true);
}
