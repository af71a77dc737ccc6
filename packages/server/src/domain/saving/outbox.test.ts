import { expect, it } from 'vitest';
import { aTarget, createWorld, REACTIONS } from './testing/world.js';

const MINUTE_MS = 60_000;
const BACKLOG = 400;

function aBacklog(limits: NonNullable<Parameters<typeof createWorld>[0]>['limits'] = {}) {
  const world = createWorld({ limits });
  const looks: number[] = [];
  const watched: typeof world.store = {
    ...world.store,
    lease: async (...asked) => {
      const taken = await world.store.lease(...asked);
      looks.push(taken.length);
      return taken;
    },
  };
  const accept = async (saves: Awaited<ReturnType<typeof world.start>>, count: number) => {
    for (let n = 0; n < count; n += 1) {
      world.addDocument(`doc ${n}`);
      world.addSession(`s${n}`, `doc ${n}`, aTarget());
      await saves.request(`s${n}`, 'user');
    }
  };
  return { world, looks, watched, accept };
}

it('[SA11] a backlog that goes out fast is taken from the store many at a time', async () => {
  const { world, looks, watched, accept } = aBacklog({ concurrency: 16, perHost: 16 });
  world.reactWith(async () => {
    await world.time.sleep(10);
    return REACTIONS.takes;
  });
  const saves = await world.start({ saves: watched });

  await accept(saves, BACKLOG);
  await world.time.advance(MINUTE_MS);

  expect(world.received).toHaveLength(BACKLOG);
  expect(looks.filter((count) => count > 0).length).toBeLessThan(BACKLOG / 4);
});

it('[SA15] what was taken ahead and did not get its turn goes to another process when its lease is over', async () => {
  const { world, accept } = aBacklog({ concurrency: 4, perHost: 4 });
  let isStuck = false;
  world.reactWith(async () => {
    if (isStuck) return await new Promise<never>(() => {});
    await world.time.sleep(10);
    return REACTIONS.takes;
  });
  const saves = await world.start({ isOnlyProcess: false });
  await accept(saves, BACKLOG);
  await world.time.advance(200);
  isStuck = true;
  await world.time.advance(200);
  isStuck = false;

  await world.start({ nodeId: 'node-2', isOnlyProcess: false });
  await world.time.advance(5 * MINUTE_MS);

  // The four that hang are still held by the first process.
  const states = Object.values(await world.ledger()).map(({ state }) => state);
  expect(states.filter((state) => state === 'delivered')).toHaveLength(BACKLOG - 4);
});

it('[SA4] a deletion makes no save, and what was accepted before it still goes out', async () => {
  const { world, accept } = aBacklog();
  world.reactWith(() => REACTIONS.isAway);
  const saves = await world.start();
  await accept(saves, 1);
  await world.time.advance(1_000);
  const [document] = world.documents.values();
  const [session] = world.sessions.values();
  if (!document || !session) throw new Error('Nothing was opened.');
  world.documents.set(document.key, { ...document, state: 'deleted' });
  world.sessions.set(session.id, { ...session, state: 'deleted' });
  world.edit(document.key);

  await saves.requestForAllTargets(document.key, 'leave');
  world.reactWith(() => REACTIONS.takes);
  await world.time.advance(MINUTE_MS);

  expect(await world.ledger()).toMatchObject({ 'delivery-1': { state: 'delivered' } });
  expect(Object.keys(await world.ledger())).toHaveLength(1);
});
