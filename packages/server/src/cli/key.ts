import { readConfig } from '../config.js';
import type { ApiKey } from '../domain/keys/api-key.js';
import { hashApiKey } from '../domain/keys/api-keys.js';
import { makeApiKey, makeSecret } from '../domain/keys/make-api-key.js';
import { openStorage, type Storage } from '../storage/index.js';
import type { Verb } from './verb.js';

/** `key add NAME`, `key list`, `key limit ID CALLS|none`, `key revoke ID`: works on the same data while the server runs. */
export const key: Verb = async ([action, argument, ...more]) => {
  const act = actions[action ?? ''];
  if (!act || (action !== 'list' && !argument)) {
    console.error('Usage: key add NAME | key list | key limit ID CALLS|none | key revoke ID');
    return 2;
  }
  const { dataFolder, databaseUrl, blobBucket } = readConfig(process.env, process.cwd());
  const storage = await openStorage({ dataFolder, databaseUrl, blobBucket });
  try {
    return await act(storage, argument ?? '', ...more);
  } finally {
    await storage.close();
  }
};

type Action = (storage: Storage, argument: string, second?: string) => Promise<number>;

const actions: Readonly<Record<string, Action>> = {
  async add(storage, name) {
    const secret = makeSecret();
    const made = makeApiKey(name, Date.now());
    await storage.keys.add(made, hashApiKey(secret));
    console.log(secret);
    console.error(`This is the key "${name}" (id ${made.id}); it is shown only now.`);
    console.error(`Its callbacks are signed with ${made.signingSecret}`);
    return 0;
  },
  async list(storage) {
    for (const { id, name, createdAt, revokedAt, monthlyCallLimit: limit } of await storage.keys.list()) {
      const state = revokedAt === null ? 'valid' : `revoked ${new Date(revokedAt).toISOString()}`;
      console.log(
        `${id}  ${new Date(createdAt).toISOString()}  ${state}  ${limit === null ? 'no limit' : `${limit} calls a month`}  ${name}`,
      );
    }
    return 0;
  },
  async limit(storage, id, calls) {
    const limit = calls === 'none' ? null : Number(calls);
    if (limit !== null && !(Number.isSafeInteger(limit) && limit >= 1)) {
      console.error('Usage: key limit ID CALLS|none, where CALLS is a whole number from 1.');
      return 2;
    }
    const found = await findKey(storage, id);
    if (!found) return 1;
    await storage.keys.update(id, { monthlyCallLimit: limit });
    const meaning = limit === null ? 'has no limit' : `may open ${limit} documents a month`;
    console.log(`The key "${found.name}" ${meaning}; a running server knows within 5 seconds.`);
    return 0;
  },
  async revoke(storage, id) {
    const found = await findKey(storage, id);
    if (!found) return 1;
    await storage.keys.update(id, { revokedAt: found.revokedAt ?? Date.now() });
    console.log(`The key "${found.name}" is revoked; a running server refuses it within 5 seconds.`);
    return 0;
  },
};

async function findKey(storage: Storage, id: string): Promise<ApiKey | undefined> {
  const found = await storage.keys.find(id);
  if (!found) console.error(`There is no key with the id "${id}"; \`key list\` shows the ids.`);
  return found;
}
