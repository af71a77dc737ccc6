import { readConfig } from '../config.js';
import { openStorage } from '../storage/index.js';
import type { Verb } from './verb.js';

/** `migrate`: brings the tables up to date (opening the store does that) and says so. */
export const migrate: Verb = async () => {
  const { dataFolder, databaseUrl, blobBucket } = readConfig(process.env, process.cwd());
  const storage = await openStorage({ dataFolder, databaseUrl, blobBucket });
  await storage.close();
  console.log(`The tables in ${databaseUrl ? 'PostgreSQL' : dataFolder} are up to date.`);
  return 0;
};
