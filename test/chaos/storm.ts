import { createOfficina } from '@officina/client';
import type { Fault } from '@officina/client/testing';
import { API_KEY, DoomedServer } from './doomed-server.js';
import { createRandom } from './random.js';
import { Stage } from './stage.js';

const CALLER = { timeoutMs: 400, retries: 1 };
const SAVES = 6;

export interface Weathered {
  lost: readonly string[];
  /** Attempts that met each fault. */
  met: Readonly<Record<string, number>>;
  /** The greatest number of contents that one delivery had. */
  mostContents: number;
  delivered: number;
}

/**
 * Saves of several documents go out, each to an application that answers nothing but 500, hangs, trickles, or breaks the connection
 * before it takes the file and after. Then it is well, and the first success wakes the rest.
 */
export async function weatherStorm(seed: number, program: string, documents: number): Promise<Weathered> {
  const random = createRandom(seed);
  const server = await DoomedServer.start({ program });
  const stages = await Promise.all(
    Array.from({ length: documents }, () =>
      Stage.set(server, CALLER, { faults: () => FAULTS[Math.floor(random() * FAULTS.length)] }),
    ),
  );
  try {
    const typists = await Promise.all(stages.map((stage) => stage.join(server)));
    for (let n = 0; n < SAVES; n += 1) {
      await Promise.all(
        stages.map(async (stage, at) => {
          const typist = typists[at];
          if (typist) await stage.typeSafely(typist);
          const id = await stage.accept(server);
          await stage.receiver.waitFor(({ deliveryId }) => deliveryId === id);
        }),
      );
    }
    for (const { receiver } of stages) receiver.setFaults(() => undefined);
    const api = createOfficina({ baseUrl: server.url, apiKey: API_KEY });
    // Somebody saves again in each document: that is a wish to try now.
    for (const { session } of stages) await api.save(session.sessionId);
    const ledgers = await Promise.all(stages.map((stage) => stage.settled(server)));
    const lost = (await Promise.all(stages.map((stage) => stage.judge(server)))).flat();
    const received = stages.flatMap(({ receiver }) => receiver.received);
    const met: Record<string, number> = {};
    const contents = new Map<string, Set<string>>();
    for (const { fault, deliveryId, headers } of received) {
      if (fault) met[fault.kind] = (met[fault.kind] ?? 0) + 1;
      const known = contents.get(deliveryId ?? '') ?? new Set();
      contents.set(deliveryId ?? '', known.add(headers['x-officina-sha256'] ?? ''));
    }
    const delivered = ledgers.flat().filter(({ state }) => state === 'delivered').length;
    return {
      lost,
      met,
      mostContents: Math.max(...[...contents.values()].map(({ size }) => size)),
      delivered,
    };
  } finally {
    await Promise.all(stages.map((stage) => stage.clear()));
    await server.kill();
    await server.removeFolder();
  }
}

const FAULTS: readonly Fault[] = [
  { kind: 'status', status: 500 },
  { kind: 'status', status: 502 },
  { kind: 'hang' },
  { kind: 'trickle', pauseMs: 20 },
  { kind: 'reset_after' },
];
