import type { DeliveryAttempt, Save } from './save.js';

export interface RetryLimits {
  /** How long after its acceptance a save is tried before it is parked. */
  windowMs: number;
  /** The same when the answer says that a repetition cannot help, for example 404. */
  unhealableWindowMs: number;
  /** Wait after the first attempt beyond the caller's own; doubles with every further one. */
  firstWaitMs: number;
  longestWaitMs: number;
}

export const DEFAULT_RETRY_LIMITS: RetryLimits = {
  windowMs: 72 * 3_600_000,
  // Long enough for a deployment that answers 404 for some minutes, short enough for people to hear of a wrong URL.
  unhealableWindowMs: 15 * 60_000,
  firstWaitMs: 5_000,
  longestWaitMs: 3_600_000,
};

export interface Failure {
  outcome: Exclude<DeliveryAttempt['outcome'], 'delivered'>;
  canHeal: boolean;
  retryAfterSeconds: number | null;
}

export type Verdict = { next: 'at_once' } | { next: 'later'; at: number } | { next: 'park' };

/**
 * What follows a failed attempt. `attempt` counts from 1. The caller's own `retries` come first and at once, unless
 * the application named a time (`Retry-After`); then exponential back-off, in which `random` (0 to below 1) takes
 * away up to half of the wait; the last attempt stands at the end of the window.
 */
export function judgeFailure(
  save: Pick<Save, 'createdAt' | 'target'>,
  attempt: number,
  failure: Failure,
  context: { now: number; random: number; strict: boolean; limits: RetryLimits },
): Verdict {
  const { now, limits } = context;
  const askedWaitMs = (failure.retryAfterSeconds ?? 0) * 1000;
  const isCallersOwn = attempt <= save.target.retries;
  if (isCallersOwn && askedWaitMs <= 0 && failure.outcome !== 'egress_refused') return { next: 'at_once' };
  if (context.strict && !isCallersOwn) return { next: 'park' };
  const end =
    save.createdAt + Math.min(limits.windowMs, failure.canHeal ? Infinity : limits.unhealableWindowMs);
  if (now >= end) return { next: 'park' };
  const round = Math.max(0, attempt - save.target.retries - 1);
  const fullWaitMs = Math.min(limits.longestWaitMs, limits.firstWaitMs * 2 ** Math.min(round, 30));
  const waitMs = Math.max(askedWaitMs, fullWaitMs * (1 - context.random / 2));
  return { next: 'later', at: Math.min(end, Math.ceil(now + waitMs)) };
}
