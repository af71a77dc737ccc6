import { writeSync } from 'node:fs';
import { sampleOperations, sampleSave } from '../contract/samples.js';
import { openStorage } from '../index.js';
import type { BindingName } from '../sqlite/binding.js';

/**
 * A process for the crash test: writes to the storage in the given folder until it is killed, and says on its
 * standard output, one line each, what the storage has acknowledged.
 */
const [dataFolder = '', databaseUrl = '', binding = ''] = process.argv.slice(2);
const storage = await openStorage({
  dataFolder,
  databaseUrl: databaseUrl === '' ? null : databaseUrl,
  blobBucket: null,
  ...(binding === '' ? {} : { sqliteBindings: [binding as BindingName] }),
});
await Promise.all([
  ...Array.from({ length: 8 }, (_, index) => appendForEver(`life-${index}`)),
  saveForEver(),
]);

async function appendForEver(document: string): Promise<void> {
  // The lease comes before the head: it bars what a killed process has still on its way to PostgreSQL.
  const lease = await storage.leases.acquire(document, `writer-${process.pid}`, Date.now(), 0);
  if (lease === undefined) throw new Error(`Nobody holds a lease on ${document}, and yet it is refused.`);
  let { sequence } = await storage.log.readHead(document);
  for (;;) {
    const count = 1 + (sequence % 5);
    await storage.log.append(document, lease.epoch, sampleOperations(sequence + 1, count));
    sequence += count;
    writeSync(1, `log ${document} ${sequence}\n`);
  }
}

async function saveForEver(): Promise<void> {
  for (let number = 0; ; number++) {
    const { sha256 } = await storage.blobs.put(Buffer.from(`file ${number}`));
    const id = `save-${process.pid}-${number}`;
    await storage.saves.accept(sampleSave({ id, documentKey: 'life-0', blob: sha256 }));
    writeSync(1, `save ${id} ${sha256}\n`);
  }
}
