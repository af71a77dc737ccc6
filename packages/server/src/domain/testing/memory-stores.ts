import type { BlobReferences } from '../content/blob-references.js';
import type { Document, DocumentKey, DocumentStore } from '../documents/document.js';
import type { ApiKey, ApiKeyStore } from '../keys/api-key.js';
import type { Save, SaveStore } from '../saving/save.js';
import type { Session, SessionStore, SessionSummary } from '../sessions/session.js';
import type { CountedCall, UsageStore } from '../usage/usage-store.js';

/** The tables behind the memory stores; a "restart" in a test keeps them and makes everything else anew. */
export class MemoryTables {
  readonly documents = new Map<DocumentKey, Document & { life: number }>();
  readonly sessions = new Map<string, Session & { order: number }>();
  readonly keys = new Map<string, { key: ApiKey; secretHash: string }>();
  readonly usage = new Map<string, number>();
  readonly saves = new Map<string, Save>();
  /** Blobs that snapshots of logs name. */
  readonly snapshotBlobs = new Set<string>();
  #count = 0;

  next(): number {
    this.#count += 1;
    return this.#count;
  }

  /** Counts a call, and returns the month's new count. */
  count(call: CountedCall | undefined): number {
    if (!call) return 0;
    const row = `${call.apiKeyId} ${call.month}`;
    const count = (this.usage.get(row) ?? 0) + 1;
    this.usage.set(row, count);
    return count;
  }
}

export class MemoryDocumentStore implements DocumentStore {
  readonly #tables: MemoryTables;

  constructor(tables: MemoryTables) {
    this.#tables = tables;
  }

  async find(key: DocumentKey): Promise<Document | undefined> {
    return strip(this.#tables.documents.get(key));
  }

  async findById(apiKeyId: string, documentId: string): Promise<Document | undefined> {
    const lives = this.#all().filter((one) => one.apiKeyId === apiKeyId && one.documentId === documentId);
    return strip(lives.sort((a, b) => b.life - a.life)[0]);
  }

  async add(document: Document, first?: Session, call?: CountedCall): Promise<number> {
    const { apiKeyId, documentId } = document;
    const twin = this.#all().find(
      (one) => one.apiKeyId === apiKeyId && one.documentId === documentId && one.state === 'living',
    );
    if (twin) throw new Error(`Document "${documentId}" lives already.`);
    this.#tables.documents.set(document.key, { ...document, life: this.#tables.next() });
    if (first) this.#tables.sessions.set(first.id, { ...first, order: this.#tables.next() });
    return this.#tables.count(call);
  }

  async replace(
    former: DocumentKey,
    document: Document,
    ended: { at: number; purgeAt: number },
  ): Promise<readonly string[]> {
    const row = this.#tables.documents.get(former);
    if (row?.state !== 'living') throw new Error(`Document ${former} does not live.`);
    this.#tables.documents.set(former, {
      ...row,
      state: 'expired',
      endedAt: ended.at,
      purgeAt: ended.purgeAt,
    });
    await this.add(document);
    const endedIds: string[] = [];
    for (const session of this.#tables.sessions.values()) {
      if (session.documentKey !== former || session.state !== 'living') continue;
      if (session.openedAt === null) {
        this.#tables.sessions.set(session.id, { ...session, documentKey: document.key });
      } else {
        this.#tables.sessions.set(session.id, { ...session, state: 'expired', endedAt: ended.at });
        endedIds.push(session.id);
      }
    }
    return endedIds;
  }

  async update(key: DocumentKey, change: Partial<Omit<Document, 'key' | 'apiKeyId'>>): Promise<void> {
    const row = this.#tables.documents.get(key);
    if (row) this.#tables.documents.set(key, { ...row, ...change });
  }

  async listExpired(now: number, limit: number): Promise<readonly Document[]> {
    const due = this.#all().filter((one) => one.state === 'living' && one.expiresAt <= now);
    return due.sort((a, b) => a.expiresAt - b.expiresAt).slice(0, limit);
  }

  async listPurgeable(now: number, limit: number): Promise<readonly Document[]> {
    const due = this.#all().filter(
      (one) => one.state !== 'living' && one.purgeAt !== null && one.purgeAt <= now,
    );
    return due.sort((a, b) => (a.purgeAt ?? 0) - (b.purgeAt ?? 0)).slice(0, limit);
  }

  async remove(key: DocumentKey): Promise<void> {
    this.#tables.documents.delete(key);
  }

  #all(): (Document & { life: number })[] {
    return [...this.#tables.documents.values()];
  }
}

export class MemorySessionStore implements SessionStore {
  readonly #tables: MemoryTables;

  constructor(tables: MemoryTables) {
    this.#tables = tables;
  }

  async find(id: string): Promise<Session | undefined> {
    const row = this.#tables.sessions.get(id);
    return row && withoutOrder(row);
  }

  async listLiving(documentKey: DocumentKey): Promise<readonly Session[]> {
    return this.#living()
      .filter((session) => session.documentKey === documentKey)
      .sort((a, b) => a.createdAt - b.createdAt || a.id.localeCompare(b.id))
      .map(withoutOrder);
  }

  summarizeLiving(documentKey: DocumentKey): Promise<readonly SessionSummary[]> {
    return this.listLiving(documentKey);
  }

  async add(session: Session, call?: CountedCall): Promise<number> {
    this.#tables.sessions.set(session.id, { ...session, order: this.#tables.next() });
    const document = this.#tables.documents.get(session.documentKey);
    if (document && document.expiresAt < session.expiresAt) {
      this.#tables.documents.set(document.key, { ...document, expiresAt: session.expiresAt });
    }
    return this.#tables.count(call);
  }

  async update(
    id: string,
    change: Partial<Pick<Session, 'permissions' | 'expiresAt' | 'openedAt' | 'state' | 'endedAt'>>,
  ): Promise<void> {
    const row = this.#tables.sessions.get(id);
    if (row) this.#tables.sessions.set(id, { ...row, ...change });
  }

  async endAll(
    documentKey: DocumentKey,
    state: 'deleted' | 'expired',
    at: number,
  ): Promise<readonly Session[]> {
    const ended = await this.listLiving(documentKey);
    for (const session of ended) await this.update(session.id, { state, endedAt: at });
    return ended.map((session) => ({ ...session, state, endedAt: at }));
  }

  async listExpired(now: number, limit: number): Promise<readonly Session[]> {
    const due = this.#living().filter((session) => session.expiresAt <= now);
    return due
      .sort((a, b) => a.expiresAt - b.expiresAt)
      .slice(0, limit)
      .map(withoutOrder);
  }

  async purgeEnded(before: number): Promise<number> {
    const old = [...this.#tables.sessions.values()].filter(
      (session) => session.state !== 'living' && (session.endedAt ?? 0) < before,
    );
    for (const session of old) this.#tables.sessions.delete(session.id);
    return old.length;
  }

  #living(): (Session & { order: number })[] {
    return [...this.#tables.sessions.values()].filter((session) => session.state === 'living');
  }
}

export class MemoryApiKeyStore implements ApiKeyStore {
  readonly #tables: MemoryTables;

  constructor(tables: MemoryTables) {
    this.#tables = tables;
  }

  async findByHash(secretHash: string): Promise<ApiKey | undefined> {
    return [...this.#tables.keys.values()].find((row) => row.secretHash === secretHash)?.key;
  }

  async find(id: string): Promise<ApiKey | undefined> {
    return this.#tables.keys.get(id)?.key;
  }

  async list(): Promise<readonly ApiKey[]> {
    return [...this.#tables.keys.values()].map((row) => row.key);
  }

  async add(key: ApiKey, secretHash: string): Promise<void> {
    if (await this.findByHash(secretHash)) throw new Error('This API key exists already.');
    this.#tables.keys.set(key.id, { key, secretHash });
  }

  async update(id: string, change: Partial<Omit<ApiKey, 'id' | 'createdAt'>>): Promise<void> {
    const row = this.#tables.keys.get(id);
    if (row) this.#tables.keys.set(id, { ...row, key: { ...row.key, ...change } });
  }
}

export class MemoryUsageStore implements UsageStore {
  readonly #tables: MemoryTables;

  constructor(tables: MemoryTables) {
    this.#tables = tables;
  }

  async count(apiKeyId: string, month: string): Promise<number> {
    return this.#tables.count({ apiKeyId, month });
  }

  async read(apiKeyId: string, month: string): Promise<number> {
    return this.#tables.usage.get(`${apiKeyId} ${month}`) ?? 0;
  }
}

/** The part of the save store that sessions and documents touch. */
export class MemorySaveLedger implements Pick<SaveStore, 'accept' | 'listForDocument'> {
  readonly #tables: MemoryTables;

  constructor(tables: MemoryTables) {
    this.#tables = tables;
  }

  async accept(save: Omit<Save, 'version'>): Promise<Save> {
    const version = (await this.listForDocument(save.documentKey)).length + 1;
    const row = { ...save, version };
    this.#tables.saves.set(save.id, row);
    return row;
  }

  async listForDocument(documentKey: DocumentKey): Promise<readonly Save[]> {
    return [...this.#tables.saves.values()].filter((save) => save.documentKey === documentKey);
  }
}

export class MemoryBlobReferences implements BlobReferences {
  readonly #tables: MemoryTables;

  constructor(tables: MemoryTables) {
    this.#tables = tables;
  }

  async isReferenced(sha256: string): Promise<boolean> {
    const inDocument = [...this.#tables.documents.values()].some(
      (one) =>
        (one.state === 'living' || one.purgeAt !== null) &&
        (one.originalBlob === sha256 || one.baseBlob === sha256),
    );
    const inSave = [...this.#tables.saves.values()].some((save) => save.blob === sha256);
    return inDocument || inSave || this.#tables.snapshotBlobs.has(sha256);
  }
}

function strip(row: (Document & { life: number }) | undefined): Document | undefined {
  if (!row) return undefined;
  const { life: _life, ...document } = row;
  return document;
}

function withoutOrder(row: Session & { order: number }): Session {
  const { order: _order, ...session } = row;
  return session;
}
