import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Logger, run as runWorker } from 'graphile-worker';
import pg from 'pg';
import type { BlobStore } from '../packages/server/src/domain/content/blob-store.js';
import type { Deliverer } from '../packages/server/src/domain/saving/deliverer.js';
import { createSaves } from '../packages/server/src/domain/saving/index.js';
import type { Save } from '../packages/server/src/domain/saving/save.js';
import { createDeliverer, createEgressPolicy } from '../packages/server/src/egress/index.js';
import { sampleDocument, sampleKey, sampleSave } from '../packages/server/src/storage/contract/samples.js';
import { openStorage, type Storage } from '../packages/server/src/storage/index.js';
import { systemClock, systemScheduler } from '../packages/server/src/system-time.js';
import { type CountingReceiver, startCountingReceiver } from './_counting-receiver.js';

const CONCURRENCY = 16;
const FILE_BYTES = 15_000;
/** Different files; deliveries share them, as saves to several targets do. */
const FILES = 100;
const SECRET = 'whsec_c2VjcmV0';
const CREDENTIALS = { signingSecrets: [SECRET], egressAllow: [] };
const silent = new Logger(() => () => {});

/** Seconds in which a backlog of built saves, each of a queue of its own, reached the application. */
export async function drainOurs(databaseUrl: string | null, count: number): Promise<number> {
  const receiver = await startCountingReceiver();
  const folder = await mkdtemp(join(tmpdir(), 'officina-bench-'));
  const storage = await openStorage({ dataFolder: folder, databaseUrl, blobBucket: null });
  try {
    await storage.keys.add(sampleKey({ signingSecret: SECRET }), randomUUID());
    await fill(storage, count, receiver.url);
    const saves = createSaves({
      ...storage,
      signals: storage.saveSignals,
      content: {
        headSequence: notUsed,
        build: notUsed,
        openingSnapshot: notUsed,
      },
      deliverer: aDeliverer(),
      clock: systemClock,
      scheduler: systemScheduler,
      random: Math.random,
      newId: randomUUID,
      nodeId: randomUUID(),
      isOnlyProcess: databaseUrl === null,
      limits: { concurrency: CONCURRENCY, perHost: CONCURRENCY },
    });
    const seconds = await timeDrain(receiver, count, () => saves.start());
    await saves.stop();
    return seconds;
  } finally {
    await storage.close();
    receiver.close();
    await rm(folder, { recursive: true });
  }
}

/** The same files by the same code to the same kind of receiver, with graphile-worker instead of our outbox. */
export async function drainGraphile(databaseUrl: string, count: number): Promise<number> {
  const receiver = await startCountingReceiver();
  const folder = await mkdtemp(join(tmpdir(), 'officina-bench-'));
  const storage = await openStorage({ dataFolder: folder, databaseUrl: null, blobBucket: null });
  const pool = new pg.Pool({ connectionString: databaseUrl, max: CONCURRENCY });
  try {
    const jobs = await waitingSaves(storage.blobs, count, receiver.url);
    const deliverer = aDeliverer();
    const options = {
      pgPool: pool,
      concurrency: CONCURRENCY,
      noHandleSignals: true,
      pollInterval: 1_000,
      taskList: { deliver: (payload: unknown) => deliverJob(payload as Save, deliverer, storage.blobs) },
      logger: silent,
    };
    const idle = await runWorker({ ...options, taskList: { nothing: () => {} } });
    await idle.stop();
    await addJobs(pool, jobs);
    let stop = async () => {};
    const seconds = await timeDrain(receiver, count, async () => {
      const runner = await runWorker(options);
      stop = () => runner.stop();
    });
    await stop();
    return seconds;
  } finally {
    await pool.end();
    await storage.close();
    receiver.close();
    await rm(folder, { recursive: true });
  }
}

async function timeDrain(
  receiver: CountingReceiver,
  count: number,
  start: () => Promise<unknown>,
): Promise<number> {
  const isDone = receiver.reached(count);
  const started = performance.now();
  await start();
  await isDone;
  return (performance.now() - started) / 1000;
}

async function deliverJob(save: Save, deliverer: Deliverer, blobs: BlobStore): Promise<void> {
  const bytes = save.blob === null ? undefined : await blobs.get(save.blob);
  if (!bytes) throw new Error('The file is gone.');
  const { outcome } = await deliverer.deliver(save, bytes, CREDENTIALS);
  if (outcome !== 'delivered') throw new Error(outcome);
}

/** One named queue for each document and target, so that versions go out in order. */
async function addJobs(pool: pg.Pool, saves: readonly Save[]): Promise<void> {
  await pool.query(
    `select graphile_worker.add_job('deliver', payload => job, queue_name => job->>'documentKey')
     from unnest($1::json[]) as job`,
    [saves.map((save) => JSON.stringify(save))],
  );
  await pool.query('analyze');
}

async function fill(storage: Storage, count: number, url: string): Promise<void> {
  const saves = await waitingSaves(storage.blobs, count, url);
  for (let at = 0; at < saves.length; at += 500) {
    await Promise.all(
      saves.slice(at, at + 500).map(async ({ version: _version, ...save }) => {
        const { documentKey: key, documentId } = save;
        await storage.documents.add(sampleDocument({ key, documentId, expiresAt: Date.now() + 86_400_000 }));
        await storage.saves.accept(save);
      }),
    );
  }
}

async function waitingSaves(blobs: BlobStore, count: number, url: string): Promise<Save[]> {
  const files: string[] = [];
  for (let n = 0; n < FILES; n += 1) {
    const bytes = new Uint8Array(FILE_BYTES).fill(n);
    files.push((await blobs.put(bytes)).sha256);
  }
  const now = Date.now();
  return Array.from({ length: count }, (_, n) => {
    const file = files[n % FILES] ?? null;
    return {
      ...sampleSave({
        id: randomUUID(),
        documentKey: `life-${n}`,
        documentId: `doc-${n}`,
        targetId: 'target',
      }),
      ...{ version: 1, state: 'built', blob: file, sha256: file, createdAt: now, nextAttemptAt: now },
      target: { ...sampleSave().target, saveUrl: url, params: {}, headers: {} },
    };
  });
}

function aDeliverer(): Deliverer {
  const guard = createEgressPolicy({ allow: [], loopback: true, clock: systemClock });
  return createDeliverer({ guard, clock: systemClock, scheduler: systemScheduler });
}

async function notUsed(): Promise<never> {
  throw new Error('Every save of the backlog is built.');
}
