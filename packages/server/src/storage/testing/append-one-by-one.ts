import { writeSync } from 'node:fs';
import { sampleOperations } from '../contract/samples.js';
import { openStorage } from '../index.js';

/** A process whose system calls are watched: appends one operation after the other, and says each acknowledgement. */
const [dataFolder = '', count = '1'] = process.argv.slice(2);
const storage = await openStorage({
  dataFolder,
  databaseUrl: null,
  blobBucket: null,
  sqliteBindings: ['better-sqlite3', 'node:sqlite'],
});
for (let sequence = 1; sequence <= Number(count); sequence++) {
  await storage.log.append('life-1', 1, sampleOperations(sequence, 1));
  writeSync(1, `acknowledged ${sequence}\n`);
}
await storage.close();
