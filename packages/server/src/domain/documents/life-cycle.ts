import type { AttachmentStore } from '../content/attachments.js';
import type { OperationLog } from '../log/operation-log.js';
import type { Save, SaveStore } from '../saving/save.js';
import type { Saves } from '../saving/saves.js';
import type { RoomControl, Session, SessionStore } from '../sessions/session.js';
import { REMEMBER_EXPIRED_MS, type SessionLimits } from '../sessions/session-times.js';
import type { Clock, Scheduler } from '../time.js';
import type { BlobKeeper } from './blob-keeper.js';
import type { Document, DocumentKey, DocumentStore } from './document.js';
import { type EditsDeps, hasUndeliveredEdits } from './edits.js';

export interface LifeCycleDeps extends EditsDeps {
  documents: DocumentStore;
  sessions: SessionStore;
  rooms: RoomControl;
  saves: Pick<Saves, 'status' | 'requestForAllTargets'>;
  saveStore: Pick<SaveStore, 'listForDocument'>;
  log: Pick<OperationLog, 'forgetSnapshots' | 'remove'>;
  attachments: Pick<AttachmentStore, 'removeAll'>;
  blobs: BlobKeeper;
  clock: Clock;
  scheduler: Scheduler;
  limits: SessionLimits;
  /** How long undelivered edits of an ended document are kept; 0 removes them at once. */
  recoveryMs: number;
  /** Hears of a document or session that could not be ended now; the next sweep tries again. */
  report(error: unknown, subject: { documentKey: DocumentKey }): void;
  /** Hears that a session ended by time. */
  onSessionEnd?(session: Session): void;
}

const BATCH = 200;
/** A sweep comes round often enough that nothing outlives its time by more than this, or a hundredth of a life. */
const SWEEP_MS = 10_000;
const SHORTEST_SWEEP_MS = 250;
/** How long to wait for a save that is still to be built from content that could otherwise go. */
const RETRY_PURGE_MS = 60_000;

/** Ends sessions and documents when their time is over, and removes content for good. */
export class LifeCycle {
  readonly #deps: LifeCycleDeps;
  #cancel: () => void = () => {};
  #sweeping: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor(deps: LifeCycleDeps) {
    this.#deps = deps;
  }

  /** Sweeps now and then again, until `stop`. Resolves when the first sweep has ended. */
  start(): Promise<void> {
    this.#sweeping = this.expireDue().then(() => {
      if (this.#stopped) return;
      const interval = Math.max(SHORTEST_SWEEP_MS, Math.min(SWEEP_MS, this.#deps.limits.sessionMs / 100));
      this.#cancel = this.#deps.scheduler.schedule(this.#deps.clock() + interval, () => void this.start());
    });
    return this.#sweeping;
  }

  /** Resolves when the sweep under way has ended. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancel();
    await this.#sweeping;
  }

  /** One sweep: sessions, then documents, then content. */
  async expireDue(): Promise<void> {
    const now = this.#deps.clock();
    await this.#expireSessions(now);
    await this.#expireDocuments(now);
    await this.#purgeDocuments(now);
    await this.#guarded('', async () => {
      await this.#deps.sessions.purgeEnded(now - REMEMBER_EXPIRED_MS);
    });
  }

  async #expireSessions(now: number): Promise<void> {
    await inBatches(
      () => this.#deps.sessions.listExpired(now, BATCH),
      (session) => session.id,
      (session) =>
        this.#guarded(session.documentKey, async () => {
          // First no more edits, then the save of all of them, while the session's target still counts.
          this.#deps.rooms.endSession(session, 'session_expired');
          if (await hasUndeliveredEdits(this.#deps, session.documentKey)) {
            await this.#deps.saves.requestForAllTargets(session.documentKey, 'expiry');
          }
          await this.#deps.sessions.update(session.id, { state: 'expired', endedAt: session.expiresAt });
          this.#deps.onSessionEnd?.(session);
        }),
    );
  }

  async #expireDocuments(now: number): Promise<void> {
    await inBatches(
      () => this.#deps.documents.listExpired(now, BATCH),
      (document) => document.key,
      (document) => this.#guarded(document.key, () => this.#expireDocument(document, now)),
    );
  }

  async #expireDocument(document: Document, now: number): Promise<void> {
    const living = await this.#deps.sessions.listLiving(document.key);
    const expiresAt = Math.max(0, ...living.map((session) => session.expiresAt));
    if (expiresAt > now) return this.#deps.documents.update(document.key, { expiresAt });
    // A session that could not be ended above keeps its document until it can.
    if (living.length > 0) return;
    await this.#deps.documents.update(document.key, {
      state: 'expired',
      endedAt: document.expiresAt,
      purgeAt: now,
    });
  }

  async #purgeDocuments(now: number): Promise<void> {
    await inBatches(
      () => this.#deps.documents.listPurgeable(now, BATCH),
      (document) => document.key,
      (document) => this.#guarded(document.key, () => this.#purge(document, now)),
    );
  }

  /** Removes the content, or says when to look again: unbuilt saves and undelivered edits need it. */
  async #purge(document: Document, now: number): Promise<void> {
    const waitUntil = await this.#neededUntil(document, now);
    if (waitUntil > now) return this.#deps.documents.update(document.key, { purgeAt: waitUntil });
    const snapshots = await this.#deps.log.forgetSnapshots(document.key, 'all');
    const attachments = await this.#deps.attachments.removeAll(document.key);
    await this.#deps.log.remove(document.key);
    await this.#deps.documents.update(document.key, { purgeAt: null });
    const blobs = new Set([document.originalBlob, document.baseBlob, ...snapshots, ...attachments]);
    for (const blob of blobs) await this.#deps.blobs.release(blob);
  }

  async #neededUntil(document: Document, now: number): Promise<number> {
    const saves = await this.#deps.saveStore.listForDocument(document.key);
    if (saves.some((save) => save.state === 'accepted')) return now + RETRY_PURGE_MS;
    if (!(await hasUndeliveredEdits(this.#deps, document.key))) return now;
    if (await this.#areKept(document, saves)) return now;
    return (document.endedAt ?? now) + this.#deps.recoveryMs;
  }

  /** Whether a built save, wherever it stands in the ledger, holds every edit. */
  async #areKept(document: Document, saves: readonly Save[]): Promise<boolean> {
    const head = await this.#deps.content.headSequence(document.key);
    return saves.some((save) => save.blob !== null && save.sequence >= head);
  }

  async #guarded(documentKey: DocumentKey, task: () => Promise<void>): Promise<void> {
    try {
      await task();
    } catch (error) {
      this.#deps.report(error, { documentKey });
    }
  }
}

/** Goes through lists of what is due until one brings nothing new: what failed stays due and is met once a sweep. */
async function inBatches<T>(
  list: () => Promise<readonly T[]>,
  nameOf: (entry: T) => string,
  work: (entry: T) => Promise<void>,
): Promise<void> {
  const seen = new Set<string>();
  for (;;) {
    const fresh = (await list()).filter((entry) => !seen.has(nameOf(entry)));
    if (fresh.length === 0) return;
    for (const entry of fresh) {
      seen.add(nameOf(entry));
      await work(entry);
    }
  }
}
