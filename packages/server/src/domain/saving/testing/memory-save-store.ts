import type { DeliveryAttempt, Save, SaveStore } from '../save.js';
import { hostOf } from '../target.js';

/** A `SaveStore` in memory, by the words of its contract. Rows go in and out as copies. */
export function createMemorySaveStore(): SaveStore {
  const rows = new Map<string, Save>();
  const attempts = new Map<string, DeliveryAttempt[]>();

  const all = () => [...rows.values()];
  const queueOf = (save: Save) => `${save.documentKey} ${save.targetId}`;
  const isWaiting = (save: Save) => save.state === 'accepted' || save.state === 'built';
  const isHeld = (save: Save, now: number) => save.leasedUntil !== null && save.leasedUntil > now;

  const store: SaveStore = {
    async accept(save) {
      const earlier = ofDocument(save.documentKey);
      const version = Math.max(0, ...earlier.map((other) => other.version)) + 1;
      const sequence = Math.max(save.sequence, ...earlier.map((other) => other.sequence));
      const row: Save = { ...save, version, sequence };
      rows.set(row.id, row);
      return structuredClone(row);
    },

    async find(id) {
      return structuredClone(rows.get(id));
    },

    async update(id, change) {
      const row = rows.get(id);
      if (row) rows.set(id, { ...row, ...change });
    },

    async updateLeased(id, owner, change) {
      const row = rows.get(id);
      if (row?.leaseOwner !== owner) return false;
      rows.set(id, { ...row, ...change });
      return true;
    },

    async lease(owner, now, leaseMs, limit, exceptHosts = []) {
      const barred = new Set(exceptHosts);
      const busyQueues = new Set(
        all()
          .filter((save) => isHeld(save, now))
          .map(queueOf),
      );
      const due = all()
        .filter((save) => isWaiting(save) && !isHeld(save, now) && save.nextAttemptAt <= now)
        .sort((a, b) => a.version - b.version);
      const first = new Map<string, Save>();
      for (const save of due) {
        const queue = queueOf(save);
        if (!busyQueues.has(queue) && !first.has(queue)) first.set(queue, save);
      }
      const taken = [...first.values()]
        .filter((save) => save.state === 'accepted' || !barred.has(hostOf(save.target)))
        .sort((a, b) => a.nextAttemptAt - b.nextAttemptAt)
        .slice(0, limit);
      return taken.map((save) => {
        const held = { ...save, leaseOwner: owner, leasedUntil: now + leaseMs };
        rows.set(save.id, held);
        return structuredClone(held);
      });
    },

    async releaseLeases() {
      for (const save of all()) rows.set(save.id, { ...save, leaseOwner: null, leasedUntil: null });
    },

    async nextDueAt() {
      const moments = all()
        .filter(isWaiting)
        .map((save) => Math.max(save.nextAttemptAt, save.leasedUntil ?? 0));
      return moments.length === 0 ? null : Math.min(...moments);
    },

    async settle(attempt, owner, change) {
      const row = rows.get(attempt.saveId);
      const isHolder = row?.leaseOwner === owner;
      if (isHolder) {
        const next: Save = { ...row, leaseOwner: null, leasedUntil: null, ...change };
        const isRevived = !isWaiting(row) && isWaiting(next);
        rows.set(row.id, isRevived ? { ...next, state: row.state, settledAt: row.settledAt } : next);
      }
      if (isHolder) attempts.set(attempt.saveId, [...(attempts.get(attempt.saveId) ?? []), { ...attempt }]);
      return isHolder;
    },

    async supersedeOlder(save, at) {
      const older = ofDocument(save.documentKey).filter(
        (other) =>
          other.targetId === save.targetId &&
          other.version < save.version &&
          isWaiting(other) &&
          !isHeld(other, at),
      );
      for (const other of older) rows.set(other.id, { ...other, state: 'superseded', settledAt: at });
      return older.length;
    },

    async findDelivered(documentKey, targetId) {
      return ofDocument(documentKey)
        .filter((save) => save.targetId === targetId && save.state === 'delivered')
        .sort((a, b) => b.version - a.version)[0];
    },

    async listForDocument(documentKey) {
      return structuredClone(ofDocument(documentKey));
    },

    async list({ states, limit, before, beforeId }) {
      const isOlder = (save: Save) =>
        before === undefined ||
        save.createdAt < before ||
        (beforeId !== undefined && save.createdAt === before && save.id < beforeId);
      return all()
        .filter((save) => (!states || states.includes(save.state)) && isOlder(save))
        .sort((a, b) => b.createdAt - a.createdAt || (a.id < b.id ? 1 : -1))
        .slice(0, limit);
    },

    async listAttempts(saveId) {
      return attempts.get(saveId) ?? [];
    },

    async wakeHost(host, now) {
      const woken = all().filter(
        (save) => isWaiting(save) && save.nextAttemptAt > now && hostOf(save.target) === host,
      );
      for (const save of woken) rows.set(save.id, { ...save, nextAttemptAt: now });
      return woken.length;
    },

    async oldestUnsettledAt() {
      const created = all()
        .filter(isWaiting)
        .map((save) => save.createdAt);
      return created.length === 0 ? null : Math.min(...created);
    },

    async purgeSettled(before) {
      const old = all().filter((save) => save.settledAt !== null && save.settledAt < before);
      for (const save of old) {
        rows.delete(save.id);
        attempts.delete(save.id);
      }
      return old.length;
    },
  };
  return store;

  function ofDocument(documentKey: string): Save[] {
    return all().filter((save) => save.documentKey === documentKey);
  }
}
