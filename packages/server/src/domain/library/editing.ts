import { AppError, PERMISSION_KEYS, type Permissions, permissionsOnly } from '@officina/protocol';
import type { Account } from '../accounts/account.js';
import type { BlobStore } from '../content/blob-store.js';
import { PLAIN_BLANK } from '../content/plain-blank.js';
import type { Document, DocumentStore } from '../documents/document.js';
import type { DocumentService } from '../documents/document-service.js';
import { KeyedLock } from '../documents/keyed-lock.js';
import type { Source } from '../documents/opening.js';
import type { SaveStore } from '../saving/save.js';
import type { Presence, RoomControl, Session, SessionStore } from '../sessions/session.js';
import { judge } from '../sharing/policy.js';
import type { Clock, Scheduler } from '../time.js';
import { Access, roleOf, situationOf } from './access.js';
import type { LibraryChange, LibraryChanges } from './changes.js';
import { HOUSE_KEY, houseTarget } from './house-key.js';
import type { LibraryEntry, Version } from './library-document.js';
import type { LibraryStore } from './library-store.js';

export interface EditingDeps {
  library: Pick<LibraryStore, 'find' | 'findVersion'>;
  changes: LibraryChanges;
  documents: Pick<DocumentStore, 'findById' | 'update'>;
  documentService: Pick<DocumentService, 'open' | 'remove'>;
  sessions: Pick<SessionStore, 'listLiving' | 'update'>;
  saves: Pick<SaveStore, 'listForDocument'>;
  blobs: Pick<BlobStore, 'get'>;
  rooms: RoomControl;
  presence: Presence;
  clock: Clock;
  scheduler: Scheduler;
  /** Hears what could not be done in an open room. */
  report(error: unknown, subject: { documentId: string }): void;
}

/** How somebody comes to a document: into its room, or, when only the public may read it, to the page that shows it. */
export type Entrance = { to: 'room'; session: Session; document: Document } | { to: 'public_page' };

const READING = permissionsOnly('document.export', 'document.print');
const WRITING = permissionsOnly(...PERMISSION_KEYS);

/**
 * The second door to sessions and rooms: documents of the library are opened through them as those of applications are,
 * and what changes in the library takes effect in the open room. Rules: docs/spec/library.md.
 */
export class Editing {
  readonly #deps: EditingDeps;
  readonly #access: Access;
  /** Two openings of one document, or an opening and a change, must not cross. */
  readonly #lock = new KeyedLock();
  /** By document, when somebody's lock runs out while others are there. */
  readonly #unlocking = new Map<string, () => void>();
  readonly #stopListening: () => void;

  constructor(deps: EditingDeps) {
    this.#deps = deps;
    this.#access = new Access(deps);
    const reported = ({ documentId }: LibraryChange, task: Promise<void>) =>
      void task.catch((error: unknown) => deps.report(error, { documentId }));
    this.#stopListening = deps.changes.listen({
      onChange: (change) => reported(change, this.#follow(change)),
      onFarChange: (change) => reported(change, this.#followFar(change)),
    });
  }

  stop(): void {
    this.#stopListening();
    for (const cancel of this.#unlocking.values()) cancel();
  }

  /**
   * A session of the person's own, the same one while it lives. Refuses by AppError: document_unknown,
   * permission_denied, and what the engine refuses.
   */
  async enter(account: Account, documentId: string): Promise<Entrance> {
    return await this.#lock.run(documentId, async () => {
      const entry = await this.#access.require(account.id, documentId, 'read');
      if (roleOf(entry, account.id) === 'visitor') return { to: 'public_page' };
      const life = await this.#findLife(documentId);
      const isCurrent = life !== undefined && (await this.#standsOn(life, entry));
      const own = isCurrent ? await this.#findOwnSession(life, account.id) : undefined;
      const permissions = permissionsOf(entry, account.id, this.#deps.clock()) ?? READING;
      this.#awaitUnlocking(entry);
      if (life && own) {
        return { to: 'room', session: await this.#permit(own, permissions), document: life };
      }
      const source = isCurrent ? null : await this.#readNewest(entry);
      return { to: 'room', ...(await this.#open(account, entry, permissions, source)) };
    });
  }

  /** Refuses by AppError: conflict, while somebody has the document open: their next save would undo it. */
  async requireEmpty(documentId: string): Promise<void> {
    const life = await this.#lock.run(documentId, () => this.#findLife(documentId));
    if (!life || this.#deps.presence.activeSessions(life.key).size === 0) return;
    throw new AppError('conflict', 'People have the document open now. Go back to the version there.');
  }

  async #open(
    account: Account,
    { document: { id, name } }: LibraryEntry,
    permissions: Permissions,
    source: Source | null,
  ): Promise<{ session: Session; document: Document }> {
    return await this.#deps.documentService.open({
      apiKey: HOUSE_KEY,
      kind: 'document',
      documentId: id,
      name,
      source,
      // Asked for by every opening, and of no meaning where there is always a file.
      defaults: PLAIN_BLANK,
      settings: { trackChanges: null, language: null },
      session: {
        userId: account.id,
        displayName: account.displayName,
        permissions,
        callback: houseTarget(id),
        interfaceLanguage: 'en',
        unit: 'mm',
        view: 'pageview',
        ui: { saveButton: true, chatPanel: true, fileMenu: true, darkMode: true },
      },
    });
  }

  async #findLife(documentId: string): Promise<Document | undefined> {
    const life = await this.#deps.documents.findById(HOUSE_KEY.id, documentId);
    return life?.state === 'living' && life.expiresAt > this.#deps.clock() ? life : undefined;
  }

  async #findOwnSession(life: Document, accountId: string): Promise<Session | undefined> {
    const now = this.#deps.clock();
    const living = await this.#deps.sessions.listLiving(life.key);
    return living.findLast(({ user, expiresAt }) => user.userId === accountId && expiresAt > now);
  }

  /** Whether the life goes on from the newest version: it was imported from it, or has saved it. */
  async #standsOn(life: Document, entry: LibraryEntry): Promise<boolean> {
    const { blob } = await this.#newestVersion(entry);
    if (life.importedSha256 === blob) return true;
    const saves = await this.#deps.saves.listForDocument(life.key);
    return saves.some(({ state, sha256 }) => state === 'delivered' && sha256 === blob);
  }

  async #readNewest(entry: LibraryEntry): Promise<Source> {
    const { blob } = await this.#newestVersion(entry);
    const bytes = await this.#deps.blobs.get(blob);
    if (!bytes) throw new Error(`The blob ${blob} of document ${entry.document.id} is missing.`);
    return { from: 'upload', bytes, fileName: null, sha256: blob };
  }

  async #newestVersion({ document: { id, version } }: LibraryEntry): Promise<Version> {
    const newest = await this.#deps.library.findVersion(id, version);
    if (!newest) throw new Error(`Version ${version} of document ${id} is missing.`);
    return newest;
  }

  async #follow({ documentId, what }: LibraryChange): Promise<void> {
    await this.#lock.run(documentId, async () => {
      const life = await this.#findLife(documentId);
      if (!life) return;
      if (what === 'removed') return await this.#deps.documentService.remove(HOUSE_KEY.id, documentId);
      if (what === 'access') return await this.#judgeAll(life, documentId);
      if (what !== 'name') return;
      const entry = await this.#deps.library.find(documentId, null);
      if (entry) await this.#deps.documents.update(life.key, { name: entry.document.name });
    });
  }

  /** The other server has judged already. The time of a lock is awaited here too, for that server may be gone by then. */
  async #followFar({ documentId, what }: LibraryChange): Promise<void> {
    if (what !== 'access') return;
    const entry = await this.#deps.library.find(documentId, null);
    if (entry && (await this.#findLife(documentId))) this.#awaitUnlocking(entry);
  }

  /** Gives everybody in the room the rights that they have now, and ends the sessions of those who have none. */
  async #judgeAll(life: Document, documentId: string): Promise<void> {
    for (const session of await this.#deps.sessions.listLiving(life.key)) {
      const entry = await this.#deps.library.find(documentId, session.user.userId);
      const permissions = entry && permissionsOf(entry, session.user.userId, this.#deps.clock());
      if (permissions) await this.#permit(session, permissions);
      else await this.#end(session);
      if (entry) this.#awaitUnlocking(entry);
    }
  }

  async #permit(session: Session, permissions: Permissions): Promise<Session> {
    if (session.permissions['document.edit'] === permissions['document.edit']) return session;
    await this.#deps.sessions.update(session.id, { permissions });
    const changed = { ...session, permissions };
    this.#deps.rooms.tellPermissions(changed);
    return changed;
  }

  async #end(session: Session): Promise<void> {
    await this.#deps.sessions.update(session.id, { state: 'deleted', endedAt: this.#deps.clock() });
    this.#deps.rooms.endSession(session, 'access_withdrawn');
  }

  /** A lock that nobody renews or gives up ends by itself, and so must what it kept others from. */
  #awaitUnlocking({ document: { id, ownerId, lock } }: LibraryEntry): void {
    this.#unlocking.get(id)?.();
    this.#unlocking.delete(id);
    if (lock === null || lock.until <= this.#deps.clock()) return;
    const cancel = this.#deps.scheduler.schedule(lock.until, () => {
      this.#unlocking.delete(id);
      this.#deps.changes.tell({ id, ownerId }, 'access');
    });
    this.#unlocking.set(id, cancel);
  }
}

/** Undefined for somebody who may not read the document. */
function permissionsOf(entry: LibraryEntry, accountId: string, now: number): Permissions | undefined {
  const situation = situationOf(entry, accountId, now);
  if (situation.role !== 'visitor' && judge('save', situation) === 'allowed') return WRITING;
  return situation.role !== 'visitor' && judge('read', situation) === 'allowed' ? READING : undefined;
}
