import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { fileURLToPath } from 'node:url';
import { CORE_VERSION } from '@officina/engine/writer/version';
import { AppError } from '@officina/protocol';
import { createAccountArchives } from './account-archives.js';
import type { Config } from './config.js';
import { EncryptedDocxConverter } from './convert/encrypted/encrypted-docx-converter.js';
import { createDocumentEngine, createFormatMaker } from './convert/index.js';
import { findOffice, lackFor, OfficeConverter } from './convert/office/index.js';
import { Accounts } from './domain/accounts/accounts.js';
import { Tickets } from './domain/accounts/tickets.js';
import { Attachments } from './domain/content/attachments.js';
import { createDocumentContent } from './domain/content/create-document-content.js';
import { Conversion } from './domain/conversion/conversion.js';
import { BlobKeeper } from './domain/documents/blob-keeper.js';
import { ConflictLedger } from './domain/documents/conflict-ledger.js';
import { DocumentService } from './domain/documents/document-service.js';
import { FileImport } from './domain/documents/file-import.js';
import { LifeCycle } from './domain/documents/life-cycle.js';
import { ApiKeys, hashApiKey } from './domain/keys/api-keys.js';
import { Editing } from './domain/library/editing.js';
import { withHouseKey, withHouseTarget } from './domain/library/house-key.js';
import { createVersionDeliverer } from './domain/library/version-deliverer.js';
import { createSaves, createVersionHistory, DEFAULT_RETRY_LIMITS } from './domain/saving/index.js';
import { RoomsEverywhere } from './domain/sessions/rooms-everywhere.js';
import { SessionService } from './domain/sessions/session-service.js';
import { Usage } from './domain/usage/usage.js';
import { allowsLoopback, createDeliverer, createEgressPolicy, createFetcher } from './egress/index.js';
import { prepareFirstStart } from './first-start.js';
import { createApp } from './http/app.js';
import { createConsole } from './http/console/index.js';
import { dataApiFace, refuseBrokenCall } from './http/dataapi/index.js';
import { healthRoutes } from './http/health/health-routes.js';
import { integratorFace, PARTIAL_DEFAULTS, refuseBrokenRequest } from './http/integrator/index.js';
import { UploadBudget } from './http/kit/upload-budget.js';
import { createLibraryFace } from './http/library/index.js';
import { CallbackReceiver, registerPages, selfOrigin, sendNotFound, signUpFace } from './http/pages/index.js';
import { createLibraryHouse } from './library-house.js';
import { createLog, createMetrics, observeRooms, observeSaves, showGauges } from './observe/index.js';
import { createAccountKeeper, createKeyKeeper, createOverview, stuckSaves } from './operator-view.js';
import { roomRoutes } from './room-routes.js';
import { createRooms } from './rooms/index.js';
import { openStorage, type Storage } from './storage/index.js';
import { randomHex } from './system-random.js';
import { systemTime, type Time } from './system-time.js';

export const VERSION = '0.1.0';

/** Uploads that are held in memory at once, in sizes of the largest one. */
const UPLOADS_AT_ONCE = 4;
const FONT_FOLDER = fileURLToPath(new URL('../../web/dist/fonts', import.meta.url));
/** A lease that only shows that leases can be had; the next question renews it. */
const PROBE_LEASE_MS = 10_000;
const WEB_FOLDER = fileURLToPath(new URL('../../web/dist', import.meta.url));

/** A save holds the traces of a review as the document does. */
const AS_IT_IS = { password: null, changes: 'as_markups', comments: 'all' } as const;

export interface Officina {
  /** Where it listens: `http://HOST:PORT`. */
  url: string;
  apiKey: string;
  /** The console's password when it was made at this start. */
  generatedPassword: string | null;
  /** What signs the callbacks of that key, when it was made just now. */
  newSigningSecret: string | null;
  /** Stops accepting, flushes the logs, hands over leases and deliveries. */
  close(): Promise<void>;
}

/**
 * Puts the whole server together and starts it. The only place where everybody knows everybody. A test passes in a time
 * that it sets.
 */
export async function startOfficina(config: Config, time: Time = systemTime): Promise<Officina> {
  const { clock, scheduler } = time;
  const log = createLog({ level: config.logLevel });
  const metrics = createMetrics();
  const storage = await openStorage(config);
  const bootstrap = await prepareFirstStart(storage, config, clock());
  const isOnlyProcess = config.databaseUrl === null;
  const limits = { sessionMs: config.sessionMs, sessionMaxMs: config.sessionMaxMs };

  const search = findOffice(config.sofficePath, config.programPath);
  const office = new OfficeConverter({
    ...{ search, fonts: FONT_FOLDER, clock, scheduler },
    ...{ maxUploadBytes: config.maxUploadBytes, workers: config.officeWorkers },
    limits: { idleStopMs: config.officeIdleMs },
  });
  const officeState = stateOf(search);
  if (officeState !== 'sandboxed')
    log.warn({ libreOffice: officeState }, 'LibreOffice is not at hand as it should be');
  const engine = createDocumentEngine({
    clock,
    scheduler,
    maxUploadBytes: config.maxUploadBytes,
    foreignConverter: new EncryptedDocxConverter(office),
  });
  const content = createDocumentContent({
    ...storage,
    findDocument: (key) => storage.documents.find(key),
    engine,
    engineVersion: CORE_VERSION,
    clock,
    retention: config.states,
  });
  const maker = createFormatMaker(engine, office);
  let origin = selfOrigin(config.host, config.port);
  const receiver = new CallbackReceiver({ secret: bootstrap.receiverSecret, origin: () => origin, clock });
  const egress = createEgressPolicy({
    allow: config.egressAllow,
    loopback: allowsLoopback(config),
    isOwnReceiver: (url) => receiver.owns(url),
    clock,
  });

  const blobs = new BlobKeeper(storage.blobs, storage.blobReferences);
  const accounts = new Accounts({ ...storage, clock, randomHex });
  const reportLibrary = (error: unknown, subject: { documentId: string }) =>
    log.error({ err: error, ...subject }, 'the library could not follow a change');
  const house = createLibraryHouse({
    ...{ storage, engine, maker, blobs, accounts, clock },
    report: reportLibrary,
  });
  const saves = createSaves({
    ...storage,
    keys: withHouseKey(storage.keys),
    signals: storage.saveSignals,
    content,
    convert: async (docx, format, title) => (await maker.make(docx, format, { ...AS_IT_IS, title })).bytes,
    deliverer: createVersionDeliverer(
      { ...storage, authorship: house.authorship, clock },
      createDeliverer({ guard: egress, clock, scheduler }),
    ),
    clock,
    scheduler,
    random: Math.random,
    newId: randomUUID,
    nodeId: randomUUID(),
    isOnlyProcess,
    limits: {
      keepMs: config.versionMs,
      retry: { ...DEFAULT_RETRY_LIMITS, windowMs: config.deliveryMs },
    },
    ...observeSaves(log, metrics),
  });
  const versions = createVersionHistory({ ...storage, content });
  const owner = isOnlyProcess ? 'only' : `${hostname()}:${config.port}`;
  const rooms = createRooms({
    ...storage,
    clock,
    scheduler,
    afterTurn: setImmediate,
    owner,
    content,
    attachments: new Attachments({ ...storage, clock }),
    // The sessions ask the rooms who is there, and the rooms ask the sessions who may come: one of them must wait.
    sessions: {
      open: async (id) => {
        const opened = await sessions.open(id);
        if (opened.document.locked)
          throw new AppError('session_unknown', 'The document waits for its password.');
        return opened;
      },
      recordActivity: (id) => sessions.recordActivity(id),
      extend: (id) => sessions.extend(id),
    },
    saves,
    versions,
    leavePolicy: {
      savesOnLeave: async (id) => (await storage.keys.find(id))?.savesOnLeave ?? false,
      saveIntervalMs: async (id) => {
        const minutes = (await storage.keys.find(id))?.saveIntervalMinutes ?? null;
        return minutes === null ? null : minutes * 60_000;
      },
    },
    journal: log,
    ...observeRooms(metrics),
    engine: CORE_VERSION,
  });
  const { presence, connections } = rooms;
  const control = new RoomsEverywhere({
    ...{ here: rooms.control, connections, neighbours: storage.neighbours, sessions: storage.sessions },
    report: (error, subject) =>
      log.error({ err: error, ...subject }, 'a session could not follow another server'),
  });
  const sessions = new SessionService({ ...storage, presence, rooms: control, clock, limits });

  const keys = new ApiKeys({ store: storage.keys, clock });
  const usage = new Usage({
    store: storage.usage,
    clock,
    warn: (warning) => log.warn(warning, 'an API key has used most of its calls'),
  });
  const fetcher = createFetcher({ guard: egress, clock, scheduler, maxBytes: config.maxUploadBytes });
  const files = new FileImport({ engine, fetcher, egress, asksForPasswords: true });
  const conversion = new Conversion({ files, engine, maker, usage });
  const documents = new DocumentService({
    ...storage,
    presence,
    rooms: control,
    content,
    saves,
    engine,
    files,
    blobs,
    conflicts: new ConflictLedger({ ...storage, content, clock, newId: randomUUID }),
    egress: withHouseTarget(egress),
    formats: { lackFor: (format) => lackFor(search, format) },
    usage,
    clock,
    limits,
    randomHex,
  });
  const editing = new Editing({
    ...storage,
    changes: house.changes,
    documentService: documents,
    rooms: control,
    presence,
    clock,
    scheduler,
    report: reportLibrary,
  });
  const lifeCycle = new LifeCycle({
    ...storage,
    saveStore: storage.saves,
    saves,
    rooms: control,
    content,
    blobs,
    clock,
    scheduler,
    limits,
    recoveryMs: config.recoveryMs,
    report: (error, subject) => log.error({ err: error, ...subject }, 'a document could not be ended'),
  });

  const tickets = new Tickets({ accounts, tickets: storage.tickets, clock, randomHex });
  const uploads = new UploadBudget(config.maxUploadBytes * UPLOADS_AT_ONCE);
  const operatorConsole = createConsole({
    password: bootstrap.password,
    publicUrl: config.publicUrl,
    clock,
    overview: createOverview({
      storage,
      clock,
      usage,
      roomMetrics: rooms.metrics,
      startedAt: clock(),
      versions: [
        ['Officina', VERSION],
        ['Node', process.versions.node],
        ['Docx core', CORE_VERSION],
      ],
    }),
    keys: createKeyKeeper(storage, clock, () => keys.forget()),
    accounts: createAccountKeeper(storage, accounts),
    ledger: storage.saves,
    deliveries: saves,
    blobs: storage.blobs,
  });
  const archives = createAccountArchives({
    ...{ storage, blobs, engine, clock, changes: house.changes },
    maxFileBytes: config.maxUploadBytes,
    maxBytes: config.maxArchiveBytes,
    report: (error) => log.error({ err: error }, 'an archive of an account broke off'),
  });
  const libraryFace = createLibraryFace({
    ...house,
    archives,
    allowsSignUp: config.signUp,
    shares: storage.shares,
    editing,
    ...{ accounts, tickets, uploads, clock, scheduler },
    maxUploadBytes: config.maxUploadBytes,
    publicUrl: config.publicUrl,
  });
  const app = await createApp({
    logger: log,
    trustedProxies: config.trustedProxies,
    refuse: (path, reason) =>
      refuseBrokenCall(config.dataApi, path, reason) ?? refuseBrokenRequest(path, reason),
    notFound: sendNotFound,
    faces: [
      healthRoutes({
        checks: {
          store: async () => void (await storage.ping()),
          lease: async () => ((await holdsLease(storage, owner, clock())) ? undefined : 'refused'),
        },
        remarks: { libreOffice: () => officeState },
        renderMetrics: () => metrics.render(),
      }),
      integratorFace({
        keys,
        documents,
        conversion,
        sessions,
        saves,
        usage,
        publicUrl: config.publicUrl,
        partialPermissions: { ...PARTIAL_DEFAULTS, ...config.partialPermissions },
        maxUploadBytes: config.maxUploadBytes,
        uploads,
        clock,
      }),
      dataApiFace({
        ...house,
        keys,
        tickets,
        maxUploadBytes: config.maxUploadBytes,
        uploads,
        clock,
        options: config.dataApi,
      }),
      operatorConsole.plugin,
      ...(config.signUp ? [signUpFace({ accounts, publicUrl: config.publicUrl })] : []),
      libraryFace.plugin,
      registerPages({
        webFolder: WEB_FOLDER,
        publicUrl: config.publicUrl,
        sessions,
        unlock: (sessionId, password) => documents.unlock(sessionId, password),
        sessionStore: storage.sessions,
        documentStore: storage.documents,
        keys: withHouseKey(storage.keys),
        content,
        toPdf: (docx) => office.fromDocx(docx, 'pdf'),
        versions,
        comparer: engine,
        clock,
        library: {
          accountOf: libraryFace.accountOf,
          enter: (account, documentId) => editing.enter(account, documentId),
          describePublic: async (documentId) => (await house.library.read(null, documentId)).entry,
        },
        playground: {
          apiKey: async () => {
            const key = await storage.keys.findByHash(hashApiKey(bootstrap.apiKey));
            return key?.revokedAt === null ? bootstrap.apiKey : null;
          },
          isOperator: operatorConsole.isOperator,
          receiver,
          version: VERSION,
          maxUploadBytes: config.maxUploadBytes,
        },
      }),
    ],
  });
  await app.register(roomRoutes(rooms));
  showGauges(metrics, {
    rooms: rooms.metrics,
    oldestUnsettledAt: () => storage.saves.oldestUnsettledAt(),
    stuckSaves: async () => (await stuckSaves(storage)).length,
    clock,
  });

  await app.listen({ host: config.host, port: config.port });
  rooms.attach(app.server);
  const address = app.server.address();
  const port = typeof address === 'object' && address ? address.port : config.port;
  origin = selfOrigin(config.host, port);
  await saves.start();
  await house.searchIndex.start();
  lifeCycle.start();

  return {
    url: `http://${config.host.includes(':') ? `[${config.host}]` : config.host}:${port}`,
    apiKey: bootstrap.apiKey,
    generatedPassword: bootstrap.generatedPassword,
    newSigningSecret: bootstrap.newSigningSecret,
    async close() {
      editing.stop();
      control.stop();
      await house.searchIndex.stop();
      await lifeCycle.stop();
      await rooms.close();
      await app.close();
      await saves.stop();
      await engine.close();
      office.close();
      await storage.close();
    },
  };
}

/** What there is of LibreOffice, for the log and for whoever asks whether the server is ready. */
function stateOf(search: ReturnType<typeof findOffice>): string {
  if (!search.found) return `missing: ${search.missing}; install by: ${search.install}`;
  const { sandboxLacks } = search.installation;
  return sandboxLacks === null ? 'sandboxed' : `without a sandbox: ${sandboxLacks}`;
}

/** Whether this node can take a lease, as it must to number anybody's operations. */
async function holdsLease(storage: Storage, owner: string, now: number): Promise<boolean> {
  return (await storage.leases.acquire(`readyz:${owner}`, owner, now, PROBE_LEASE_MS)) !== undefined;
}
