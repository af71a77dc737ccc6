import { describe, expect, it } from 'vitest';
import { signingSecretsOf } from '../domain/keys/signing-secrets.js';
import { openStorage } from '../storage/index.js';
import { key } from './key.js';
import { setCliStage } from './testing/cli-stage.js';

const stage = setCliStage();

async function onlyKey() {
  const storage = await openStorage({ dataFolder: stage.folder, databaseUrl: null, blobBucket: null });
  const [found] = await storage.keys.list();
  await storage.close();
  if (!found) throw new Error('There is no key.');
  return found;
}

describe('the verb key', () => {
  it('[SA8] makes a key that gives up after the caller’s retries, or tries on', async () => {
    expect(await key(['add', 'Shop'])).toBe(0);
    const { id } = await onlyKey();
    expect(await key(['retries', id, 'strict'])).toBe(0);
    expect((await onlyKey()).strictRetries).toBe(true);
    expect(await key(['retries', id, 'outbox'])).toBe(0);
    expect((await onlyKey()).strictRetries).toBe(false);
    expect(await key(['retries', id, 'often'])).toBe(2);
    expect(await key(['retries', 'nobody', 'strict'])).toBe(1);
  });

  it('[SA52] tells a signing secret once, and renews it so that the one before signs for another day', async () => {
    expect(await key(['add', 'Shop'])).toBe(0);
    const before = await onlyKey();
    expect(stage.printed.join('\n')).toContain(before.signingSecret);
    stage.printed = [];
    expect(await key(['list'])).toBe(0);
    expect(stage.printed.join('\n')).not.toContain('whsec_');
    expect(await key(['secret', before.id])).toBe(0);
    const after = await onlyKey();
    expect(stage.printed).toContain(after.signingSecret);
    expect(signingSecretsOf(after, Date.now())).toEqual([after.signingSecret, before.signingSecret]);
    const aDayLater = (after.formerSigningUntil ?? 0) + 1;
    expect(signingSecretsOf(after, aDayLater)).toEqual([after.signingSecret]);
    expect(await key(['secret', 'nobody'])).toBe(1);
  });
});
