import type { Metrics } from './metrics.js';

export interface GaugeSources {
  rooms: () => Readonly<{
    rooms: number;
    connections: number;
    digestMismatches: number;
    quarantined: number;
  }>;
  /** When the oldest save that nobody has got was accepted; null when there is none. */
  oldestUnsettledAt: () => Promise<number | null>;
  /** Saves that people have to look at; those beyond the first thousand need not be counted. */
  stuckSaves: () => Promise<number>;
  clock: () => number;
}

/** Live numbers of the rooms and of the ledger, read when somebody scrapes. */
export function showGauges(
  metrics: Metrics,
  { rooms, oldestUnsettledAt, stuckSaves, clock }: GaugeSources,
): void {
  metrics.gauge('officina_rooms', 'Documents that are open in rooms.', () => rooms().rooms);
  metrics.gauge('officina_connections', 'Open WebSockets.', () => rooms().connections);
  metrics.gauge(
    'officina_digest_mismatches',
    'Replicas that were found astray.',
    () => rooms().digestMismatches,
  );
  metrics.gauge(
    'officina_quarantined',
    'Documents whose log the engine cannot replay.',
    () => rooms().quarantined,
  );
  // A save that was parked is no longer waited for: an alert on its age alone would clear by itself.
  metrics.gauge('officina_stuck_saves', 'Saves that were parked or are in conflict, up to 1000.', stuckSaves);
  metrics.gauge(
    'officina_oldest_save_seconds',
    'Age of the oldest save that is still to be delivered.',
    async () => {
      const oldest = await oldestUnsettledAt();
      return oldest === null ? 0 : (clock() - oldest) / 1000;
    },
  );
}
