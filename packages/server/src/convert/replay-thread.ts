import { parentPort } from 'node:worker_threads';
import { giveWay } from './give-way.js';
import type { Job } from './jobs.js';
import type { Parcel } from './parcel.js';
import { performBlank, performReplay } from './perform-replay.js';

giveWay();

// A thread that replays logs: parcels come and go as messages, one at a time.
parentPort?.on('message', ({ header, blobs }: Parcel) => {
  const performed = perform(header as Job, blobs);
  parentPort?.postMessage({ header: performed.answer, blobs: performed.blobs } satisfies Parcel);
});

function perform(job: Job, blobs: readonly Uint8Array[]): ReturnType<typeof performReplay> {
  switch (job.kind) {
    case 'blank':
      return performBlank(job.defaults);
    case 'build':
    case 'snapshot':
      return performReplay(job, blobs);
    default:
      throw new Error(`This thread does not know how to ${job.kind}.`);
  }
}
