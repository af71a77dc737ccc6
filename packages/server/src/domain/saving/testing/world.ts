import { createHash } from 'node:crypto';
import type { SaveProgress } from '@officina/protocol';
import type { BlobStore } from '../../content/blob-store.js';
import type { DocumentContent } from '../../content/document-content.js';
import type { Document, DocumentStore } from '../../documents/document.js';
import type { ApiKey, ApiKeyStore } from '../../keys/api-key.js';
import type { Session, SessionStore } from '../../sessions/session.js';
import type { CallbackSettings } from '../callback-settings.js';
import { createSaves, type SavePipeline } from '../create-saves.js';
import type { Deliverer } from '../deliverer.js';
import type { Save } from '../save.js';
import type { SavesDeps } from '../save-deps.js';
import { createMemorySaveStore } from './memory-save-store.js';
import { VirtualTime } from './virtual-time.js';

const START = Date.UTC(2026, 0, 5, 9);
const ALL_PERMISSIONS = {
  'document.export': true,
  'document.print': true,
  'document.edit': true,
  'review.changes.resolve': true,
  'review.comment': true,
  'collab.chat': true,
  'document.pausecollaboration': true,
  'document.fill': true,
};

export function aTarget(change: Partial<CallbackSettings> = {}): CallbackSettings {
  return {
    saveUrl: 'https://app.example/save',
    format: 'docx',
    method: 'post',
    retries: 0,
    timeoutMs: 120_000,
    params: {},
    headers: {},
    ...change,
  };
}

export type Reaction = Partial<Omit<Awaited<ReturnType<Deliverer['deliver']>>, 'saveId' | 'number'>>;

/** Reactions of an application, by name. */
export const REACTIONS = {
  takes: { outcome: 'delivered', status: 200, answer: '' },
  refuses: { outcome: 'refused', status: 500, answer: 'boom' },
  isGone: { outcome: 'refused', status: 404, answer: 'no such page', canHeal: false },
  isAway: { outcome: 'unreachable', status: null, answer: 'connect ECONNREFUSED' },
} as const satisfies Record<string, Reaction>;

/** Everything around the save pipeline, in memory, with a clock that the test moves. */
export function createWorld(change: Partial<SavesDeps> = {}) {
  const time = new VirtualTime(START);
  const saves = createMemorySaveStore();
  const sessions = new Map<string, Session>();
  const documents = new Map<string, Document>();
  const heads = new Map<string, number>();
  const blobs = createMemoryBlobs();
  const key: ApiKey = {
    id: 'key-1',
    name: 'test',
    createdAt: START,
    revokedAt: null,
    allowedOrigins: [],
    egressAllow: [],
    monthlyCallLimit: null,
    savesOnLeave: true,
    saveIntervalMinutes: null,
    strictRetries: false,
    signingSecret: 'whsec_c2VjcmV0',
    formerSigningSecret: null,
    formerSigningUntil: null,
  };
  const received: {
    saveId: string;
    version: number;
    sha256: string;
    attempt: number;
    at: number;
    url: string;
  }[] = [];
  const steps: { sessionId: string; progress: SaveProgress }[] = [];
  const troubles: unknown[] = [];
  let react: (save: Save) => Reaction | Promise<Reaction> = () => REACTIONS.takes;
  let builds = 0;
  let ids = 0;

  const content: DocumentContent = {
    async headSequence(documentKey) {
      return heads.get(documentKey) ?? 0;
    },
    async build(documentKey, sequence) {
      builds += 1;
      const at = sequence ?? heads.get(documentKey) ?? 0;
      return { bytes: new TextEncoder().encode(`${documentKey} at ${at}`), sequence: at };
    },
    async openingSnapshot() {
      throw new Error('No replica joins here.');
    },
  };
  const deliverer: Deliverer = {
    async deliver(save) {
      const startedAt = time.clock();
      const number = save.attempts + 1;
      received.push({
        saveId: save.id,
        version: save.version,
        sha256: save.sha256 ?? '',
        attempt: number,
        at: startedAt,
        url: save.target.saveUrl,
      });
      const reaction = await react(save);
      return {
        saveId: save.id,
        number,
        startedAt,
        durationMs: time.clock() - startedAt,
        status: null,
        answer: '',
        outcome: 'delivered',
        message: null,
        retryAfterSeconds: null,
        canHeal: true,
        ...reaction,
      };
    },
  };
  const deps: SavesDeps = {
    saves,
    sessions: sessionStoreOf(sessions),
    documents: documentStoreOf(documents),
    keys: keyStoreOf(key),
    blobs,
    content,
    deliverer,
    clock: time.clock,
    scheduler: time,
    random: () => 0,
    newId: () => {
      ids += 1;
      return `delivery-${ids}`;
    },
    nodeId: 'node-1',
    isOnlyProcess: true,
    // Seldom, so that days pass quickly.
    limits: { pollMs: 60_000 },
    report: (trouble) => troubles.push(trouble),
    ...change,
  };

  return {
    time,
    store: saves,
    blobs,
    key,
    deps,
    received,
    steps,
    troubles,
    heads,
    documents,
    sessions,
    builds: () => builds,
    /** What the application does with every delivery from now on. */
    reactWith(reaction: Reaction | ((save: Save) => Reaction | Promise<Reaction>)) {
      react = typeof reaction === 'function' ? reaction : () => reaction;
    },
    addDocument(documentKey: string, documentId = documentKey): Document {
      const document: Document = {
        key: documentKey,
        face: 'writer',
        kind: 'document',
        apiKeyId: key.id,
        documentId,
        name: 'Letter',
        locked: false,
        settingsAtUnlock: null,
        purgeAt: null,
        createdAt: time.clock(),
        expiresAt: time.clock() + 3_600_000_000,
        state: 'living',
        endedAt: null,
        importedSha256: null,
        originalBlob: 'original',
        baseBlob: 'base',
        deliveredSequence: 0,
      };
      documents.set(documentKey, document);
      heads.set(documentKey, 1);
      return document;
    },
    addSession(id: string, documentKey: string, callback: CallbackSettings | null): Session {
      const session: Session = {
        id,
        apiKeyId: key.id,
        documentKey,
        documentId: documents.get(documentKey)?.documentId ?? documentKey,
        mode: 'edit',
        user: { userId: `user of ${id}`, displayName: id },
        permissions: ALL_PERMISSIONS,
        callback,
        interfaceLanguage: 'en',
        unit: 'in',
        view: 'pageview',
        ui: { saveButton: true, chatPanel: false, fileMenu: true, darkMode: false },
        createdAt: time.clock(),
        expiresAt: time.clock() + 3_600_000_000,
        expiresAtMost: time.clock() + 3_600_000_000,
        openedAt: null,
        state: 'living',
        endedAt: null,
      };
      sessions.set(id, session);
      return session;
    },
    edit(documentKey: string): void {
      heads.set(documentKey, (heads.get(documentKey) ?? 0) + 1);
    },
    /** A pipeline on this world, delivering. */
    async start(more: Partial<SavesDeps> = {}): Promise<SavePipeline> {
      const pipeline = createSaves({ ...deps, ...more });
      pipeline.onProgress((_documentKey, sessionId, progress) => steps.push({ sessionId, progress }));
      await pipeline.start();
      return pipeline;
    },
    /** State, attempts and message of every save, by id. */
    async ledger(): Promise<Record<string, Pick<Save, 'state' | 'attempts' | 'message'>>> {
      const rows = await saves.list({ limit: Number.MAX_SAFE_INTEGER });
      return Object.fromEntries(
        rows.map(({ id, state, attempts, message }) => [id, { state, attempts, message }]),
      );
    },
  };
}

export type World = ReturnType<typeof createWorld>;

export function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

export function createMemoryBlobs(): BlobStore {
  const files = new Map<string, Uint8Array>();
  return {
    async put(bytes) {
      const sha256 = sha256Of(bytes);
      files.set(sha256, bytes);
      return { sha256, size: bytes.length };
    },
    async get(sha256) {
      return files.get(sha256);
    },
    async has(sha256) {
      return files.has(sha256);
    },
    async remove(sha256) {
      files.delete(sha256);
    },
    async *list() {
      yield* files.keys();
    },
  };
}

const notUsed = (): never => {
  throw new Error('The save pipeline does not do this.');
};

function sessionStoreOf(sessions: Map<string, Session>): SessionStore {
  return {
    find: async (id) => sessions.get(id),
    listLiving: async (documentKey) =>
      [...sessions.values()].filter(
        (session) => session.documentKey === documentKey && session.state === 'living',
      ),
    summarizeLiving: notUsed,
    add: notUsed,
    update: notUsed,
    endAll: notUsed,
    listExpired: notUsed,
    purgeEnded: notUsed,
  };
}

function documentStoreOf(documents: Map<string, Document>): DocumentStore {
  return {
    find: async (documentKey) => documents.get(documentKey),
    findById: async (apiKeyId, documentId) =>
      [...documents.values()]
        .filter((document) => document.apiKeyId === apiKeyId && document.documentId === documentId)
        .at(-1),
    update: async (documentKey, change) => {
      const document = documents.get(documentKey);
      if (document) documents.set(documentKey, { ...document, ...change });
    },
    add: notUsed,
    replace: notUsed,
    listExpired: notUsed,
    listPurgeable: notUsed,
    remove: notUsed,
  };
}

function keyStoreOf(key: ApiKey): ApiKeyStore {
  return {
    find: async (id) => (id === key.id ? key : undefined),
    findByHash: notUsed,
    list: notUsed,
    add: notUsed,
    update: notUsed,
  };
}

/** A world with a document that `ann` edits, and that is saved to `target`. */
export function aWorldWithSession(target = aTarget()) {
  const world = createWorld();
  world.addDocument('doc');
  world.addSession('ann', 'doc', target);
  return world;
}
