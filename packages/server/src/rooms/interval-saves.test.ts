import { expect, it } from 'vitest';
import { settle } from './testing/fake-time.js';
import { RoomLab } from './testing/room-lab.js';

const TEN_MINUTES_MS = 600_000;

async function aLab(saveIntervalMs: number | null) {
  const lab = new RoomLab();
  lab.saveIntervalMs = saveIntervalMs;
  lab.savesOnLeave = false;
  const page = await lab.enter('ada');
  return { lab, page };
}

it('[SA41] edits wait at most as long as the key says, counted from the first that was not saved', async () => {
  const { lab, page } = await aLab(TEN_MINUTES_MS);
  page.type('one');
  await settle();
  await lab.time.advance(TEN_MINUTES_MS - 1);
  page.type('two');
  await settle();
  expect(lab.saves.leaves).toEqual([]);

  await lab.time.advance(1);
  await settle();

  expect(lab.saves.leaves).toEqual([{ documentKey: expect.any(String), reason: 'interval' }]);
});

it('[SA41] without edits nothing is saved at intervals', async () => {
  const { lab, page } = await aLab(TEN_MINUTES_MS);
  page.type('one');
  await settle();
  await lab.time.advance(TEN_MINUTES_MS);
  await settle();
  await lab.time.advance(TEN_MINUTES_MS * 3);
  await settle();

  expect(lab.saves.leaves).toHaveLength(1);
});

it('[SA41] a key that asks for no saves at intervals gets none', async () => {
  const { lab, page } = await aLab(null);
  page.type('one');
  await settle();
  await lab.time.advance(TEN_MINUTES_MS * 10);
  await settle();

  expect(lab.saves.leaves).toEqual([]);
});

it('[SA41] a room that ends saves what waits for its time', async () => {
  const { lab, page } = await aLab(TEN_MINUTES_MS);
  page.type('one');
  await settle();

  await lab.rooms.close();

  expect(lab.saves.leaves).toEqual([{ documentKey: expect.any(String), reason: 'interval' }]);
});

it('[SA36] who comes in hears how the save to their target stands', async () => {
  const lab = new RoomLab();
  lab.saves.ongoing = {
    ...{ state: 'failed', deliveryId: 'd', version: 3, code: 'save_refused', reason: 'Closed' },
  };

  const page = await lab.enter('ada');

  expect(page.welcome.saved.ongoing).toEqual(lab.saves.ongoing);
});
