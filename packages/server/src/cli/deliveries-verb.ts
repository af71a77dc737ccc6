import { writeFile } from 'node:fs/promises';
import { readConfig } from '../config.js';
import { openStorage } from '../storage/index.js';
import { runDeliveries } from './deliveries.js';
import type { Verb } from './verb.js';

/** `deliveries …`: the ledger of saves, on the same data while the server runs. */
export const deliveries: Verb = async (args) => {
  const { dataFolder, databaseUrl, blobBucket } = readConfig(process.env, process.cwd());
  const storage = await openStorage({ dataFolder, databaseUrl, blobBucket });
  try {
    return await runDeliveries(args, {
      storage,
      out: process.stdout,
      now: Date.now,
      writeFile: (path, bytes) => writeFile(path, bytes, { flag: 'wx' }),
    });
  } finally {
    await storage.close();
  }
};
