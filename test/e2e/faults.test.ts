import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  startTestPostgres,
  type TestPostgres,
} from '../../packages/server/src/storage/postgres/test-postgres.js';
import { bundleServer } from '../chaos/bundle-server.js';
import { jumpClock } from '../chaos/clock-jumps.js';
import { runOutOfRoom } from '../chaos/full-disk.js';
import { moveRestoredRoom } from '../chaos/moved-room.js';
import { loseHolder } from '../chaos/shared-outbox.js';
import { weatherStorm } from '../chaos/storm.js';
import { mountTinyDisk, type TinyDisk } from '../chaos/tiny-disk.js';

const TINY_MEGABYTES = 48;
const STORM_SEED = 1;

let program: string;

beforeAll(async () => {
  program = await bundleServer();
});

const postgres = await startTestPostgres();
if (!postgres) console.log('PostgreSQL is not installed here: two servers on one outbox were not run.');

describe.runIf(postgres)('two servers that share the outbox', () => {
  afterAll(async () => {
    await postgres?.stop();
  });

  it.each(['killed', 'frozen'] as const)(
    '[SA15] [ST96] bring a save to its end when the one that holds its delivery is %s',
    async (how) => {
      const url = await (postgres as TestPostgres).createDatabase();

      const ended = await loseHolder(how, url, program);

      expect(ended).toEqual({ lost: [], arrivals: 2, contents: 1, attempts: 1, state: 'delivered' });
    },
  );

  it('[SA42] [RO44] never have one room both, also when the one that has it freezes over a restore', async () => {
    const url = await (postgres as TestPostgres).createDatabase();

    const { lost, wasInBoth } = await moveRestoredRoom('frozen', url, program);

    expect({ lost, wasInBoth }).toEqual({ lost: [], wasInBoth: false });
  });
});

const tinyDisk = mountTinyDisk(TINY_MEGABYTES);
if (!tinyDisk) console.log('Nobody may mount a disk here: a full one was not run with a real server.');

describe.runIf(tinyDisk)('a full disk', () => {
  afterAll(() => tinyDisk?.remove());

  it('[SA50] loses nothing that was acknowledged, is told, and is over when there is room again', async () => {
    const { lost, refusedWith, told } = await runOutOfRoom(tinyDisk as TinyDisk, program);

    expect(lost).toEqual([]);
    expect(refusedWith).toBe(500);
    expect(told).toContain('could not be built');
  });
});

it('[SA49] a clock that is hours ahead, behind and right again loses and delays nothing', async () => {
  const { lost, delivered } = await jumpClock(program);

  expect(lost).toEqual([]);
  expect(delivered).toBe(6);
});

it('[SA13] in a storm of failures everything arrives, and no delivery with two contents', async () => {
  const { lost, met, mostContents } = await weatherStorm(STORM_SEED, program, 3);

  expect(lost).toEqual([]);
  expect(Object.keys(met).sort()).toEqual(['hang', 'reset_after', 'status', 'trickle']);
  expect(mostContents).toBe(1);
});
