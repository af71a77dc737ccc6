import { randomBytes } from 'node:crypto';
import { hashApiKey } from './domain/keys/api-keys.js';
import { makeApiKey, makeSecret } from './domain/keys/make-api-key.js';
import { AdminPassword } from './http/console/index.js';
import type { Storage } from './storage/index.js';

/** What exists from the first start on. */
export interface Bootstrap {
  /** The key for the playground and for whoever tries the server out. */
  apiKey: string;
  password: AdminPassword;
  /** The console's password when it was made just now: it can be shown only once. */
  generatedPassword: string | null;
  /** What signs the callbacks of the bootstrap key, when that was made just now. */
  newSigningSecret: string | null;
  /** Makes the playground's receiver addresses unguessable, the same after a restart. */
  receiverSecret: Uint8Array;
}

const KEY_SETTING = 'bootstrap.api-key';
const RECEIVER_SETTING = 'playground.receiver-secret';
const RECEIVER_SECRET_BYTES = 32;

/**
 * Sees to it that there is an API key, a console password and a receiver secret. The bootstrap key is kept in clear
 * beside the data, because the start page fills it into its samples; revoking it takes that away.
 */
export async function prepareFirstStart(
  storage: Storage,
  config: { apiKey: string | null; adminPassword: string | null },
  now: number,
): Promise<Bootstrap> {
  const apiKey = config.apiKey ?? (await storage.settings.keep(KEY_SETTING, makeSecret()));
  const hash = hashApiKey(apiKey);
  const isThere = (await storage.keys.findByHash(hash)) !== undefined;
  const newSigningSecret = isThere ? null : await addUnlessThere(storage, hash, now);
  const password = new AdminPassword(storage.settings);
  const { generated } = await password.prepare(config.adminPassword);
  const secret = await storage.settings.keep(
    RECEIVER_SETTING,
    randomBytes(RECEIVER_SECRET_BYTES).toString('base64'),
  );
  return {
    ...{ apiKey, password, generatedPassword: generated, newSigningSecret },
    receiverSecret: Buffer.from(secret, 'base64'),
  };
}

/** Its signing secret, or null: two servers that start at once on one database may both find the key missing. */
async function addUnlessThere(storage: Storage, hash: string, now: number): Promise<string | null> {
  const key = makeApiKey('First key', now);
  try {
    await storage.keys.add(key, hash);
    return key.signingSecret;
  } catch (error) {
    if (!(await storage.keys.findByHash(hash))) throw error;
    return null;
  }
}
