import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { describeStorage } from '../contract.js';
import { openStorage } from '../index.js';

const folders: string[] = [];

afterAll(async () => {
  await Promise.all(folders.map((folder) => rm(folder, { recursive: true })));
});

describeStorage('SQLite', async () => {
  const dataFolder = await mkdtemp(join(tmpdir(), 'officina-sqlite-'));
  folders.push(dataFolder);
  return await openStorage({ dataFolder, databaseUrl: null, blobsUrl: null });
});
