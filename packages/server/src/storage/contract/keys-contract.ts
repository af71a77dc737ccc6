import { expect, it } from 'vitest';
import type { ApiKeyStore } from '../../domain/keys/api-key.js';
import type { UsageStore } from '../../domain/usage/usage-store.js';
import type { SettingStore } from '../stores/settings.js';
import type { UseStore } from './contract-kit.js';
import { sampleKey } from './samples.js';

export function checkApiKeyStore(use: UseStore<ApiKeyStore>): void {
  it('[ST10] finds a key by its hash and by its id, with every field as it was', async () => {
    await use(async (keys) => {
      const key = sampleKey({
        allowedOrigins: ['https://app.example'],
        egressAllow: ['10.0.0.0/8', 'intern.example'],
        monthlyCallLimit: 5_000_000_000,
        savesOnLeave: false,
        saveIntervalMinutes: 10,
        strictRetries: true,
        formerSigningSecret: 'whsec_0',
        formerSigningUntil: 1_700_000_000_000,
        revokedAt: 1_700_000_000_000,
      });
      await keys.add(key, 'hash-1');
      expect(await keys.findByHash('hash-1')).toEqual(key);
      expect(await keys.find('key-1')).toEqual(key);
      expect(await keys.findByHash('hash-2')).toBeUndefined();
      expect(await keys.find('key-2')).toBeUndefined();
    });
  });

  it('[ST10] refuses a second key with the same hash, and keeps the first', async () => {
    await use(async (keys) => {
      await keys.add(sampleKey(), 'hash-1');
      await expect(keys.add(sampleKey({ id: 'key-2' }), 'hash-1')).rejects.toThrow('already');
      expect((await keys.list()).map(({ id }) => id)).toEqual(['key-1']);
    });
  });

  it('[ST10] changes only the fields that are given', async () => {
    await use(async (keys) => {
      await keys.add(sampleKey(), 'hash-1');
      await keys.update('key-1', { revokedAt: 9, egressAllow: ['::1'] });
      await keys.update('key-1', {});
      expect(await keys.find('key-1')).toEqual(sampleKey({ revokedAt: 9, egressAllow: ['::1'] }));
    });
  });
}

export function checkUsageStore(use: UseStore<UsageStore>): void {
  it('[ST11] counts each key and month on its own, and every one of many calls at once', async () => {
    await use(async (usage) => {
      const counts = await Promise.all(
        Array.from({ length: 30 }, async () => await usage.count('key-1', '2026-11')),
      );
      await usage.count('key-2', '2026-11');
      await usage.count('key-1', '2026-12');
      expect(counts.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 30 }, (_, index) => index + 1));
      expect(await usage.read('key-1', '2026-11')).toBe(30);
      expect(await usage.read('key-1', '2026-12')).toBe(1);
      expect(await usage.read('key-3', '2026-11')).toBe(0);
    });
  });
}

export function checkSettingStore(use: UseStore<SettingStore>): void {
  it('[ST12] keeps the first value of a setting, whoever else offers one', async () => {
    await use(async (settings) => {
      const kept = await Promise.all(
        ['a', 'b', 'c'].map(async (value) => await settings.keep('secret', value)),
      );
      expect(new Set(kept).size).toBe(1);
      expect(await settings.get('secret')).toBe(kept[0]);
    });
  });

  it('[ST12] replaces and removes a setting', async () => {
    await use(async (settings) => {
      await settings.set('name', 'one');
      await settings.set('name', 'two');
      expect(await settings.get('name')).toBe('two');
      await settings.remove('name');
      expect(await settings.get('name')).toBeUndefined();
    });
  });
}
