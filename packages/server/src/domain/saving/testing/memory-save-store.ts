import type { DeliveryAttempt, Save, SaveStore } from '../save.js';
import { hostOf } from '../target.js';

/** Does the work when its transaction is written, and resolves when that is durable. */
export type Commit = <Value>(work: () => Value) => Promise<Value>;

/**
 * A `SaveStore` in memory, by the words of its contract. Rows go in and out as copies; every change is one piece of work
 * for `commit`.
 */
export function createMemorySaveStore(commit: Commit = async (work) => work()): SaveStore {
  const rows = new Map<string, Save>();
  const ofDocument = new Map<string, Save[]>();
  const waiting = new Map<string, Save>();
  const attempts = new Map<string, DeliveryAttempt[]>();

  const put = (save: Save) => {
    const siblings = ofDocument.get(save.documentKey) ?? [];
    const place = siblings.findIndex(({ id }) => id === save.id);
    if (place < 0) siblings.push(save);
    else siblings[place] = save;
    ofDocument.set(save.documentKey, siblings);
    rows.set(save.id, save);
    if (isWaiting(save)) waiting.set(save.id, save);
    else waiting.delete(save.id);
  };
  const remove = ({ id, documentKey }: Save) => {
    rows.delete(id);
    waiting.delete(id);
    attempts.delete(id);
    const siblings = ofDocument.get(documentKey) ?? [];
    ofDocument.set(
      documentKey,
      siblings.filter((other) => other.id !== id),
    );
  };
  const wakeWhere = (isMeant: (save: Save) => boolean, now: number) => {
    const woken = [...waiting.values()].filter((save) => save.nextAttemptAt > now && isMeant(save));
    for (const save of woken) put({ ...save, nextAttemptAt: now });
    return woken.length;
  };
  const siblingsOf = (documentKey: string): readonly Save[] => ofDocument.get(documentKey) ?? [];

  return {
    accept: (save) =>
      commit(() => {
        let version = 1;
        let { sequence } = save;
        for (const other of siblingsOf(save.documentKey)) {
          version = Math.max(version, other.version + 1);
          sequence = Math.max(sequence, other.sequence);
        }
        const row: Save = { ...save, version, sequence };
        put(row);
        return { ...row };
      }),

    async find(id) {
      const row = rows.get(id);
      return row && { ...row };
    },

    update: (id, change) =>
      commit(() => {
        const row = rows.get(id);
        if (row) put({ ...row, ...change });
      }),

    updateLeased: (id, owner, change) =>
      commit(() => {
        const row = rows.get(id);
        if (row?.leaseOwner !== owner) return false;
        put({ ...row, ...change });
        return true;
      }),

    lease: (owner, now, leaseMs, limit, exceptHosts = []) =>
      commit(() => {
        const first = new Map<string, Save>();
        for (const save of waiting.values()) {
          if (isHeld(save, now) || save.nextAttemptAt > now) continue;
          const queue = queueOf(save);
          const earlier = first.get(queue);
          if (!earlier || earlier.version > save.version) first.set(queue, save);
        }
        const taken = [...first.values()]
          .filter((save) => save.state === 'accepted' || !exceptHosts.includes(hostOf(save.target)))
          .filter(
            (save) =>
              !siblingsOf(save.documentKey).some(
                (other) => other.targetId === save.targetId && isHeld(other, now),
              ),
          )
          .sort((a, b) => a.nextAttemptAt - b.nextAttemptAt)
          .slice(0, limit);
        return taken.map((save) => {
          const held = { ...save, leaseOwner: owner, leasedUntil: now + leaseMs };
          put(held);
          return { ...held };
        });
      }),

    releaseLeases: () =>
      commit(() => {
        for (const save of rows.values()) {
          if (save.leasedUntil !== null) put({ ...save, leaseOwner: null, leasedUntil: null });
        }
      }),

    async nextDueAt() {
      let soonest = Number.POSITIVE_INFINITY;
      for (const { nextAttemptAt, leasedUntil } of waiting.values()) {
        soonest = Math.min(soonest, Math.max(nextAttemptAt, leasedUntil ?? 0));
      }
      return waiting.size === 0 ? null : soonest;
    },

    settle: (attempt, owner, change) =>
      commit(() => {
        const row = rows.get(attempt.saveId);
        if (row?.leaseOwner !== owner) return false;
        const next: Save = { ...row, leaseOwner: null, leasedUntil: null, ...change };
        const isRevived = !isWaiting(row) && isWaiting(next);
        put(isRevived ? { ...next, state: row.state, settledAt: row.settledAt } : next);
        attempts.set(attempt.saveId, [...(attempts.get(attempt.saveId) ?? []), { ...attempt }]);
        return true;
      }),

    supersedeOlder: (save, at) =>
      commit(() => {
        const older = siblingsOf(save.documentKey).filter(
          (other) =>
            other.targetId === save.targetId &&
            other.version < save.version &&
            isWaiting(other) &&
            !isHeld(other, at),
        );
        for (const other of older) put({ ...other, state: 'superseded', settledAt: at });
        return older.length;
      }),

    async findDelivered(documentKey, targetId) {
      return siblingsOf(documentKey)
        .filter((save) => save.targetId === targetId && save.state === 'delivered')
        .sort((a, b) => b.version - a.version)[0];
    },

    async listForDocument(documentKey) {
      return siblingsOf(documentKey).map((save) => ({ ...save }));
    },

    async listAround({ documentKey, targetId, version, sequence }) {
      const siblings = siblingsOf(documentKey);
      const delivered = siblings.filter((save) => save.targetId === targetId && save.state === 'delivered');
      const newest = Math.max(...delivered.map((save) => save.version));
      return siblings
        .filter((save) => {
          if (save.version > version || save.sequence === sequence) return true;
          if (save.targetId !== targetId) return false;
          return isWaiting(save) || save.state === 'parked' || save.version === newest;
        })
        .sort((a, b) => a.version - b.version)
        .map((save) => ({ ...save }));
    },

    async list({ states, limit, before, beforeId }) {
      const isOlder = (save: Save) =>
        before === undefined ||
        save.createdAt < before ||
        (beforeId !== undefined && save.createdAt === before && save.id < beforeId);
      return [...rows.values()]
        .filter((save) => (!states || states.includes(save.state)) && isOlder(save))
        .sort((a, b) => b.createdAt - a.createdAt || (a.id < b.id ? 1 : -1))
        .slice(0, limit);
    },

    async listAttempts(saveId) {
      return attempts.get(saveId) ?? [];
    },

    wakeHost: (host, now) => commit(() => wakeWhere(({ target }) => hostOf(target) === host, now)),

    wakeAll: (now) => commit(() => wakeWhere(() => true, now)),

    async oldestUnsettledAt() {
      const created = [...waiting.values()].map((save) => save.createdAt);
      return created.length === 0 ? null : Math.min(...created);
    },

    purgeSettled: (before, undeliveredBefore) =>
      commit(() => {
        const old = [...rows.values()].filter(({ state, settledAt }) => {
          const isUndelivered = state === 'parked' || state === 'conflict';
          return (
            settledAt !== null && settledAt < (isUndelivered ? Math.min(before, undeliveredBefore) : before)
          );
        });
        old.forEach(remove);
        return old.length;
      }),
  };
}

function isWaiting({ state }: Save): boolean {
  return state === 'accepted' || state === 'built';
}

function isHeld({ leasedUntil }: Save, now: number): boolean {
  return leasedUntil !== null && leasedUntil > now;
}

function queueOf({ documentKey, targetId }: Save): string {
  return `${documentKey} ${targetId}`;
}
