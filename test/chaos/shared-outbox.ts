import { inOrder } from '@officina/client/testing';
import { DoomedServer } from './doomed-server.js';
import { Stage } from './stage.js';

/** More than the lease of a delivery. */
const PAST_THE_LEASE_MS = 31_000;
/** The first attempt is waited for as long as a test can last. */
const CALLER = { timeoutMs: 120_000, retries: 0 };

export interface TakenOver {
  lost: readonly string[];
  /** How often the file arrived, and how many contents it had. */
  arrivals: number;
  contents: number;
  attempts: number;
  state: string | undefined;
}

/**
 * Two servers share the outbox in a PostgreSQL. The first has sent a file and waits for the answer, under its lease, when it
 * is killed or frozen; the clock passes the lease, and the second takes the delivery over. In the end the frozen one wakes
 * up, hears the answer that came meanwhile, finds its lease gone, and goes on with new work.
 */
export async function loseHolder(
  how: 'killed' | 'frozen',
  databaseUrl: string,
  program: string,
): Promise<TakenOver> {
  const env = { DATABASE_URL: databaseUrl };
  const first = await DoomedServer.start({ program, env });
  // The blobs are shared, too: as a folder that both have, or an object store.
  const second = await DoomedServer.start({ program, env, folder: first.folder });
  let answer = () => {};
  const mayAnswer = new Promise<void>((resolve) => {
    answer = resolve;
  });
  const stage = await Stage.set(first, CALLER, {
    faults: inOrder({ kind: 'late', afterMs: 1 }),
    clock: { now: Date.now, sleep: () => mayAnswer },
  });
  try {
    const typist = await stage.join(first);
    await stage.typeSafely(typist);
    const id = await stage.accept(first);
    await stage.receiver.waitFor(({ deliveryId }) => deliveryId === id);
    if (how === 'killed') await first.kill();
    else first.freeze();
    second.setClock(PAST_THE_LEASE_MS);
    await stage.settled(second);
    answer();
    if (how === 'killed') await first.start();
    else first.thaw();
    await stage.accept(first);
    await stage.settled(second);
    const lost = await stage.judge(first);
    const row = (await second.readLedger()).find((save) => save.id === id);
    const files = stage.receiver.received.filter(({ deliveryId }) => deliveryId === id);
    return {
      lost,
      arrivals: files.length,
      contents: new Set(files.map(({ headers }) => headers['x-officina-sha256'])).size,
      attempts: row?.attempts ?? 0,
      state: row?.state,
    };
  } finally {
    await stage.clear();
    first.thaw();
    await Promise.all([first.kill(), second.kill()]);
    await first.removeFolder();
  }
}
