import { describe, expect, it } from 'vitest';
import type { SnapshotRecord } from '../log/operation-log.js';
import { spentSnapshots } from './snapshot-retention.js';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const NOW = 100 * DAY_MS;
const RETENTION = { everyMs: 10 * MINUTE_MS, keepMs: 7 * DAY_MS, mostBytes: 1_000_000 };
const RESTORED = { userId: '1', by: 'Ada', from: { sequence: 1, at: 0, version: null } };

/** Snapshots of these ages in minutes, newest first. */
function ofAges(minutes: readonly number[], restoredAt: readonly number[] = []): SnapshotRecord[] {
  return minutes.map((age, at) => ({
    ...{ sequence: minutes.length - at, epoch: 1, blob: 'b', engine: 'e', digest: 'd', people: [] },
    createdAt: NOW - age * MINUTE_MS,
    restored: restoredAt.includes(age) ? RESTORED : null,
  }));
}

function keptAges(
  snapshots: readonly SnapshotRecord[],
  retention = RETENTION,
  newestBytes = 1_000,
): number[] {
  const spent = spentSnapshots(snapshots, NOW, retention, newestBytes);
  return snapshots
    .filter((snapshot) => !spent.includes(snapshot))
    .map(({ createdAt }) => (NOW - createdAt) / MINUTE_MS);
}

describe('retention of snapshots', () => {
  it('[RO31] the newest four are kept, however close together', () => {
    expect(keptAges(ofAges([0, 1, 2, 3, 4, 5]))).toEqual([0, 1, 2, 3]);
  });

  it('[SA45] one in ten minutes is kept for a day, then one an hour for a week', () => {
    const everyMinute = Array.from({ length: 10 * 24 * 60 }, (_, age) => age);
    const kept = keptAges(ofAges(everyMinute));

    const ofToday = kept.filter((age) => age <= 24 * 60);
    expect(ofToday.length).toBeLessThanOrEqual(24 * 6 + 1 + 4);
    expect(kept.length - ofToday.length).toBeLessThanOrEqual(6 * 24 + 1);
    expect(Math.max(...kept)).toBeLessThanOrEqual(7 * 24 * 60);
    for (const [at, age] of kept.slice(1).entries())
      expect(age - (kept[at] ?? 0)).toBeLessThanOrEqual(age <= 24 * 60 ? 10 : 120);
  });

  it('[SA45] nothing but the newest is kept where states between saves are not wanted', () => {
    expect(keptAges(ofAges([0, 20, 40, 60, 80]), { ...RETENTION, everyMs: 0 })).toEqual([0, 20, 40, 60]);
  });

  it('[SA45] of a large document fewer states are kept, the newest, and never fewer than four', () => {
    const ages = [0, 1, 2, 3, 20, 40, 60, 80, 100];

    expect(keptAges(ofAges(ages), RETENTION, 150_000)).toEqual([0, 1, 2, 3, 20, 40]);
    expect(keptAges(ofAges(ages), RETENTION, 2_000_000)).toEqual([0, 1, 2, 3]);
  });

  it('[SA43] a restore and what was there before it are kept as long as the document', () => {
    const old = 30 * 24 * 60;
    const ages = [0, 1, 2, 3, old, old + 1, old + 2];

    expect(keptAges(ofAges(ages, [old]))).toEqual([0, 1, 2, 3, old, old + 1]);
  });
});
