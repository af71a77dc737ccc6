import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { describeStorage } from '../contract.js';
import { openStorage } from '../index.js';
import type { BindingName } from './binding.js';

const root = await mkdtemp(join(tmpdir(), 'officina-sqlite-'));

afterAll(async () => {
  await rm(root, { recursive: true });
});

async function openEmpty(binding: BindingName) {
  const dataFolder = await mkdtemp(join(root, 'data-'));
  return await openStorage({ dataFolder, databaseUrl: null, blobBucket: null, sqliteBindings: [binding] });
}

function isHere(module: string): boolean {
  try {
    createRequire(import.meta.url)(module);
    return true;
  } catch {
    return false;
  }
}

for (const binding of ['better-sqlite3', 'node:sqlite', 'node-sqlite3-wasm'] as const) {
  if (isHere(binding)) {
    describeStorage(`SQLite by ${binding}`, async () => await openEmpty(binding));
  } else {
    it(`[ST90] ${binding} is not to be had here, and the server says so when it is the only choice`, async () => {
      console.warn(`${binding} is not to be had here: the storage contract was not run on it.`);
      await expect(openEmpty(binding)).rejects.toThrow('No SQLite library works here');
    });
  }
}
