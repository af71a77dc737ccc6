import { startTestPostgres } from '../../packages/server/src/storage/postgres/test-postgres.js';
import { jumpClock } from './clock-jumps.js';
import { runOutOfRoom } from './full-disk.js';
import { moveRestoredRoom } from './moved-room.js';
import { loseHolder } from './shared-outbox.js';
import { weatherStorm } from './storm.js';
import { mountTinyDisk } from './tiny-disk.js';

export const FAULTS = [
  'killed-holder',
  'frozen-holder',
  'moved-room',
  'full-disk',
  'clock',
  'storm',
] as const;
export type FaultName = (typeof FAULTS)[number];

const TINY_MEGABYTES = 48;
const STORM_DOCUMENTS = 8;

/** Plays one fault with real processes; what was promised and not kept. */
export async function playFault(fault: FaultName, seed: number, program: string): Promise<readonly string[]> {
  switch (fault) {
    case 'killed-holder':
      return await onPostgres(async (url) => (await loseHolder('killed', url, program)).lost);
    case 'frozen-holder':
      return await onPostgres(async (url) => (await loseHolder('frozen', url, program)).lost);
    case 'moved-room':
      return await onPostgres(async (url) => {
        const how = seed % 2 === 0 ? 'killed' : 'frozen';
        const { lost, wasInBoth } = await moveRestoredRoom(how, url, program);
        return wasInBoth ? [...lost, 'somebody was in the room on both servers'] : lost;
      });
    case 'full-disk': {
      const disk = mountTinyDisk(TINY_MEGABYTES);
      if (!disk) throw new Error('A small disk can be mounted by root on Linux only.');
      try {
        return (await runOutOfRoom(disk, program)).lost;
      } finally {
        disk.remove();
      }
    }
    case 'clock':
      return (await jumpClock(program)).lost;
    case 'storm':
      return (await weatherStorm(seed, program, STORM_DOCUMENTS)).lost;
    default:
      return fault satisfies never;
  }
}

async function onPostgres(
  play: (databaseUrl: string) => Promise<readonly string[]>,
): Promise<readonly string[]> {
  const postgres = await startTestPostgres();
  if (!postgres) throw new Error('PostgreSQL is not installed.');
  try {
    return await play(await postgres.createDatabase());
  } finally {
    await postgres.stop();
  }
}
