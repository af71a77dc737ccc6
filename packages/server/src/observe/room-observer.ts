import type { Metrics } from './metrics.js';

/** Counts edits, and how long each append took to be durable. */
export function observeRooms(metrics: Metrics): {
  meter: { appended(operations: number, ms: number): void };
} {
  return {
    meter: {
      appended(operations, ms) {
        metrics.count('officina_operations_total', {}, operations);
        metrics.observe('officina_append_seconds', ms / 1000);
      },
    },
  };
}
