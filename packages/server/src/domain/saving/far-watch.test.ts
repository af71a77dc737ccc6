import { expect, it } from 'vitest';
import { aTarget, createWorld, REACTIONS } from './testing/world.js';

/** Two processes on one store; the first one accepts, and only the second one delivers. */
async function twoProcesses() {
  const world = createWorld();
  world.addDocument('doc');
  const ann = world.addSession('ann', 'doc', aTarget());
  const first = await world.start({ isOnlyProcess: false });
  // It has stopped to deliver, but its rooms are open.
  const lease = world.store.lease;
  const idle: typeof lease = async (owner, ...rest) =>
    owner.startsWith('node-2') ? lease(owner, ...rest) : [];
  world.store.lease = idle;
  const second = await world.start({ nodeId: 'node-2', isOnlyProcess: false });
  // What the second process tells is heard by its own rooms only.
  const heard: string[] = [];
  first.onProgress((_key, sessionId, progress) => heard.push(`${sessionId} ${progress.state}`));
  return { world, ann, first, second, heard };
}

it('[SA48] a session hears of the outcome that another process brought about', async () => {
  const { world, first, second, heard } = await twoProcesses();

  await first.request('ann', 'user');
  second.wake();
  await world.time.advance(2_000);

  expect(heard).toEqual(['ann accepted', 'ann delivered']);
});

it('[SA48] it hears, too, that the application could not be reached, and then of the end', async () => {
  const { world, ann, first, second, heard } = await twoProcesses();
  world.reactWith(REACTIONS.refuses);
  await first.request('ann', 'user');
  second.wake();
  await world.time.advance(2_000);
  expect(heard.at(-1)).toBe('ann retrying');

  await first.follow(ann);
  world.reactWith(REACTIONS.takes);
  await world.time.advance(120_000);
  expect(heard.at(-1)).toBe('ann delivered');
  expect(heard.filter((step) => step.endsWith('delivered'))).toHaveLength(1);
});
