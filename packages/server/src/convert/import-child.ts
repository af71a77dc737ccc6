import { writeSync } from 'node:fs';
import type { Job } from './jobs.js';
import { encodeParcel, type Parcel, ParcelReader } from './parcel.js';
import { performCompare } from './perform-compare.js';
import { performExport } from './perform-export.js';
import { performImport, performVet } from './perform-import.js';

// A process that reads files from outside: parcels come by stdin and go by stdout, one at a time, until stdin ends.
const STDOUT = 1;
const reader = new ParcelReader(Number.POSITIVE_INFINITY);

process.stdin.on('data', (chunk: Buffer) => {
  for (const parcel of reader.push(chunk)) answer(parcel);
});
process.stdin.on('end', () => process.exit(0));

function answer({ header, blobs }: Parcel): void {
  const job = header as Job;
  const [bytes] = blobs;
  const performed = job.kind === 'compare' ? performCompare(blobs) : perform(job, bytes);
  for (const chunk of encodeParcel({ header: performed.answer, blobs: performed.blobs })) writeAll(chunk);
}

function perform(job: Job, bytes: Uint8Array | undefined): ReturnType<typeof performImport> {
  if (job.kind === 'import' && bytes) return performImport(bytes, job.fileName, job.settings);
  if (job.kind === 'vet' && bytes) return performVet(bytes, job.fileName);
  if (job.kind === 'export' && bytes) return performExport(bytes, job);
  throw new Error(`This process does not know how to ${job.kind}.`);
}

/** A pipe takes what fits, and says EAGAIN when nothing does. */
function writeAll(chunk: Uint8Array): void {
  let at = 0;
  while (at < chunk.byteLength) {
    try {
      at += writeSync(STDOUT, chunk, at);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
    }
  }
}
