import { inOrder } from '@officina/client/testing';
import { DoomedServer } from './doomed-server.js';
import { Stage } from './stage.js';

const HOUR_MS = 3_600_000;
/** By how much the clock is wrong, one after the other. */
const OFFSETS_MS = [0, 3 * HOUR_MS, 0, -3 * HOUR_MS, 0, 3 * HOUR_MS];
const CALLER = { timeoutMs: 10_000, retries: 0 };

export interface Jumped {
  lost: readonly string[];
  /** Saves that had reached the application when every clock was right again. */
  delivered: number;
}

/**
 * The machine's clock is set ahead by hours, and back, as when it starts with a wrong one and then hears the time, while
 * people type and save. The application refuses the last file while the clock is ahead, so that the save waits for a moment
 * that is hours away once the clock is right.
 */
export async function jumpClock(program: string): Promise<Jumped> {
  const server = await DoomedServer.start({ program });
  const refusal = { kind: 'status', status: 500 } as const;
  const faults = inOrder(...OFFSETS_MS.slice(1).map(() => undefined), refusal);
  const stage = await Stage.set(server, CALLER, { faults });
  try {
    const typist = await stage.join(server);
    for (const offsetMs of OFFSETS_MS) {
      server.setClock(offsetMs);
      await stage.typeSafely(typist);
      const id = await stage.accept(server);
      await stage.receiver.waitFor(({ deliveryId }) => deliveryId === id);
    }
    server.setClock(0);
    const ledger = await stage.settled(server);
    const delivered = ledger.filter(({ state }) => state === 'delivered').length;
    return { lost: await stage.judge(server), delivered };
  } finally {
    await stage.clear();
    await server.kill();
    await server.removeFolder();
  }
}
