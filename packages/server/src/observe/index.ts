export { createLog, type Log } from './log.js';
export { maskId, maskUrl } from './mask.js';
export { createMetrics, type Metrics } from './metrics.js';
export { observeRooms } from './room-observer.js';
export { observeSaves } from './save-observer.js';
export { showGauges } from './show-gauges.js';
