import type { ConsoleCheck } from '@officina/protocol';
import type { Accounts } from './domain/accounts/accounts.js';
import type { ApiKey } from './domain/keys/api-key.js';
import { hashApiKey } from './domain/keys/api-keys.js';
import { makeApiKey, makeSecret } from './domain/keys/make-api-key.js';
import { renewSigning } from './domain/keys/signing-secrets.js';
import type { Clock } from './domain/time.js';
import type { Usage } from './domain/usage/usage.js';
import type { AccountKeeper, KeyKeeper, OverviewSource } from './http/console/index.js';
import type { RoomMetrics } from './rooms/index.js';
import type { Storage } from './storage/index.js';

/** How much of the ledger the overview counts; more is "at least". */
const LEDGER_LIMIT = 1000;

/** The people of the library, for the console. */
export function createAccountKeeper(storage: Pick<Storage, 'accounts'>, accounts: Accounts): AccountKeeper {
  return {
    search: (search) => accounts.search(search),
    add: (wish) => accounts.add(wish),
    find: (id) => storage.accounts.find(id),
    confirm: (id) => accounts.confirm(id),
    setDisabled: (id, isDisabled) => accounts.setDisabled(id, isDisabled),
    setPassword: (id, password) => accounts.setPassword(id, password),
  };
}

/** Makes, lists and revokes keys for the console. */
export function createKeyKeeper(storage: Storage, clock: Clock, forgetCached: () => void): KeyKeeper {
  return {
    list: () => storage.keys.list(),
    async add(name) {
      const secret = makeSecret();
      const key = makeApiKey(name, clock());
      await storage.keys.add(key, hashApiKey(secret));
      return { key, secret };
    },
    async change(id, settings) {
      if (!(await storage.keys.find(id))) return false;
      await storage.keys.update(id, settings);
      forgetCached();
      return true;
    },
    async renewSigning(id) {
      const key = await storage.keys.find(id);
      if (!key) return undefined;
      const renewed = renewSigning(key, clock());
      await storage.keys.update(id, renewed);
      forgetCached();
      return { signingSecret: renewed.signingSecret, formerUntil: renewed.formerSigningUntil };
    },
    async revoke(id) {
      const key = await storage.keys.find(id);
      if (!key) return false;
      if (key.revokedAt === null) await storage.keys.update(id, { revokedAt: clock() });
      forgetCached();
      return true;
    },
  };
}

/** What people have to look at, the newest thousand of it. */
export function stuckSaves({ saves }: Pick<Storage, 'saves'>) {
  return saves.list({ states: ['parked', 'conflict'], limit: LEDGER_LIMIT });
}

/** What the console's first page shows. */
export function createOverview(deps: {
  storage: Storage;
  clock: Clock;
  usage: Pick<Usage, 'pressure'>;
  roomMetrics: () => Readonly<RoomMetrics>;
  versions: OverviewSource['versions'];
  startedAt: number;
}): OverviewSource {
  const { storage, clock } = deps;
  return {
    versions: [...deps.versions, ['Store', storage.description]],
    async counts() {
      const { rooms, connections, operations } = deps.roomMetrics();
      const waiting = await storage.saves.list({ states: ['accepted', 'built'], limit: LEDGER_LIMIT });
      const parked = await stuckSaves(storage);
      return [
        { name: 'Open documents', value: rooms, note: 'with somebody in them, or just left' },
        { name: 'Connections', value: connections, note: 'open editor pages' },
        { name: 'Edits', value: operations, note: 'made durable since the start' },
        { name: 'Saves under way', value: waiting.length, note: 'accepted and not yet delivered' },
        { name: 'Saves to look at', value: parked.length, note: 'parked, or in conflict' },
      ];
    },
    async checks() {
      const oldest = await storage.saves.oldestUnsettledAt();
      const minutes = oldest === null ? 0 : Math.round((clock() - oldest) / 60_000);
      return [
        { name: 'Store', state: 'good', detail: storage.description },
        {
          name: 'Saves',
          state: minutes > 10 ? 'warn' : 'good',
          detail: minutes > 10 ? `the oldest waits for ${minutes} minutes` : 'nothing waits for long',
        },
        ...(await usageChecks(await storage.keys.list(), deps.usage)),
        { name: 'Running since', state: 'good', detail: new Date(deps.startedAt).toISOString() },
      ];
    },
  };
}

/** One line for each key that has used most of its calls of this month. */
export async function usageChecks(
  keys: readonly ApiKey[],
  usage: Pick<Usage, 'pressure'>,
): Promise<readonly ConsoleCheck[]> {
  const valid = keys.filter((key) => key.revokedAt === null);
  const pressures = await Promise.all(valid.map((key) => usage.pressure(key)));
  return pressures.flatMap((pressure, at): ConsoleCheck[] => {
    const key = valid[at];
    if (!pressure || !key) return [];
    const { used, limit, percent } = pressure;
    return [
      {
        name: `Calls of ${key.name}`,
        state: percent === 100 ? 'bad' : 'warn',
        detail:
          `${used} of ${limit} calls of this month are used, ${percent === 100 ? 'all of them' : `over ${percent} %`}. From 10 % above the limit on ` +
          'documents are not opened any more; the limit is set under Keys.',
      },
    ];
  });
}
