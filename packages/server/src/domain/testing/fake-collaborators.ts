import { createHash } from 'node:crypto';
import { AppError, type SaveProgress } from '@officina/protocol';
import type { BlobStore } from '../content/blob-store.js';
import type { DocumentContent } from '../content/document-content.js';
import type {
  BlankDefaults,
  DocumentEngine,
  ImportedDocument,
  ImportSettings,
} from '../content/document-engine.js';
import type { FormatMaker, MadeFile, OutputFormat, OutputOptions } from '../conversion/format-maker.js';
import type { DocumentKey } from '../documents/document.js';
import type { TargetCheckDeps } from '../documents/target-check.js';
import type { DocumentFetcher, EgressPolicy } from '../saving/deliverer.js';
import type { Saves } from '../saving/saves.js';
import type { Presence, RoomControl, Session } from '../sessions/session.js';

const encoder = new TextEncoder();

export class MemoryBlobStore implements BlobStore {
  readonly files = new Map<string, Uint8Array>();

  async put(bytes: Uint8Array): Promise<{ sha256: string; size: number }> {
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    this.files.set(sha256, bytes);
    return { sha256, size: bytes.length };
  }

  async get(sha256: string): Promise<Uint8Array | undefined> {
    return this.files.get(sha256);
  }

  async has(sha256: string): Promise<boolean> {
    return this.files.has(sha256);
  }

  async remove(sha256: string): Promise<void> {
    this.files.delete(sha256);
  }

  async *list(): AsyncIterable<string> {
    yield* this.files.keys();
  }
}

/** Makes files that say what they were made of. */
export class FakeMaker implements FormatMaker {
  async make(docx: Uint8Array, format: OutputFormat, options: OutputOptions): Promise<MadeFile> {
    if (format === 'rtf') throw new AppError('engine_missing', 'A part is missing.');
    const words = `${format} of ${new TextDecoder().decode(docx)}, ${JSON.stringify(options)}`;
    return { bytes: encoder.encode(words), packaging: format === 'zip' ? 'zip' : 'plain' };
  }
}

/** Takes any text for a document; one that begins with `broken`, `odd` or `protected:PASSWORD` plays that part. */
export class FakeEngine implements Pick<DocumentEngine, 'import' | 'blank'> {
  readonly blanks: BlankDefaults[] = [];
  /** What was set in each file that was opened. */
  readonly settings: (ImportSettings | null)[] = [];
  /** Awaited before each import, so that a test can hold one up. */
  beforeImport: () => Promise<void> = async () => {};

  async import(
    bytes: Uint8Array,
    options: { fileName: string | null; password?: string; settings?: ImportSettings },
  ): Promise<ImportedDocument> {
    await this.beforeImport();
    const text = new TextDecoder().decode(bytes.subarray(0, 200));
    if (bytes.length === 0 || text.startsWith('broken')) throw new AppError('format_unsupported');
    const password = /^protected:(\w+)/.exec(text)?.[1];
    if (password && options.password !== password) throw new AppError('password_required');
    this.settings.push(options.settings ?? null);
    const warnings = text.startsWith('odd') ? ['This is “odd”.'] : [];
    return { original: bytes, base: encoder.encode(`base of ${text}`), warnings };
  }

  async toDocx(bytes: Uint8Array, options: { fileName: string | null; password?: string }) {
    const { original, warnings } = await this.import(bytes, options);
    return { docx: original, warnings };
  }

  async blank(defaults: BlankDefaults): Promise<ImportedDocument> {
    this.blanks.push(defaults);
    const bytes = encoder.encode(`blank ${JSON.stringify(defaults)}`);
    return { original: bytes, base: bytes, warnings: [] };
  }
}

/** People connected to documents, and edits they made: what rooms and logs would know. */
export class FakeRooms implements Presence, RoomControl {
  readonly connected = new Map<DocumentKey, Set<string>>();
  readonly ended: { sessionId: string; reason: string }[] = [];
  readonly expiries: { sessionId: string; at: number }[] = [];
  readonly rights: { sessionId: string; permissions: Session['permissions'] }[] = [];

  activeSessions(documentKey: DocumentKey): ReadonlySet<string> {
    return this.connected.get(documentKey) ?? new Set();
  }

  connect(session: Session): void {
    const ids = this.connected.get(session.documentKey) ?? new Set();
    this.connected.set(session.documentKey, ids.add(session.id));
  }

  disconnect(session: Session): void {
    this.connected.get(session.documentKey)?.delete(session.id);
  }

  endSession(session: Session, reason: string): void {
    this.disconnect(session);
    this.ended.push({ sessionId: session.id, reason });
  }

  tellExpiry(session: Session): void {
    this.expiries.push({ sessionId: session.id, at: session.expiresAt });
  }

  tellPermissions({ id, permissions }: Session): void {
    this.rights.push({ sessionId: id, permissions });
  }
}

/** Counts of edits in place of logs. */
export class FakeContent implements DocumentContent {
  readonly heads = new Map<DocumentKey, number>();
  readonly removed: DocumentKey[] = [];
  /** Blobs of the snapshots of each document. */
  readonly snapshots = new Map<DocumentKey, readonly string[]>();

  edit(documentKey: DocumentKey, edits = 1): void {
    this.heads.set(documentKey, (this.heads.get(documentKey) ?? 0) + edits);
  }

  async headSequence(documentKey: DocumentKey): Promise<number> {
    return this.heads.get(documentKey) ?? 0;
  }

  async build(documentKey: DocumentKey): Promise<{ bytes: Uint8Array; sequence: number }> {
    const sequence = await this.headSequence(documentKey);
    return { bytes: encoder.encode(`built ${documentKey} at ${sequence}`), sequence };
  }

  async openingSnapshot(): Promise<{ blob: string; sequence: number; epoch: number }> {
    return { blob: '', sequence: 0, epoch: 1 };
  }

  async forgetSnapshots(documentKey: DocumentKey): Promise<readonly string[]> {
    const blobs = this.snapshots.get(documentKey) ?? [];
    this.snapshots.delete(documentKey);
    return blobs;
  }

  async remove(documentKey: DocumentKey): Promise<void> {
    this.heads.delete(documentKey);
    this.removed.push(documentKey);
  }
}

/** Saves that are delivered when the test says so. */
export class FakeSaves implements Saves {
  readonly delivered = new Map<DocumentKey, number>();
  readonly requests: { sessionId: string; reason: string; force: boolean }[] = [];
  readonly expirySaves: DocumentKey[] = [];
  answer: SaveProgress | AppError = { state: 'accepted', deliveryId: 'save-1', version: 1 };
  /** What happens when saves to all targets are asked for; a test may deliver at once. */
  onRequestForAll: (documentKey: DocumentKey) => void = () => {};

  async request(sessionId: string, reason: string, options?: { force?: boolean }): Promise<SaveProgress> {
    if (this.answer instanceof AppError) throw this.answer;
    this.requests.push({ sessionId, reason, force: options?.force ?? false });
    return this.answer;
  }

  async requestForAllTargets(documentKey: DocumentKey): Promise<void> {
    this.expirySaves.push(documentKey);
    this.onRequestForAll(documentKey);
  }

  onProgress(): () => void {
    return () => {};
  }

  async follow(): Promise<null> {
    return null;
  }

  async waitFor(deliveryId: string): Promise<SaveProgress> {
    return { state: 'delivered', deliveryId, version: 1, message: 'Stored.', at: 0 };
  }

  async status(documentKey: DocumentKey): Promise<{ version: number; deliveredSequence: number }> {
    return { version: 0, deliveredSequence: this.delivered.get(documentKey) ?? 0 };
  }
}

/** Refuses every address that holds `internal`. */
export const fakeEgress: EgressPolicy = {
  async refusal(url) {
    if (!url.includes('internal')) return undefined;
    return `${url} is a private address; name its host in OFFICINA_EGRESS_ALLOW to allow it.`;
  },
};

/** Makes every format but rtf, as the maker above does. */
export const fakeFormats: TargetCheckDeps['formats'] = {
  lackFor: (format) => (format === 'rtf' ? 'A part is missing.' : null),
};

/** Answers each URL with its own text as the file. */
export const fakeFetcher: DocumentFetcher = {
  async fetch(url) {
    if (url.includes('busy')) throw new AppError('busy', undefined, { retryAfterSeconds: 30 });
    return { bytes: encoder.encode(`fetched ${url}`), fileName: null, mediaType: null };
  },
};
