import type { SaveProgress } from '@officina/protocol';
import { signingSecretsOf } from '../keys/signing-secrets.js';
import { createSaveBuilder } from './build-save.js';
import type { Deliverer } from './deliverer.js';
import type { HostSlots } from './host-slots.js';
import { findObstacle, type Obstacle, readSurroundings, type Surroundings } from './obstacle.js';
import type { ProgressBoard } from './progress-board.js';
import { type Failure, judgeFailure, type Verdict } from './retry-policy.js';
import type { DeliveryAttempt, Save } from './save.js';
import type { SaveLimits, SavesDeps } from './save-deps.js';
import {
  ALREADY_SAVED,
  failureCode,
  failureReason,
  progressOf,
  SAVED_SUCCESSFULLY,
} from './save-messages.js';
import { hostOf } from './target.js';

type Answer = Awaited<ReturnType<Deliverer['deliver']>>;
type Change = Partial<Omit<Save, 'id' | 'documentKey' | 'version'>>;

const NO_LEASE = { leasedUntil: null, leaseOwner: null } as const;

/**
 * Brings one leased save as far as it comes: builds it, delivers it, settles it. Everything it writes is fenced by
 * the lease, so that a worker that was given up on cannot undo what its successor did.
 */
export interface SaveJob {
  run(save: Save, owner: string): Promise<void>;
}

export function createSaveJob(
  deps: SavesDeps,
  parts: { limits: SaveLimits; board: ProgressBoard; hosts: HostSlots; isStopping: () => boolean },
): SaveJob {
  const { saves, clock } = deps;
  const { limits, board, hosts } = parts;
  const builder = createSaveBuilder(deps);

  return {
    async run(save, owner) {
      const stopRenewing = renewLease(save.id, owner);
      try {
        const built = save.state === 'built' ? save : await build(save, owner);
        if (built) await deliver(built, owner);
      } finally {
        stopRenewing();
      }
    },
  };

  async function build(save: Save, owner: string): Promise<Save | undefined> {
    const obstacle = findObstacle(save, await readSurroundings(save, deps));
    // A conflict is built all the same, and found again before the attempt: people need the file to look at it.
    if (obstacle?.state === 'superseded') {
      await giveWay(save, owner, obstacle);
      return undefined;
    }
    const outcome = await builder.build(save);
    switch (outcome.state) {
      case 'built': {
        const change = { state: 'built', blob: outcome.blob, sha256: outcome.sha256 } as const;
        return (await saves.updateLeased(save.id, owner, change)) ? { ...save, ...change } : undefined;
      }
      case 'unconvertible': {
        const change = { blob: outcome.blob, message: outcome.reason };
        await close(save, owner, 'parked', change, {
          state: 'failed',
          deliveryId: save.id,
          version: save.version,
          code: 'engine_missing',
          reason: outcome.reason,
        });
        return undefined;
      }
      case 'failed':
        deps.report?.({ at: 'build', saveId: save.id, error: outcome.error });
        await postpone(save, owner, outcome.reason);
        return undefined;
      default:
        return outcome satisfies never;
    }
  }

  /** A build that failed waits like a delivery that failed; the tries of builds are not told apart from each other. */
  async function postpone(save: Save, owner: string, reason: string): Promise<void> {
    const now = clock();
    // The age stands in for a count: each wait is about as long as everything before it.
    const age = Math.max(
      limits.retry.firstWaitMs,
      Math.min(now - save.createdAt, limits.retry.longestWaitMs),
    );
    if (now - save.createdAt >= limits.retry.windowMs) {
      const progress = failed(save, 'internal', reason);
      await close(save, owner, 'parked', { message: reason }, progress);
      return;
    }
    const nextAttemptAt = Math.ceil(now + age * (1 - deps.random() / 2));
    if (!(await saves.updateLeased(save.id, owner, { ...NO_LEASE, nextAttemptAt, message: reason }))) return;
    board.tell(save, retrying(save, save.attempts, nextAttemptAt, reason, 'internal'), false);
  }

  async function deliver(save: Save, owner: string): Promise<void> {
    const host = hostOf(save.target);
    if (!(await hosts.enter(host))) {
      await saves.updateLeased(save.id, owner, NO_LEASE);
      return;
    }
    try {
      let current: Save | undefined = save;
      while (current) current = await attempt(current, owner, host);
    } finally {
      hosts.leave(host);
    }
  }

  /** One attempt; returns the save when another one follows at once. */
  async function attempt(save: Save, owner: string, host: string): Promise<Save | undefined> {
    // Asked for together, so that they come together.
    const keyFound = deps.keys.find(save.apiKeyId);
    const file = save.blob === null ? Promise.resolve(undefined) : deps.blobs.get(save.blob);
    for (const unused of [keyFound, file]) unused.catch(() => {});
    const around = await readSurroundings(save, deps);
    const obstacle = findObstacle(save, around);
    if (obstacle) {
      await giveWay(save, owner, obstacle);
      return undefined;
    }
    if (isAlreadyThere(save, around)) {
      const progress: SaveProgress = { state: 'unchanged', version: save.version, message: ALREADY_SAVED };
      await close(save, owner, 'delivered', { message: ALREADY_SAVED }, progress);
      return undefined;
    }
    const key = await keyFound;
    const bytes = await file;
    if (!key || !bytes) {
      const reason = key ? 'The built file is gone from the store.' : 'The API key of the save is gone.';
      await close(save, owner, 'parked', { message: reason }, failed(save, 'internal', reason));
      return undefined;
    }
    if (!(await holdsLease(save, owner))) return undefined;
    const number = save.attempts + 1;
    board.tell(
      save,
      { state: 'delivering', deliveryId: save.id, version: save.version, attempt: number },
      false,
    );
    const answer = await deps.deliverer.deliver(save, bytes, {
      signingSecrets: signingSecretsOf(key, clock()),
      egressAllow: key.egressAllow,
    });
    deps.meter?.attempted(answer.outcome, answer.durationMs);
    return answer.outcome === 'delivered'
      ? settleDelivered(save, owner, host, answer, around)
      : settleFailed(save, owner, host, { ...answer, outcome: answer.outcome }, key.strictRetries);
  }

  /** The last look before bytes leave: a holder that slept through its lease must not send. */
  async function holdsLease(save: Save, owner: string): Promise<boolean> {
    const { leaseMs } = limits;
    // Nobody can have taken a lease that is still young; the upper bound is for clocks that were set back.
    const isYoung = (until: number, leastRestMs: number) => {
      const rest = until - clock();
      return rest > leastRestMs && rest <= leaseMs;
    };
    if (isYoung(save.leasedUntil ?? 0, (leaseMs * 2) / 3)) return true;
    for (;;) {
      const leasedUntil = clock() + leaseMs;
      if (!(await saves.updateLeased(save.id, owner, { leasedUntil }))) return false;
      // While it slept a newer version may have taken its place, and gone out.
      if ((await saves.find(save.id))?.state !== 'built') return false;
      // It may have slept again over these very questions.
      if (isYoung(leasedUntil, leaseMs / 3)) return true;
    }
  }

  function isAlreadyThere(save: Save, { others }: Surroundings): boolean {
    if (save.force || save.attempts > 0) return false;
    const delivered = others.filter(
      (other) => other.targetId === save.targetId && other.state === 'delivered',
    );
    const last = delivered.reduce<Save | undefined>(
      (newest, other) => (newest && newest.version > other.version ? newest : other),
      undefined,
    );
    return last !== undefined && last.sha256 === save.sha256;
  }

  async function settleDelivered(
    save: Save,
    owner: string,
    host: string,
    answer: Answer,
    around: Surroundings,
  ): Promise<undefined> {
    const at = clock();
    const message = answer.message ?? SAVED_SUCCESSFULLY;
    const change: Change = {
      ...NO_LEASE,
      state: 'delivered',
      attempts: save.attempts + 1,
      settledAt: at,
      message,
    };
    const settled = saves.settle(recordOf(answer), owner, change);
    // True whoever may settle it, and in the same commit where the store makes one of what comes together.
    const noted = noteSequence(save, around);
    noted.catch(() => {});
    if (!(await settled)) return undefined;
    const { id: deliveryId, version, sequence } = save;
    board.tell(save, { state: 'delivered', deliveryId, version, message, at, sequence }, true);
    deps.meter?.settled('delivered', at - save.createdAt);
    await noted;
    await noteDelivered(save, at, around);
    if (hosts.noteSuccess(host, at)) await saves.wakeHost(host, at);
    return undefined;
  }

  async function noteSequence({ documentKey, sequence }: Save, { life }: Surroundings): Promise<void> {
    if (life?.key !== documentKey || life.deliveredSequence >= sequence) return;
    await deps.documents.update(documentKey, { deliveredSequence: sequence });
  }

  /** What follows from a delivery; each step may be missed by a crash without harm. */
  async function noteDelivered(save: Save, at: number, { others }: Surroundings): Promise<void> {
    const older = others.filter((other) => other.targetId === save.targetId && other.version < save.version);
    const isWaiting = older.some(({ state }) => state === 'accepted' || state === 'built');
    if (isWaiting) await saves.supersedeOlder(save, at);
    for (const other of older) {
      if (other.state !== 'parked') continue;
      const message = `Version ${save.version} was delivered later and holds everything of this save.`;
      await saves.update(other.id, { state: 'superseded', settledAt: at, message });
    }
  }

  async function settleFailed(
    save: Save,
    owner: string,
    host: string,
    answer: Answer & { outcome: Failure['outcome'] },
    strict: boolean,
  ): Promise<Save | undefined> {
    hosts.noteFailure(host);
    const now = clock();
    const attempts = save.attempts + 1;
    const obstacle = findObstacle({ ...save, attempts }, await readSurroundings(save, deps));
    if (obstacle) {
      const { state, message } = obstacle;
      const change: Change = { ...NO_LEASE, state, message, attempts, settledAt: now };
      if (!(await saves.settle(recordOf(answer), owner, change))) return undefined;
      const progress = tellObstacle(save, obstacle);
      if (progress) board.tell(save, progress, true);
      deps.meter?.settled(state, now - save.createdAt);
      return undefined;
    }
    const reason = failureReason(answer);
    const code = failureCode(answer.outcome);
    const context = { now, random: deps.random(), strict, limits: limits.retry };
    let verdict: Verdict = judgeFailure(save, attempts, answer, context);
    if (verdict.next === 'at_once' && parts.isStopping()) verdict = { next: 'later', at: now };
    const change: Change = { attempts, message: reason };
    switch (verdict.next) {
      case 'at_once': {
        const held = { ...change, leaseOwner: owner, leasedUntil: now + limits.leaseMs };
        return (await saves.settle(recordOf(answer), owner, held)) ? { ...save, ...held } : undefined;
      }
      case 'later': {
        const wait = { ...change, ...NO_LEASE, nextAttemptAt: verdict.at };
        if (!(await saves.settle(recordOf(answer), owner, wait))) return undefined;
        board.tell(save, retrying(save, attempts, verdict.at, reason, code), false);
        return undefined;
      }
      case 'park': {
        const park: Change = { ...change, ...NO_LEASE, state: 'parked', settledAt: now };
        if (!(await saves.settle(recordOf(answer), owner, park))) return undefined;
        board.tell(save, failed(save, code, reason), true);
        deps.meter?.settled('parked', now - save.createdAt);
        return undefined;
      }
      default:
        return verdict satisfies never;
    }
  }

  async function giveWay(save: Save, owner: string, obstacle: Obstacle): Promise<void> {
    await close(save, owner, obstacle.state, { message: obstacle.message }, tellObstacle(save, obstacle));
  }

  /** Whoever waits for a superseded save hears of the newer one from now on. */
  function tellObstacle(save: Save, obstacle: Obstacle): SaveProgress | null {
    if (obstacle.state === 'conflict') return failed(save, 'conflict', obstacle.message);
    if (obstacle.by.state === 'delivered') return progressOf(obstacle.by, clock());
    board.follow(save, obstacle.by);
    return null;
  }

  async function close(
    save: Save,
    owner: string,
    state: 'delivered' | 'parked' | 'superseded' | 'conflict',
    change: Change,
    progress: SaveProgress | null,
  ): Promise<void> {
    const settledAt = clock();
    if (!(await saves.updateLeased(save.id, owner, { ...change, ...NO_LEASE, state, settledAt }))) return;
    if (progress) board.tell(save, progress, true);
    deps.meter?.settled(state, settledAt - save.createdAt);
  }

  function renewLease(saveId: string, owner: string): () => void {
    let cancel = () => {};
    let isOver = false;
    const renewLater = () => {
      cancel = deps.scheduler.schedule(clock() + limits.leaseMs / 3, () => {
        saves
          .updateLeased(saveId, owner, { leasedUntil: clock() + limits.leaseMs })
          .then(
            (isHeld) => isHeld,
            (error) => {
              deps.report?.({ at: 'lease', saveId, error });
              return true;
            },
          )
          .then((isHeld) => {
            if (isHeld && !isOver) renewLater();
          });
      });
    };
    renewLater();
    return () => {
      isOver = true;
      cancel();
    };
  }
}

function recordOf(answer: Answer): DeliveryAttempt {
  const { saveId, number, startedAt, durationMs, status, outcome } = answer;
  return { saveId, number, startedAt, durationMs, status, outcome, answer: answer.answer };
}

function failed(save: Save, code: string, reason: string): SaveProgress {
  return { state: 'failed', deliveryId: save.id, version: save.version, code, reason };
}

function retrying(save: Save, attempt: number, nextAt: number, reason: string, code: string): SaveProgress {
  return { state: 'retrying', deliveryId: save.id, version: save.version, attempt, reason, nextAt, code };
}
