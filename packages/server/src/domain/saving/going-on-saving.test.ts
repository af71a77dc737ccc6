import { describe, expect, it } from 'vitest';
import { aWorldWithSession, REACTIONS } from './testing/world.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

describe('going on', () => {
  it('[SA14] a restart goes on with what was accepted, with the same bytes', async () => {
    const world = aWorldWithSession();
    const first = await world.start();
    world.reactWith(() => new Promise(() => {}));
    await first.request('ann', 'user');
    await world.time.advance(0);
    world.reactWith(REACTIONS.takes);

    await world.start({ nodeId: 'node-2' });
    await world.time.advance(0);

    expect(new Set(world.received.map(({ sha256 }) => sha256)).size).toBe(1);
    expect(await world.ledger()).toMatchObject({ 'delivery-1': { state: 'delivered' } });
  });

  it('[SA15] another process takes a save over when its holder is not heard of', async () => {
    const world = aWorldWithSession();
    let isFrozen = false;
    const frozenTime = {
      schedule: (at: number, task: () => void) => world.time.schedule(at, () => isFrozen || task()),
    };
    const first = await world.start({ isOnlyProcess: false, scheduler: frozenTime });
    world.reactWith(() => new Promise(() => {}));
    await first.request('ann', 'user');
    await world.time.advance(0);
    isFrozen = true;
    world.reactWith(REACTIONS.takes);

    await world.start({ nodeId: 'node-2', isOnlyProcess: false });
    await world.time.advance(MINUTE_MS);

    expect(world.received).toHaveLength(2);
    expect(await world.ledger()).toMatchObject({ 'delivery-1': { state: 'delivered' } });
  });

  it('[SA15] a stop hands back the leases of deliveries that do not end', async () => {
    const world = aWorldWithSession();
    const saves = await world.start();
    world.reactWith(() => new Promise(() => {}));
    await saves.request('ann', 'user');
    await world.time.advance(0);

    const stopped = saves.stop();
    await world.time.advance(MINUTE_MS);
    await stopped;

    expect(await world.store.find('delivery-1')).toMatchObject({ state: 'built', leaseOwner: null });
  });

  it('[SA15] a stop while work is being taken hands it back and asks the store nothing more', async () => {
    const world = aWorldWithSession();
    let calls = 0;
    let isClosed = false;
    const watched: typeof world.store = {
      ...world.store,
      lease: async (...args) => {
        await world.time.sleep(10);
        return world.store.lease(...args);
      },
      nextDueAt: async () => {
        if (isClosed) calls += 1;
        return world.store.nextDueAt();
      },
    };
    const saves = await world.start({ saves: watched });
    await saves.request('ann', 'user');

    const stopped = saves.stop();
    await world.time.advance(MINUTE_MS);
    await stopped;
    isClosed = true;
    await world.time.advance(HOUR_MS);

    expect(await world.store.find('delivery-1')).toMatchObject({ state: 'accepted', leaseOwner: null });
    expect([calls, world.received]).toEqual([0, []]);
  });

  it('[SA16] a parked save can be sent again by hand', async () => {
    const world = aWorldWithSession();
    const saves = await world.start();
    world.reactWith(REACTIONS.isAway);
    await saves.request('ann', 'user');
    await world.time.advance(80 * HOUR_MS);
    world.reactWith(REACTIONS.takes);

    const isDue = await saves.retry('delivery-1');
    await world.time.advance(0);

    expect(isDue).toBe(true);
    expect(await world.ledger()).toMatchObject({ 'delivery-1': { state: 'delivered' } });
  });

  it('[SA16] every undelivered save of a host can be sent again at once', async () => {
    const world = aWorldWithSession();
    const saves = await world.start();
    world.reactWith(REACTIONS.isAway);
    await saves.request('ann', 'user');
    await world.time.advance(80 * HOUR_MS);
    world.reactWith(REACTIONS.takes);

    const count = await saves.retryHost('app.example');
    await world.time.advance(0);

    expect(count).toBe(1);
    expect(world.received.at(-1)).toMatchObject({ saveId: 'delivery-1' });
  });

  it('[SA17] a store that fails for a while loses nothing', async () => {
    const world = aWorldWithSession();
    let isBroken = true;
    const broken = { ...world.store };
    broken.settle = async (...args) => {
      if (isBroken) throw new Error('disk full');
      return world.store.settle(...args);
    };
    const saves = await world.start({ saves: broken });
    await saves.request('ann', 'user');
    await world.time.advance(0);
    isBroken = false;

    await world.time.advance(2 * MINUTE_MS);

    expect(world.troubles).toHaveLength(1);
    expect(await world.ledger()).toMatchObject({ 'delivery-1': { state: 'delivered' } });
  });
});
