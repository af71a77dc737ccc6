import { closeSync, fsyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cpuMs, quantile, round } from '../_figures.js';
import { Keyboard } from './fan-out.js';
import { gather, type OfficinaPerson, startOfficina } from './officina-people.js';
import type { Footing } from './server-process.js';

export interface BusyRoomsFigures {
  rooms: number;
  operations: number;
  /** From a key to its own author's acknowledgement, which follows the fsync. */
  p50Ms: number;
  p95Ms: number;
  coreShare: number;
  /** What this disk takes for a file of one page, written and synced while nothing of ours runs. */
  diskP50Ms: number;
  diskP95Ms: number;
}

const ROOMS = 100;
const PEOPLE = 3;
const KEYS_PER_SECOND = 2;
const WARM_UP_MS = 3_000;
const MEASURED_MS = 15_000;
const SYNCS = 60;

export async function measureBusyRooms(footing: Footing): Promise<BusyRoomsFigures> {
  const disk = syncTimes();
  const server = await startOfficina(footing);
  try {
    const people: OfficinaPerson[] = [];
    for (let room = 0; room < ROOMS; room += 1)
      people.push(...(await gather(server.url, `room-${room}`, PEOPLE)));
    const sentAt = new Map<string, number>();
    const latencies: number[] = [];
    for (const person of people) {
      person.listen((key) => {
        const sent = sentAt.get(key);
        // Everybody in the room hears it; the author is who counts.
        if (sent !== undefined && person.wrote(key)) latencies.push(performance.now() - sent);
      });
    }
    const keyboard = new Keyboard(people, 1_000 / KEYS_PER_SECOND);
    await keyboard.run(WARM_UP_MS, () => {});
    const cpuBefore = cpuMs(server.pid);
    await keyboard.run(MEASURED_MS, (key, at) => sentAt.set(key, at));
    const coreShare = (cpuMs(server.pid) - cpuBefore) / MEASURED_MS;
    for (const person of people) person.leave();
    return {
      rooms: ROOMS,
      operations: sentAt.size,
      p50Ms: round(quantile(latencies, 0.5)),
      p95Ms: round(quantile(latencies, 0.95)),
      coreShare: round(coreShare, 3),
      diskP50Ms: round(quantile(disk, 0.5)),
      diskP95Ms: round(quantile(disk, 0.95)),
    };
  } finally {
    await server.stop();
  }
}

function syncTimes(): number[] {
  const folder = mkdtempSync(join(tmpdir(), 'officina-bench-'));
  const file = openSync(join(folder, 'page'), 'w');
  const page = Buffer.alloc(4_096, 1);
  const times = Array.from({ length: SYNCS }, () => {
    const started = performance.now();
    writeSync(file, page);
    fsyncSync(file);
    return performance.now() - started;
  });
  closeSync(file);
  rmSync(folder, { recursive: true });
  return times;
}
