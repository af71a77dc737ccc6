import type { SnapshotRecord } from '../log/operation-log.js';

/** How densely the states of a document between its saves are kept. */
export interface SnapshotRetention {
  /** One in so many milliseconds for a day, then one an hour; 0 keeps none. */
  everyMs: number;
  /** For so long. */
  keepMs: number;
  /** And no more of them than so many bytes hold, were each as large as the newest. */
  mostBytes: number;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const MEGABYTE = 1024 * 1024;

export const DEFAULT_SNAPSHOT_RETENTION: SnapshotRetention = {
  everyMs: 10 * MINUTE_MS,
  keepMs: 7 * DAY_MS,
  mostBytes: 256 * MEGABYTE,
};

/** Newcomers may still be fetching the last few when the next one is made. */
const NEWEST_KEPT = 4;

/**
 * The snapshots that nobody needs any more. Needed are the newest few, one of each stretch of time (rule SA45), and
 * those at and before a restore: no replay leads over it.
 */
export function spentSnapshots(
  newestFirst: readonly SnapshotRecord[],
  now: number,
  retention: SnapshotRetention,
  newestBytes: number,
): readonly SnapshotRecord[] {
  const stretches = new Set<string>();
  let kept = 0;
  return newestFirst.filter((snapshot, at) => {
    const isNeeded =
      at < NEWEST_KEPT || snapshot.restored !== null || (newestFirst[at - 1]?.restored ?? null) !== null;
    const stretch = stretchOf(snapshot.createdAt, now, retention);
    // The newest of a stretch stands for it, whatever else keeps it.
    const isFirst = stretch !== undefined && !stretches.has(stretch);
    if (stretch !== undefined) stretches.add(stretch);
    const isKept = isNeeded || (isFirst && (kept + 1) * newestBytes <= retention.mostBytes);
    if (isKept) kept += 1;
    return !isKept;
  });
}

/** The stretch of time that a snapshot may stand for; undefined for one that is too old, or where none are kept. */
function stretchOf(
  createdAt: number,
  now: number,
  { everyMs, keepMs }: SnapshotRetention,
): string | undefined {
  const age = now - createdAt;
  if (everyMs === 0 || age > keepMs) return undefined;
  const length = age <= DAY_MS ? everyMs : Math.max(everyMs, HOUR_MS);
  return `${length} ${Math.floor(createdAt / length)}`;
}
