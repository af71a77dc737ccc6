import type { SaveProgress } from '@officina/protocol';
import { createSaveAcceptor } from './accept-save.js';
import { FarWatch } from './far-watch.js';
import { followSave } from './follow-save.js';
import { HostSlots } from './host-slots.js';
import { Outbox } from './outbox.js';
import { ProgressBoard } from './progress-board.js';
import { DEFAULT_RETRY_LIMITS } from './retry-policy.js';
import { sendAgain, sendHostAgain } from './retry-save.js';
import type { Save } from './save.js';
import type { SaveLimits, SavesDeps } from './save-deps.js';
import { createSaveJob } from './save-job.js';
import { isOutcome, progressOf } from './save-messages.js';
import type { Saves } from './saves.js';

const DAY_MS = 86_400_000;

export const DEFAULT_SAVE_LIMITS: SaveLimits = {
  concurrency: 16,
  perHost: 8,
  leaseMs: 30_000,
  pollMs: 5_000,
  keepMs: 30 * DAY_MS,
  retry: DEFAULT_RETRY_LIMITS,
};

/** A host that came back wakes its waiting saves at most this often. */
const WAKE_GAP_MS = 60_000;
/** However short versions are kept: what did not arrive is kept for people to find. */
const UNDELIVERED_KEEP_MS = 30 * DAY_MS;
const PURGE_GAP_MS = 6 * 3_600_000;
/** A save may be settled by another process, which this one only sees in the store. */
const WATCH_POLL_MS = 1_000;
/** Signals come with every step of every process. */
const SIGNAL_PAUSE_MS = 50;
/** A stop leaves deliveries this long to end; the whole stop has 10 s. */
const STOP_GRACE_MS = 5_000;

export interface SavePipeline extends Saves {
  /** Begins to deliver; saves are accepted before that too. */
  start(): Promise<void>;
  /** Ends deliveries, at once or when they are over, and hands over what is left. */
  stop(): Promise<void>;
  /** Looks for due saves now: another process has left some. */
  wake(): void;
  /** Sends an undelivered save again; false when it is not known or needs no sending. */
  retry(saveId: string): Promise<boolean>;
  /** Sends every undelivered save of a host (`host:port`) again; returns how many. */
  retryHost(host: string): Promise<number>;
}

/** The save pipeline: accept, build once, deliver at least once (docs/spec/saving.md). */
export function createSaves(deps: SavesDeps): SavePipeline {
  const limits: SaveLimits = { ...DEFAULT_SAVE_LIMITS, ...deps.limits };
  const { saves, clock, scheduler } = deps;
  const board = new ProgressBoard();
  const hosts = new HostSlots(limits.perHost, WAKE_GAP_MS);
  const job = createSaveJob(deps, { limits, board, hosts, isStopping: () => outbox.isStopping });
  const outbox: Outbox = new Outbox(deps, limits, hosts, job);
  const acceptor = createSaveAcceptor(deps, board, () => outbox.wake());
  let cancelPurge = () => {};
  let purging: Promise<unknown> = Promise.resolve();
  let endSignals = () => {};
  const report = (saveId: string, error: unknown) => deps.report?.({ at: 'deliver', saveId, error });
  const farWatch = deps.isOnlyProcess
    ? undefined
    : new FarWatch({ clock, scheduler, board, find: findHeir, report });

  return {
    request: (sessionId, reason, options) =>
      acceptor.acceptForSession(sessionId, reason, options?.force ?? false),
    requestForAllTargets: (documentKey, reason) => acceptor.acceptForAllTargets(documentKey, reason),
    async follow(session) {
      const progress = await followSave(saves, board, session, clock());
      if (progress !== null && 'deliveryId' in progress && progress.state !== 'failed')
        farWatch?.watch(progress.deliveryId, session.documentKey, session.id);
      return progress;
    },
    onProgress: (listener) => board.listen(listener),
    waitFor,

    async status(documentKey) {
      let confirmed = { version: 0, deliveredSequence: 0 };
      for (const save of await saves.listForDocument(documentKey)) {
        if (save.state !== 'delivered' || save.version <= confirmed.version) continue;
        confirmed = { version: save.version, deliveredSequence: save.sequence };
      }
      return confirmed;
    },

    async start() {
      if (deps.isOnlyProcess) await saves.releaseLeases();
      // The only process hears nothing that it does not know; others are listened to, but not at every step.
      if (!deps.isOnlyProcess) {
        endSignals = deps.signals?.onWaiting(() => outbox.wakeSoon(SIGNAL_PAUSE_MS)) ?? endSignals;
      }
      outbox.open();
      purge();
    },

    async stop() {
      cancelPurge();
      endSignals();
      farWatch?.stop();
      await outbox.stop(clock() + STOP_GRACE_MS);
      await purging;
    },

    wake: () => outbox.wake(),

    async retry(saveId) {
      const isDue = await sendAgain(saves, saveId, clock());
      if (isDue) outbox.wake();
      return isDue;
    },

    async retryHost(host) {
      const count = await sendHostAgain(saves, host, clock());
      outbox.wake();
      return count;
    },
  };

  function waitFor(deliveryId: string, deadline: number): Promise<SaveProgress> {
    return new Promise((resolve, reject) => {
      let cancelTimer = () => {};
      let isOver = false;
      const finish = (end: () => void) => {
        if (isOver) return;
        isOver = true;
        cancelTimer();
        unwatch();
        end();
      };
      const unwatch = board.watch(deliveryId, (progress) => {
        if (isOutcome(progress)) finish(() => resolve(progress));
      });
      const look = async () => {
        const save = await findHeir(deliveryId);
        if (isOver) return;
        if (!save) throw new Error(`There is no save ${deliveryId}.`);
        const progress = progressOf(save, clock());
        if (isOutcome(progress) || clock() >= deadline) {
          finish(() => resolve(progress));
          return;
        }
        cancelTimer = scheduler.schedule(Math.min(deadline, clock() + WATCH_POLL_MS), () => {
          look().catch((error) => finish(() => reject(error)));
        });
      };
      look().catch((error) => finish(() => reject(error)));
    });
  }

  /** The save, or the newest one that took its place. */
  async function findHeir(saveId: string): Promise<Save | undefined> {
    const save = await saves.find(saveId);
    if (save?.state !== 'superseded') return save;
    const later = (await saves.listForDocument(save.documentKey)).filter(
      (other) => other.targetId === save.targetId && other.version > save.version,
    );
    return later.sort((a, b) => b.version - a.version)[0] ?? save;
  }

  function purge(): void {
    const { keepMs } = limits;
    const undeliveredBefore = clock() - Math.max(keepMs, UNDELIVERED_KEEP_MS);
    purging = saves.purgeSettled(clock() - keepMs, undeliveredBefore).catch((error) => {
      deps.report?.({ at: 'purge', saveId: null, error });
    });
    cancelPurge = scheduler.schedule(clock() + PURGE_GAP_MS, purge);
  }
}
