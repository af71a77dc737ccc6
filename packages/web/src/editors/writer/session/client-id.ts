import { clientsWithLeftOvers } from './outbox.js';

/**
 * The id under which this window speaks to the room. A window that closed with unsent work left its id behind:
 * it is taken up again, so that the same work goes out under the same numbers and is never doubled.
 *
 * A lock per id tells whether its window still lives. Where the browser has no locks (plain http), only a reloaded
 * window takes up its own id, which it finds in the tab's storage.
 */
export async function claimClientId(view: Window, sessionId: string): Promise<string> {
  const left = await clientsWithLeftOvers(view.indexedDB, sessionId);
  const locks = view.navigator.locks as LockManager | undefined;
  const fresh = randomId(view);
  if (locks === undefined) return rememberInTab(view, sessionId, left, fresh);
  for (const id of left) {
    if (await holdLock(locks, id)) return id;
  }
  await holdLock(locks, fresh);
  return fresh;
}

/** Holds the lock for as long as the window lives; false when another window has it. */
function holdLock(locks: LockManager, id: string): Promise<boolean> {
  return new Promise<boolean>((resolve) => {
    const held = locks.request(`officina:${id}`, { ifAvailable: true }, (lock) => {
      resolve(lock !== null);
      return lock === null ? undefined : new Promise<void>(() => {});
    });
    // Barred in some sandboxed frames: then nobody can have left anything behind either.
    held.catch(() => resolve(false));
  });
}

function rememberInTab(view: Window, sessionId: string, left: readonly string[], fresh: string): string {
  const key = `officina:client:${sessionId}`;
  try {
    const own = view.sessionStorage.getItem(key);
    if (own !== null && isReload(view) && left.includes(own)) return own;
    view.sessionStorage.setItem(key, fresh);
  } catch {
    // No storage in this frame: nothing to take up, nothing to remember.
  }
  return fresh;
}

function isReload(view: Window): boolean {
  const [navigation] = view.performance.getEntriesByType('navigation');
  return (navigation as PerformanceNavigationTiming | undefined)?.type === 'reload';
}

function randomId(view: Window): string {
  const bytes = view.crypto.getRandomValues(new Uint8Array(9));
  const letters = btoa(String.fromCharCode(...bytes));
  // The engine wants a letter first.
  return `c${letters.replaceAll('+', '-').replaceAll('/', '_')}`;
}
