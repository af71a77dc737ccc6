import type { Session } from './session.js';

export interface SessionLimits {
  /** Life of a session without activity. */
  sessionMs: number;
  /** Longest life of a session, however active. */
  sessionMaxMs: number;
}

/** An expired session is told apart from an unknown one for so long. */
export const REMEMBER_EXPIRED_MS = 7 * 24 * 3_600_000;

/** A session writes its activity at most once in this time, or in a tenth of a very short life. */
const WRITE_INTERVAL_MS = 60_000;

export function firstTimes(
  now: number,
  limits: SessionLimits,
): Pick<Session, 'createdAt' | 'expiresAt' | 'expiresAtMost'> {
  return {
    createdAt: now,
    expiresAt: now + limits.sessionMs,
    expiresAtMost: now + Math.max(limits.sessionMs, limits.sessionMaxMs),
  };
}

/** Where activity at `now` moves the expiry: never back, never beyond the absolute limit. */
export function movedExpiry(session: Session, now: number, limits: SessionLimits): number {
  return Math.max(session.expiresAt, Math.min(session.expiresAtMost, now + limits.sessionMs));
}

export function writeIntervalMs(limits: SessionLimits): number {
  return Math.min(WRITE_INTERVAL_MS, limits.sessionMs / 10);
}

export type SessionStanding = 'living' | 'expired' | 'unknown';

/** How a caller sees the session at `now`, whether or not the sweep has come by. */
export function standingOf(session: Session, now: number): SessionStanding {
  switch (session.state) {
    case 'living':
      return session.expiresAt > now ? 'living' : standingOfExpired(session.expiresAt, now);
    case 'expired':
      return standingOfExpired(session.endedAt ?? session.expiresAt, now);
    case 'deleted':
      return 'unknown';
    default:
      return session.state satisfies never;
  }
}

function standingOfExpired(endedAt: number, now: number): SessionStanding {
  return now - endedAt < REMEMBER_EXPIRED_MS ? 'expired' : 'unknown';
}
