import type { SequencedOperation } from '@officina/protocol';
import type { DocumentKey } from '../../domain/documents/document.js';
import { jsonOf } from '../../domain/log/numbered-operation.js';
import type { LeaseStore, OperationLog, SnapshotRecord } from '../../domain/log/operation-log.js';

/** A log whose disk survives the room: what was held back when the power went is gone, the rest is there. */
export class MemoryLog implements OperationLog {
  readonly #entries = new Map<DocumentKey, string[]>();
  readonly #snapshots = new Map<DocumentKey, SnapshotRecord[]>();
  readonly #held: (() => void)[] = [];
  #isHolding = false;
  #failure: Error | undefined;
  appends = 0;

  /** From now on no append becomes durable until `release`. */
  hold(): void {
    this.#isHolding = true;
  }

  release(): void {
    this.#isHolding = false;
    for (const resume of this.#held.splice(0)) resume();
  }

  /** The power goes: what was not durable never will be. */
  loseHeld(): void {
    this.#isHolding = false;
    this.#held.length = 0;
  }

  failNextAppend(error: Error): void {
    this.#failure = error;
  }

  async append(
    document: DocumentKey,
    _epoch: number,
    operations: readonly SequencedOperation[],
    snapshot?: SnapshotRecord,
  ): Promise<void> {
    this.appends += 1;
    const failure = this.#failure;
    this.#failure = undefined;
    if (failure) throw failure;
    if (this.#isHolding) await new Promise<void>((resolve) => this.#held.push(resolve));
    const entries = this.#entries.get(document) ?? [];
    for (const operation of operations) {
      if (operation.sequence !== entries.length + 1) {
        throw new Error(`Sequence ${operation.sequence} after ${entries.length}.`);
      }
      entries.push(jsonOf(operation));
    }
    this.#entries.set(document, entries);
    if (snapshot) await this.addSnapshot(document, snapshot);
  }

  async readAfter(document: DocumentKey, sequence: number): Promise<readonly SequencedOperation[]> {
    return (this.#entries.get(document) ?? []).slice(sequence).map((text) => JSON.parse(text));
  }

  async readHead(document: DocumentKey): ReturnType<OperationLog['readHead']> {
    const operations = await this.readAfter(document, 0);
    const clients = new Map(operations.map(({ client, n }) => [client, n]));
    const authors = new Map(operations.map(({ client, actor }) => [client, actor]));
    return { sequence: operations.length, clients, authors };
  }

  async readSnapshot(document: DocumentKey): Promise<SnapshotRecord | undefined> {
    return (await this.listSnapshots(document))[0];
  }

  async listSnapshots(document: DocumentKey): Promise<readonly SnapshotRecord[]> {
    return (this.#snapshots.get(document) ?? []).toSorted((a, b) => b.sequence - a.sequence);
  }

  async addSnapshot(document: DocumentKey, snapshot: SnapshotRecord): Promise<void> {
    this.#snapshots.set(document, [...(this.#snapshots.get(document) ?? []), snapshot]);
  }

  async forgetSnapshots(): Promise<readonly string[]> {
    return [];
  }

  async remove(document: DocumentKey): Promise<void> {
    this.#entries.delete(document);
    this.#snapshots.delete(document);
  }
}

export class MemoryLeases implements LeaseStore {
  readonly #leases = new Map<DocumentKey, { owner: string; epoch: number; until: number }>();

  async acquire(
    document: DocumentKey,
    owner: string,
    now: number,
    ttlMs: number,
  ): Promise<{ epoch: number } | undefined> {
    const held = this.#leases.get(document);
    if (held && held.owner !== owner && held.until > now) return undefined;
    const epoch = held ? held.epoch + (held.owner === owner ? 0 : 1) : 1;
    this.#leases.set(document, { owner, epoch, until: now + ttlMs });
    return { epoch };
  }

  async release(document: DocumentKey, owner: string): Promise<void> {
    const held = this.#leases.get(document);
    if (held?.owner === owner) held.until = 0;
  }

  ownerOf(document: DocumentKey, now: number): string | undefined {
    const held = this.#leases.get(document);
    return held && held.until > now ? held.owner : undefined;
  }
}
