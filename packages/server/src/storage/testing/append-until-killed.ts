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
  blobsUrl: null,
  ...(binding === '' ? {} : { sqliteBindings: [binding as BindingName] }),
});
await Promise.all([
  ...Array.from({ length: 8 }, (_, index) => appendForEver(`life-${index}`)),
  saveForEver(),
]);

async function appendForEver(document: string): Promise<void> {
  let { sequence } = await storage.log.readHead(document);
  for (;;) {
    const count = 1 + (sequence % 5);
    await storage.log.append(document, 1, sampleOperations(sequence + 1, count));
    sequence += count;
    writeSync(1, `log ${document} ${sequence}\n`);
  }
}

async function saveForEver(): Promise<void> {
  const { length } = await storage.saves.listForDocument('life-0');
  for (let number = length; ; number++) {
    const { sha256 } = await storage.blobs.put(Buffer.from(`file ${number}`));
    await storage.saves.accept(sampleSave({ id: `save-${number}`, documentKey: 'life-0', blob: sha256 }));
    writeSync(1, `save save-${number} ${sha256}\n`);
  }
}
