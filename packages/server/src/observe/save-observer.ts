import type { SaveMeter, SaveTrouble } from '../domain/saving/save-deps.js';
import type { Log } from './log.js';
import type { Metrics } from './metrics.js';

/** Counts what the save pipeline does and writes down what it survives. */
export function observeSaves(
  log: Log,
  metrics: Metrics,
): { meter: SaveMeter; report: (trouble: SaveTrouble) => void } {
  return {
    meter: {
      attempted(outcome, durationMs) {
        metrics.count('officina_save_attempts_total', { outcome });
        metrics.observe('officina_save_attempt_seconds', durationMs / 1000);
      },
      settled(state, ageMs) {
        metrics.count('officina_saves_settled_total', { state });
        metrics.observe('officina_save_age_seconds', ageMs / 1000);
      },
    },
    report({ at, saveId, error }) {
      log.error({ err: error, saveId, step: at }, 'the save pipeline met trouble and goes on');
    },
  };
}
