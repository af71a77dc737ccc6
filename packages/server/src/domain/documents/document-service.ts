import { AppError } from '@officina/protocol';
import type { DocumentContent } from '../content/document-content.js';
import type { DocumentEngine, ImportSettings } from '../content/document-engine.js';
import type { ApiKey } from '../keys/api-key.js';
import type { Saves } from '../saving/saves.js';
import type { Presence, RoomControl, Session, SessionStore } from '../sessions/session.js';
import { firstTimes, type SessionLimits, standingOf } from '../sessions/session-times.js';
import type { Clock } from '../time.js';
import type { Usage } from '../usage/usage.js';
import { BlankDocuments } from './blank-documents.js';
import type { BlobKeeper } from './blob-keeper.js';
import type { ConflictLedger } from './conflict-ledger.js';
import type { Document, DocumentKind, DocumentStore } from './document.js';
import { hasUndeliveredEdits, readEdits } from './edits.js';
import type { FileImport, ReceivedFile } from './file-import.js';
import { type FirstState, FirstStates } from './first-state.js';
import { KeyedLock } from './keyed-lock.js';
import type { EditingWish, OpenedDocument, Outcome, ReadingWish, SessionWish } from './opening.js';
import { decideOpening, type Former, type Offer } from './reopening.js';
import { requireTarget, type TargetCheckDeps } from './target-check.js';

export interface DocumentServiceDeps extends TargetCheckDeps {
  documents: DocumentStore;
  sessions: SessionStore;
  presence: Presence;
  rooms: RoomControl;
  content: Pick<DocumentContent, 'headSequence'>;
  saves: Pick<Saves, 'status'>;
  engine: Pick<DocumentEngine, 'blank' | 'import'>;
  files: FileImport;
  blobs: BlobKeeper;
  conflicts: ConflictLedger;
  usage: Usage;
  clock: Clock;
  limits: SessionLimits;
  /** So many random bytes in lower-case hex. */
  randomHex(bytes: number): string;
}

/** Bytes of randomness in ids. A session's id is the only thing that guards its page. */
const SESSION_ID_BYTES = 32;
const DOCUMENT_ID_BYTES = 16;
const GUEST_ID_BYTES = 8;

/** More servers than this do not begin a life of one id within one call. */
const ATTEMPTS = 5;

const DEFAULT_NAME = 'Untitled';

/** How documents begin, are joined, begin again and are deleted. Rules: docs/spec/sessions.md. */
export class DocumentService {
  readonly #deps: DocumentServiceDeps;
  readonly #blanks: BlankDocuments;
  readonly #states: FirstStates;
  /** Two posts of one id, or a post and a deletion, must not cross. */
  readonly #lock = new KeyedLock();

  constructor(deps: DocumentServiceDeps) {
    this.#deps = deps;
    this.#blanks = new BlankDocuments(deps.engine);
    this.#states = new FirstStates(deps.blobs);
  }

  /** Create, edit and co-edit: one call with three meanings, told apart by what it carries. */
  async open(wish: EditingWish): Promise<OpenedDocument> {
    await this.#deps.usage.admit(wish.apiKey);
    await requireTarget(this.#deps, wish);
    const { documentId } = wish;
    if (documentId === null) return this.#begin(wish, this.#randomDocumentId(), null);
    return this.#lock.run(lockName(wish.apiKey.id, documentId), () => this.#reopen(wish, documentId));
  }

  /** Opens a file for reading, as a document of its own. */
  async preview(wish: ReadingWish): Promise<OpenedDocument> {
    await this.#deps.usage.admit(wish.apiKey);
    const file = await this.#deps.files.receive(wish.source, wish.apiKey.egressAllow);
    const state = await this.#states.store(await this.#deps.files.import(file, LEAVE_ALONE));
    const read = { ...wish, kind: 'document' as const, settings: LEAVE_ALONE };
    const document = this.#makeDocument(read, this.#randomDocumentId(), state, null);
    const opened = await this.#addLife(wish, document, state, 'preview');
    return { ...opened, outcome: 'created', warnings: state.warnings };
  }

  /**
   * Ends the document and all its sessions. Accepted saves still go out; undelivered edits stay for the recovery time.
   * Refuses by AppError: document_unknown.
   */
  async remove(apiKeyId: string, documentId: string): Promise<void> {
    await this.#lock.run(lockName(apiKeyId, documentId), async () => {
      const now = this.#deps.clock();
      const document = await this.#deps.documents.findById(apiKeyId, documentId);
      if (!document || !isLiving(document, now)) throw new AppError('document_unknown');
      await this.#deps.documents.update(document.key, { state: 'deleted', endedAt: now, purgeAt: now });
      const ended = await this.#deps.sessions.endAll(document.key, 'deleted', now);
      for (const session of ended) this.#deps.rooms.endSession(session, 'document_deleted');
    });
  }

  /**
   * Opens a protected document with its password; nothing happens when it is open already. Refuses by AppError:
   * session_unknown, session_expired, password_wrong.
   */
  async unlock(sessionId: string, password: string): Promise<void> {
    const session = await this.#deps.sessions.find(sessionId);
    const standing = session ? standingOf(session, this.#deps.clock()) : 'unknown';
    if (!session || standing === 'unknown') throw new AppError('session_unknown');
    if (standing === 'expired') throw new AppError('session_expired');
    await this.#lock.run(lockName(session.apiKeyId, session.documentId), async () => {
      const document = await this.#deps.documents.find(session.documentKey);
      if (!document?.locked) return;
      const bytes = await this.#deps.blobs.get(document.originalBlob);
      const imported = await this.#importProtected(bytes, password, document.settingsAtUnlock);
      const state = await this.#states.store({ ...imported, sha256: document.importedSha256, locked: false });
      await this.#deps.documents.update(document.key, {
        originalBlob: state.original.blob,
        baseBlob: state.base.blob,
        locked: false,
        settingsAtUnlock: null,
      });
      await this.#states.confirm(state);
      await this.#deps.blobs.release(document.originalBlob);
    });
  }

  /**
   * Joins or begins a life of an id that the caller chose. Runs under the id's lock, which binds this process only: when
   * a server beside it has begun or ended a life meanwhile, what was found is looked at again.
   */
  async #reopen(wish: EditingWish, documentId: string): Promise<OpenedDocument> {
    for (let attempt = 1; ; attempt += 1) {
      const found = await this.#deps.documents.findById(wish.apiKey.id, documentId);
      try {
        return await this.#reopenFrom(wish, documentId, found);
      } catch (error) {
        if (error instanceof AppError || attempt === ATTEMPTS) throw error;
        const latest = await this.#deps.documents.findById(wish.apiKey.id, documentId);
        if (latest?.key === found?.key && latest?.state === found?.state) throw error;
      }
    }
  }

  async #reopenFrom(
    wish: EditingWish,
    documentId: string,
    found: Document | undefined,
  ): Promise<OpenedDocument> {
    const offer = wish.source ? 'other' : 'nothing';
    const former = await this.#readFormer(found, offer);
    if (!found || former.state !== 'living' || former.isConnected || !wish.source) {
      const opening = decideOpening(former, offer);
      if (opening === 'gone') throw goneError(documentId);
      if (opening === 'join' && found) return this.#join(wish, found, 'joined');
      return this.#begin(wish, documentId, found ?? null);
    }
    return this.#reopenWithFile(
      wish,
      found,
      await this.#deps.files.receive(wish.source, wish.apiKey.egressAllow),
    );
  }

  async #reopenWithFile(wish: EditingWish, found: Document, file: ReceivedFile): Promise<OpenedDocument> {
    const offer: Offer = file.sha256 === found.importedSha256 ? 'same' : 'other';
    const opening = decideOpening(await this.#readFormer(found, offer), offer);
    if (opening === 'join') return this.#join(wish, found, 'joined');
    if (opening === 'same') return this.#join(wish, found, 'reimported');

    const state = await this.#states.store(await this.#deps.files.import(file, wish.settings));
    // The import took its time: somebody may have come meanwhile, and people go before files.
    const latest = await this.#readFormer(await this.#deps.documents.find(found.key), offer);
    if (latest.state === 'living' && latest.isConnected) {
      await this.#states.release(state);
      return this.#join(wish, found, 'joined');
    }
    if (latest.state !== 'living') return this.#finishLife(wish, found.documentId, state, found);
    return this.#replace(wish, found, state);
  }

  /** A life that follows no living one. */
  async #begin(wish: EditingWish, documentId: string, former: Document | null): Promise<OpenedDocument> {
    await this.#endOverdue(former);
    const state = await this.#firstState(wish);
    return this.#finishLife(wish, documentId, state, former);
  }

  async #finishLife(
    wish: EditingWish,
    documentId: string,
    state: FirstState,
    former: Document | null,
  ): Promise<OpenedDocument> {
    const document = this.#makeDocument(wish, documentId, state, former);
    const opened = await this.#addLife(wish, document, state, 'edit');
    return { ...opened, outcome: former ? 'reimported' : 'created', warnings: state.warnings };
  }

  async #firstState(wish: EditingWish): Promise<FirstState> {
    if (!wish.source) {
      const blank = await this.#blanks.get(wish.defaults);
      return this.#states.store({ ...blank, sha256: null, locked: false }, 'common');
    }
    const file = await this.#deps.files.receive(wish.source, wish.apiKey.egressAllow);
    return this.#states.store(await this.#deps.files.import(file, wish.settings));
  }

  async #join(wish: EditingWish, document: Document, outcome: Outcome): Promise<OpenedDocument> {
    const session = this.#makeSession(wish.session, document, 'edit');
    await this.#addSession(wish, session);
    const expiresAt = Math.max(document.expiresAt, session.expiresAt);
    return { document: { ...document, expiresAt }, session, outcome, warnings: [] };
  }

  async #replace(wish: EditingWish, former: Document, state: FirstState): Promise<OpenedDocument> {
    const now = this.#deps.clock();
    const sessions = await this.#deps.sessions.listLiving(former.key);
    const moving = sessions.filter((session) => session.openedAt === null);
    const document = this.#makeDocument(wish, former.documentId, state, former);
    document.expiresAt = Math.max(document.expiresAt, ...moving.map((session) => session.expiresAt));
    const endedIds = await this.#states.releasing(state, () =>
      this.#deps.documents.replace(former.key, document, { at: now, purgeAt: now }),
    );
    await this.#states.confirm(state);
    for (const session of sessions) {
      if (endedIds.includes(session.id)) this.#deps.rooms.endSession(session, 'session_expired');
    }
    // Asked after the end of the former life: an edit that came in at the last moment counts.
    const isConflict = await hasUndeliveredEdits(this.#deps, former.key);
    if (isConflict) await this.#deps.conflicts.keep(former, sessions);
    const session = this.#makeSession(wish.session, document, 'edit');
    await this.#addSession(wish, session);
    return { document, session, outcome: isConflict ? 'conflict' : 'reimported', warnings: state.warnings };
  }

  async #addLife(
    wish: { apiKey: ApiKey; session: SessionWish },
    document: Document,
    state: FirstState,
    mode: Session['mode'],
  ): Promise<{ document: Document; session: Session }> {
    const session = this.#makeSession(wish.session, document, mode);
    await this.#states.releasing(state, () =>
      this.#deps.usage.counting(wish.apiKey, (call) => this.#deps.documents.add(document, session, call)),
    );
    await this.#states.confirm(state);
    return { document, session };
  }

  /** A session of a document that is there already. */
  async #addSession(wish: EditingWish, session: Session): Promise<void> {
    await this.#deps.usage.counting(wish.apiKey, (call) => this.#deps.sessions.add(session, call));
  }

  async #readFormer(document: Document | undefined, offer: Offer): Promise<Former> {
    if (!document) return { state: 'never' };
    if (!isLiving(document, this.#deps.clock())) return { state: 'ended' };
    const isConnected = this.#deps.presence.activeSessions(document.key).size > 0;
    // Edits do not count when people are there or no file is sent, and asking for them costs queries.
    if (isConnected || offer === 'nothing') return { state: 'living', isConnected, edits: 'undelivered' };
    return { state: 'living', isConnected, edits: await readEdits(this.#deps, document.key) };
  }

  /** A life whose time is over but which the sweep has not ended yet is in the way of the next one. */
  async #endOverdue(former: Document | null): Promise<void> {
    if (former?.state !== 'living') return;
    const now = this.#deps.clock();
    await this.#deps.documents.update(former.key, { state: 'expired', endedAt: now, purgeAt: now });
    const ended = await this.#deps.sessions.endAll(former.key, 'expired', now);
    for (const session of ended) this.#deps.rooms.endSession(session, 'session_expired');
    if (await hasUndeliveredEdits(this.#deps, former.key)) await this.#deps.conflicts.keep(former, ended);
  }

  async #importProtected(bytes: Uint8Array, password: string, settings: ImportSettings | null) {
    try {
      return await this.#deps.engine.import(bytes, {
        ...{ fileName: null, password },
        ...(settings && { settings }),
      });
    } catch (error) {
      if (error instanceof AppError && error.code === 'password_required')
        throw new AppError('password_wrong');
      throw error;
    }
  }

  #makeDocument(
    wish: { apiKey: ApiKey; kind: DocumentKind; name: string | null; settings: ImportSettings },
    documentId: string,
    state: FirstState,
    former: Document | null,
  ): Document {
    const { createdAt, expiresAt } = firstTimes(this.#deps.clock(), this.#deps.limits);
    return {
      key: this.#deps.randomHex(DOCUMENT_ID_BYTES),
      face: 'writer',
      kind: wish.kind,
      apiKeyId: wish.apiKey.id,
      documentId,
      name: wish.name ?? former?.name ?? DEFAULT_NAME,
      locked: state.locked,
      settingsAtUnlock: state.locked ? wish.settings : null,
      createdAt,
      expiresAt,
      state: 'living',
      endedAt: null,
      purgeAt: null,
      importedSha256: state.sha256,
      originalBlob: state.original.blob,
      baseBlob: state.base.blob,
      deliveredSequence: 0,
    };
  }

  #makeSession(wish: SessionWish, document: Document, mode: Session['mode']): Session {
    const { userId, displayName, ...rest } = wish;
    return {
      id: this.#deps.randomHex(SESSION_ID_BYTES),
      apiKeyId: document.apiKeyId,
      documentKey: document.key,
      documentId: document.documentId,
      mode,
      user: { userId: userId ?? `guest-${this.#deps.randomHex(GUEST_ID_BYTES)}`, displayName },
      ...rest,
      ...firstTimes(this.#deps.clock(), this.#deps.limits),
      openedAt: null,
      state: 'living',
      endedAt: null,
    };
  }

  #randomDocumentId(): string {
    return this.#deps.randomHex(DOCUMENT_ID_BYTES);
  }
}

const LEAVE_ALONE: ImportSettings = { trackChanges: null, language: null };

function isLiving(document: Document, now: number): boolean {
  return document.state === 'living' && document.expiresAt > now;
}

function lockName(apiKeyId: string, documentId: string): string {
  return `${apiKeyId}\n${documentId}`;
}

function goneError(documentId: string): AppError {
  return new AppError(
    'document_unknown',
    `The content of document "${documentId}" is gone. Send its file along to go on with it.`,
    { blame: { parameter: 'document_info', key: 'document_id' } },
  );
}
