import { readConfig } from '../config.js';
import type { ApiKey } from '../domain/keys/api-key.js';
import { hashApiKey } from '../domain/keys/api-keys.js';
import { makeApiKey, makeSecret } from '../domain/keys/make-api-key.js';
import { renewSigning } from '../domain/keys/signing-secrets.js';
import { openStorage, type Storage } from '../storage/index.js';
import type { Verb } from './verb.js';

const USAGE =
  'Usage: key add NAME | key list | key limit ID CALLS|none | key retries ID strict|outbox | key secret ID | key revoke ID';

/** What can be asked of keys; works on the same data while the server runs. */
export const key: Verb = async ([action, argument, ...more]) => {
  const act = actions[action ?? ''];
  if (!act || (action !== 'list' && !argument)) {
    console.error(USAGE);
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
    console.error(`Its callbacks are signed with ${made.signingSecret} (shown only now, too)`);
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
  async retries(storage, id, after) {
    if (after !== 'strict' && after !== 'outbox') {
      console.error(
        'Usage: key retries ID strict|outbox: whether deliveries stop after the caller’s own retries, or go on for days.',
      );
      return 2;
    }
    const found = await findKey(storage, id);
    if (!found) return 1;
    await storage.keys.update(id, { strictRetries: after === 'strict' });
    const meaning =
      after === 'strict' ? 'stop after the caller’s own retries' : 'go on until the application takes them';
    console.log(`Deliveries of the key "${found.name}" ${meaning}; a running server knows within 5 seconds.`);
    return 0;
  },
  async secret(storage, id) {
    const found = await findKey(storage, id);
    if (!found) return 1;
    const renewed = renewSigning(found, Date.now());
    await storage.keys.update(id, renewed);
    const until = new Date(renewed.formerSigningUntil).toISOString();
    console.log(renewed.signingSecret);
    console.error(`Callbacks of the key "${found.name}" are signed with this; it is shown only now.`);
    console.error(`The signing secret before it signs them too, until ${until}.`);
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
