import type { DocumentSnapshots, OpeningSnapshot } from '../../domain/content/document-snapshots.js';
import type { DocumentKey } from '../../domain/documents/document.js';
import type { OperationLog } from '../../domain/log/operation-log.js';

/** Snapshots that hold nothing but their number; digests are `right@sequence`. */
export class FakeContent implements DocumentSnapshots {
  readonly #log: OperationLog;
  failure: Error | undefined;
  taken = 0;
  /** What a restore waits for, or fails by. */
  beforeRestore: () => Promise<void> = async () => {};
  judged: number[] = [];

  constructor(log: OperationLog) {
    this.#log = log;
  }

  async openingSnapshot(documentKey: DocumentKey): Promise<OpeningSnapshot> {
    const record = await this.#log.readSnapshot(documentKey);
    return record ?? { blob: 'base', sequence: 0, epoch: 1 };
  }

  async takeSnapshot(documentKey: DocumentKey): ReturnType<DocumentSnapshots['takeSnapshot']> {
    this.taken += 1;
    if (this.failure) throw this.failure;
    const { sequence } = await this.#log.readHead(documentKey);
    const snapshot = { blob: `snapshot-${sequence}`, sequence, epoch: 1, digest: `right@${sequence}` };
    const made = { engine: '2.35.0', createdAt: 0, people: [], restored: null };
    await this.#log.addSnapshot(documentKey, { ...snapshot, ...made });
    return { ...snapshot, refused: 0 };
  }

  async restore(...[documentKey, restored, commit]: Parameters<DocumentSnapshots['restore']>): Promise<void> {
    await this.beforeRestore();
    const sequence = (await this.#log.readHead(documentKey)).sequence + 1;
    const place = { sequence, epoch: 2, blob: `restored-${restored.from.sequence}`, digest: 'right' };
    await commit({ ...place, engine: '2.35.0', createdAt: 7, people: [], restored });
  }

  async digestAt(_documentKey: DocumentKey, sequence: number): Promise<string> {
    this.judged.push(sequence);
    return `right@${sequence}`;
  }

  async readBlob(blob: string): Promise<Uint8Array | undefined> {
    return new TextEncoder().encode(blob);
  }
}
