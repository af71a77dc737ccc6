import { readConfig } from '../../packages/server/src/config.js';
import { startOfficina } from '../../packages/server/src/main.js';
import { createScheduler } from '../../packages/server/src/system-time.js';

/** What the test tells the server that it started. */
export interface ClockOrder {
  /** By how much the machine's clock is wrong from now on. */
  offsetMs: number;
}

/** What the server tells the test, once. */
export interface ReadyReport {
  url: string;
}

/** The server as `officina serve` starts it, but on a clock that the test sets. */
async function serve(): Promise<void> {
  let offsetMs = Number(process.env.CHAOS_CLOCK_OFFSET_MS ?? 0);
  process.on('message', (order: ClockOrder) => {
    offsetMs = order.offsetMs;
  });
  const clock = () => Date.now() + offsetMs;
  const officina = await startOfficina(readConfig(process.env, process.cwd()), {
    clock,
    scheduler: createScheduler(clock),
  });
  process.once('SIGTERM', () => {
    officina.close().then(() => process.exit(0));
  });
  process.send?.({ url: officina.url } satisfies ReadyReport);
}

serve().catch((error) => {
  console.error(error);
  process.exit(1);
});
