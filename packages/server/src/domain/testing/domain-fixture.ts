import { Conversion } from '../conversion/conversion.js';
import { BlobKeeper } from '../documents/blob-keeper.js';
import { ConflictLedger } from '../documents/conflict-ledger.js';
import { DocumentService } from '../documents/document-service.js';
import { FileImport } from '../documents/file-import.js';
import { LifeCycle } from '../documents/life-cycle.js';
import type { ApiKey } from '../keys/api-key.js';
import { ApiKeys, hashApiKey } from '../keys/api-keys.js';
import { SessionService } from '../sessions/session-service.js';
import { Usage, type UsageWarning } from '../usage/usage.js';
import {
  FakeContent,
  FakeEngine,
  FakeMaker,
  FakeRooms,
  FakeSaves,
  fakeEgress,
  fakeFetcher,
  fakeFormats,
  MemoryBlobStore,
} from './fake-collaborators.js';
import { FakeTime } from './fake-time.js';
import { MemoryAttachmentStore } from './memory-attachments.js';
import {
  MemoryApiKeyStore,
  MemoryBlobReferences,
  MemoryDocumentStore,
  MemorySaveLedger,
  MemorySessionStore,
  MemoryTables,
  MemoryUsageStore,
} from './memory-stores.js';

export const HOUR_MS = 3_600_000;
export const TEST_API_KEY = 'key-of-the-tests';

export interface DomainFixtureOptions {
  limits?: { sessionMs: number; sessionMaxMs: number };
  recoveryMs?: number;
  /** The domain of a server that stopped: what it stored is still there, its connections are not. */
  after?: DomainFixture;
}

/** The whole domain over memory stores and a fake clock. */
export type DomainFixture = Pick<Stored, keyof Stored> & Omit<ReturnType<typeof wire>, keyof Stored>;

type Stored = ReturnType<typeof makeStored>;

/** What outlives a server. */
function makeStored() {
  return {
    tables: new MemoryTables(),
    time: new FakeTime(),
    content: new FakeContent(),
    saves: new FakeSaves(),
    blobStore: new MemoryBlobStore(),
    attachments: new MemoryAttachmentStore(),
  };
}

let ids = 0;
/** Never the same text twice, and always the same ones in a test file that runs alone. */
const randomHex = (bytes: number) => {
  ids += 1;
  return ids.toString(16).padStart(bytes * 2, '0');
};

export function makeDomain(options: DomainFixtureOptions = {}): DomainFixture {
  return wire(options, options.after ?? makeStored());
}

function wire(
  options: DomainFixtureOptions,
  { tables, time, content, saves, blobStore, attachments }: Stored,
) {
  const limits = options.limits ?? { sessionMs: 6 * HOUR_MS, sessionMaxMs: 24 * HOUR_MS };
  const rooms = new FakeRooms();
  const engine = new FakeEngine();
  const faults: unknown[] = [];
  const warnings: UsageWarning[] = [];

  const documents = new MemoryDocumentStore(tables);
  const sessions = new MemorySessionStore(tables);
  const keyStore = new MemoryApiKeyStore(tables);
  const saveStore = new MemorySaveLedger(tables);
  const blobs = new BlobKeeper(blobStore, new MemoryBlobReferences(tables));
  const { clock } = time;

  const usage = new Usage({
    store: new MemoryUsageStore(tables),
    clock,
    warn: (warning) => warnings.push(warning),
  });
  const files = new FileImport({ engine, fetcher: fakeFetcher, egress: fakeEgress, asksForPasswords: true });
  const conversion = new Conversion({ files, engine, usage, maker: new FakeMaker() });
  const sessionService = new SessionService({ sessions, documents, presence: rooms, rooms, clock, limits });
  const documentService = new DocumentService({
    documents,
    sessions,
    presence: rooms,
    rooms,
    content,
    saves,
    engine,
    files,
    blobs,
    conflicts: new ConflictLedger({
      saves: saveStore,
      content,
      blobs: blobStore,
      clock,
      newId: () => randomHex(8),
    }),
    egress: fakeEgress,
    formats: fakeFormats,
    usage,
    clock,
    limits,
    randomHex,
  });
  const lifeCycle = new LifeCycle({
    documents,
    sessions,
    rooms,
    content,
    saves,
    saveStore,
    log: content,
    attachments,
    blobs,
    clock,
    scheduler: time,
    limits,
    recoveryMs: options.recoveryMs ?? 7 * 24 * HOUR_MS,
    report: (error) => faults.push(error),
  });
  const apiKeys = new ApiKeys({ store: keyStore, clock });
  return {
    tables,
    time,
    rooms,
    content,
    saves,
    engine,
    blobStore,
    attachments,
    faults,
    warnings,
    documents,
    sessions,
    keyStore,
    saveStore,
    usage,
    sessionService,
    documentService,
    conversion,
    lifeCycle,
    apiKeys,
    limits,
    randomHex,
  };
}

/** Adds a key with the given text; boring in everything that the test does not say. */
export async function addApiKey(
  domain: Pick<DomainFixture, 'keyStore' | 'time'>,
  secret: string = TEST_API_KEY,
  change: Partial<ApiKey> = {},
): Promise<ApiKey> {
  const key: ApiKey = {
    id: `id-of-${secret}`,
    name: 'Tests',
    createdAt: domain.time.clock(),
    revokedAt: null,
    allowedOrigins: [],
    egressAllow: [],
    monthlyCallLimit: null,
    savesOnLeave: true,
    saveIntervalMinutes: null,
    strictRetries: false,
    signingSecret: 'secret',
    formerSigningSecret: null,
    formerSigningUntil: null,
    ...change,
  };
  await domain.keyStore.add(key, hashApiKey(secret));
  return key;
}
