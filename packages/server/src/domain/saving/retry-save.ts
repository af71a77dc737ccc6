import type { Save, SaveStore } from './save.js';
import { hostOf } from './target.js';

/** Saves that a person may send again. A conflict is for people to look at: sending it would overwrite what came later. */
export function canSendAgain(save: Save): boolean {
  return save.state === 'accepted' || save.state === 'built' || save.state === 'parked';
}

/**
 * Puts a save back into the outbox, due at once; false when there is none or it needs no sending. Works on the store
 * alone, so that the command line can do it while the server runs.
 */
export async function sendAgain(store: SaveStore, saveId: string, now: number): Promise<boolean> {
  const save = await store.find(saveId);
  if (!save || !canSendAgain(save)) return false;
  const isBuilt = save.sha256 !== null;
  await store.update(saveId, {
    state: isBuilt ? 'built' : 'accepted',
    nextAttemptAt: now,
    settledAt: null,
    // An attempt that is under way keeps its lease: it is the sending that was asked for.
  });
  return true;
}

/** The same for every undelivered save of a host (`host:port`); returns how many. */
export async function sendHostAgain(store: SaveStore, host: string, now: number): Promise<number> {
  let count = await store.wakeHost(host, now);
  for await (const save of eachSave(store, ['parked'])) {
    if (hostOf(save.target) === host && (await sendAgain(store, save.id, now))) count += 1;
  }
  return count;
}

const PAGE = 200;

/** Every save in the given states, newest first. */
export async function* eachSave(store: SaveStore, states: readonly Save['state'][]): AsyncGenerator<Save> {
  let last: Save | undefined;
  do {
    const after = last ? { before: last.createdAt, beforeId: last.id } : {};
    const page = await store.list({ states, limit: PAGE, ...after });
    yield* page;
    last = page.at(-1);
  } while (last);
}
