import { DoomedServer } from './doomed-server.js';
import { Stage, until } from './stage.js';
import type { Typist } from './typist.js';

/** More than the lease of a room. */
const PAST_THE_LEASE_MS = 61_000;
const CALLER = { timeoutMs: 120_000, retries: 0 };

export interface MovedRoom {
  lost: readonly string[];
  /** Whether the other server let somebody in while the first one had the room. */
  wasInBoth: boolean;
  isRestored: boolean;
}

/**
 * Two servers on one PostgreSQL. The one that has a room restores a version in it, and is killed when that is done, or
 * frozen with the wish on its way and woken up when the room has moved. Nobody is ever in the room on both, what the
 * second one opens is the restored state or the one before it, and the first one changes nothing any more.
 */
export async function moveRestoredRoom(
  how: 'killed' | 'frozen',
  databaseUrl: string,
  program: string,
): Promise<MovedRoom> {
  const env = { DATABASE_URL: databaseUrl };
  const first = await DoomedServer.start({ program, env });
  const second = await DoomedServer.start({ program, env, folder: first.folder });
  const stage = await Stage.set(first, CALLER);
  try {
    const typist = await stage.join(first);
    const kept = await typeWord(stage, typist);
    await stage.accept(first);
    await stage.settled(first);
    const later = await typeWord(stage, typist);
    const wasInBoth = await canJoin(stage, second);
    typist.restore(1);
    if (how === 'frozen') first.freeze();
    else {
      await until('everybody is sent away', () => !typist.isOpen);
      await first.kill();
    }
    second.setClock(PAST_THE_LEASE_MS);
    const moved = await stage.rejoin(second);
    const isRestored = !moved.text.includes(later);
    const after = await typeWord(stage, moved);
    if (how === 'frozen') {
      first.thaw();
      await until('the first server lets go', () => !typist.isOpen);
    } else await first.start();
    const isInBothAgain = await canJoin(stage, first);
    const last = await typeWord(stage, moved);
    moved.leave();
    const { text } = await stage.rejoin(second);
    const expected = [kept, after, last, ...(isRestored ? [] : [later])];
    const lost = expected.filter((word) => text.split(word).length !== 2).map((word) => `${word} is lost`);
    if (isRestored && text.includes(later)) lost.push(`${later} came back after the restore`);
    return { lost, wasInBoth: wasInBoth || isInBothAgain, isRestored };
  } finally {
    await stage.clear();
    first.thaw();
    await Promise.all([first.kill(), second.kill()]);
    await first.removeFolder();
  }
}

async function typeWord(stage: Stage, typist: Typist): Promise<string> {
  const word = stage.type(typist);
  await until(`${word} is safe`, () => stage.promises.safe.includes(word));
  return word;
}

async function canJoin(stage: Stage, server: DoomedServer): Promise<boolean> {
  const typist = await stage.join(server).catch(() => undefined);
  typist?.leave();
  return typist !== undefined;
}
