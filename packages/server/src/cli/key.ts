import { readConfig } from '../config.js';
import { hashApiKey } from '../domain/keys/api-keys.js';
import { makeApiKey, makeSecret } from '../domain/keys/make-api-key.js';
import { openStorage, type Storage } from '../storage/index.js';
import type { Verb } from './verb.js';

/** `key add NAME`, `key list`, `key revoke ID`: works on the same data while the server runs. */
export const key: Verb = async ([action, argument]) => {
  const act = actions[action ?? ''];
  if (!act || (action !== 'list' && !argument)) {
    console.error('Usage: key add NAME | key list | key revoke ID');
    return 2;
  }
  const { dataFolder, databaseUrl, blobsUrl } = readConfig(process.env, process.cwd());
  const storage = await openStorage({ dataFolder, databaseUrl, blobsUrl });
  try {
    return await act(storage, argument ?? '');
  } finally {
    await storage.close();
  }
};

const actions: Readonly<Record<string, (storage: Storage, argument: string) => Promise<number>>> = {
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
    for (const { id, name, createdAt, revokedAt } of await storage.keys.list()) {
      const state = revokedAt === null ? 'valid' : `revoked ${new Date(revokedAt).toISOString()}`;
      console.log(`${id}  ${new Date(createdAt).toISOString()}  ${state}  ${name}`);
    }
    return 0;
  },
  async revoke(storage, id) {
    const found = await storage.keys.find(id);
    if (!found) {
      console.error(`There is no key with the id "${id}"; \`key list\` shows the ids.`);
      return 1;
    }
    await storage.keys.update(id, { revokedAt: found.revokedAt ?? Date.now() });
    console.log(`The key "${found.name}" is revoked; a running server refuses it within 5 seconds.`);
    return 0;
  },
};
