import { describe, expect, it } from 'vitest';
import { DEFAULT_RETRY_LIMITS, type Failure, judgeFailure } from './retry-policy.js';
import { aTarget } from './testing/world.js';

const HOUR_MS = 3_600_000;
const away: Failure = { outcome: 'unreachable', canHeal: true, retryAfterSeconds: null };

function judge(
  attempt: number,
  failure: Partial<Failure> = {},
  context: { now?: number; random?: number; strict?: boolean } = {},
) {
  const save = { createdAt: 0, target: aTarget({ retries: 2 }) };
  return judgeFailure(
    save,
    attempt,
    { ...away, ...failure },
    {
      now: context.now ?? 0,
      random: context.random ?? 0,
      strict: context.strict ?? false,
      limits: DEFAULT_RETRY_LIMITS,
    },
  );
}

describe('retry policy', () => {
  it("[SA7] the caller's retries follow at once", () => {
    expect([judge(1), judge(2)]).toEqual([{ next: 'at_once' }, { next: 'at_once' }]);
  });

  it('[SA8] then the waits double up to an hour', () => {
    const waits = [3, 4, 5, 6, 12, 13, 14, 99].map((attempt) => judge(attempt));

    expect(waits.map((verdict) => (verdict.next === 'later' ? verdict.at / 1000 : verdict.next))).toEqual([
      5, 10, 20, 40, 2560, 3600, 3600, 3600,
    ]);
  });

  it('[SA8] chance takes away up to half of a wait', () => {
    expect(judge(3, {}, { random: 0.999 })).toEqual({ next: 'later', at: 2503 });
  });

  it('[SA8] the last attempt stands at the end of the window, and then the save is parked', () => {
    const end = 72 * HOUR_MS;
    expect(judge(90, {}, { now: end - 1_000 })).toEqual({ next: 'later', at: end });
    expect(judge(91, {}, { now: end })).toEqual({ next: 'park' });
  });

  it('[SA8] what cannot heal has a quarter of an hour', () => {
    expect(judge(9, { canHeal: false }, { now: HOUR_MS / 4 })).toEqual({ next: 'park' });
  });

  it("[SA8] a strict key ends with the caller's retries", () => {
    expect([judge(2, {}, { strict: true }), judge(3, {}, { strict: true })]).toEqual([
      { next: 'at_once' },
      { next: 'park' },
    ]);
  });

  it('[SA9] Retry-After is the least wait', () => {
    expect(judge(1, { retryAfterSeconds: 60 })).toEqual({ next: 'later', at: 60_000 });
    expect(judge(14, { retryAfterSeconds: 60 })).toEqual({ next: 'later', at: HOUR_MS });
  });

  it('[SA7] an address that may not be reached is not tried again at once', () => {
    expect(judge(1, { outcome: 'egress_refused', canHeal: false })).toEqual({ next: 'later', at: 5_000 });
  });

  it('[SA8] a clock that was set back parks nothing', () => {
    expect(judge(30, {}, { now: -HOUR_MS })).toEqual({ next: 'later', at: 0 });
  });
});
