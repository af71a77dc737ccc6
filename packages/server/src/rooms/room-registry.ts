import type { DocumentKey } from '../domain/documents/document.js';
import { jsonOf } from '../domain/log/numbered-operation.js';
import { EMPTY_ROOM_MS, LEASE_MS, LEASE_RENEW_MS } from './limits.js';
import type { RoomMetrics } from './metrics.js';
import type { RoomDeps } from './ports.js';
import { Room } from './room.js';

interface OpenRoom {
  room: Room;
  epoch: number;
  cancelRenewal: () => void;
  /** When the room was first seen empty; null while somebody is there. */
  emptySince: number | null;
}

/** The rooms that are open on this node: opens them under a lease, keeps the lease, closes them when nobody is left. */
export class RoomRegistry {
  readonly #deps: RoomDeps;
  readonly #metrics: RoomMetrics;
  readonly #open = new Map<DocumentKey, OpenRoom>();
  readonly #opening = new Map<DocumentKey, Promise<Room | undefined>>();
  readonly #closing = new Map<DocumentKey, Promise<void>>();
  #isClosed = false;

  constructor(deps: RoomDeps, metrics: RoomMetrics) {
    this.#deps = deps;
    this.#metrics = metrics;
  }

  get size(): number {
    return this.#open.size;
  }

  find(documentKey: DocumentKey): Room | undefined {
    return this.#open.get(documentKey)?.room;
  }

  /** The document's room; undefined when another node has it, or this one is closing. */
  open(documentKey: DocumentKey): Promise<Room | undefined> {
    const found = this.find(documentKey);
    if (found) return Promise.resolve(found);
    const already = this.#opening.get(documentKey);
    if (already) return already;
    const opening = this.#load(documentKey).finally(() => this.#opening.delete(documentKey));
    this.#opening.set(documentKey, opening);
    return opening;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.allSettled(this.#opening.values());
    for (const documentKey of [...this.#open.keys()]) this.#unload(documentKey);
    await Promise.all(this.#closing.values());
  }

  async #load(documentKey: DocumentKey): Promise<Room | undefined> {
    // A lease that is being given back must not be taken before: the giving back would end the new one.
    await this.#closing.get(documentKey);
    if (this.#isClosed) return undefined;
    const { log, leases, owner, clock, content, attachments } = this.#deps;
    const lease = await leases.acquire(documentKey, owner, clock(), LEASE_MS);
    if (!lease) return undefined;
    // Under the lease nobody else appends: these may be read in any order, and together cost the store one errand.
    const [opening, held, head, snapshots] = await Promise.all([
      content.openingSnapshot(documentKey),
      attachments.list(documentKey),
      log.readHead(documentKey),
      log.listSnapshots(documentKey),
    ]);
    const tail = await log.readAfter(documentKey, opening.sequence);
    const restored = snapshots.find((snapshot) => snapshot.restored);
    const authors = new Map(head.authors);
    for (const { client, actor } of tail) authors.set(client, actor);
    const room = new Room(
      documentKey,
      {
        ...{ epoch: lease.epoch, opening, authors, head: head.sequence, clients: head.clients },
        ...{ tailStart: opening.sequence, tail: tail.map(jsonOf) },
        attachments: new Set(held.map(({ sha256 }) => sha256)),
        restored: restored?.restored
          ? { ...restored.restored, sequence: restored.sequence, at: restored.createdAt }
          : null,
      },
      this.#deps,
      this.#metrics,
      {
        onBroken: () => this.#breakRoom(documentKey, room),
        onRestored: () => this.#breakRoom(documentKey, room),
      },
    );
    this.#open.set(documentKey, {
      room,
      epoch: lease.epoch,
      cancelRenewal: this.#scheduleRenewal(documentKey),
      emptySince: null,
    });
    return room;
  }

  #scheduleRenewal(documentKey: DocumentKey): () => void {
    return this.#deps.scheduler.schedule(
      this.#deps.clock() + LEASE_RENEW_MS,
      () => void this.#tend(documentKey),
    );
  }

  /** Every so often: renews the lease, or closes a room that nobody needs. */
  async #tend(documentKey: DocumentKey): Promise<void> {
    const open = this.#open.get(documentKey);
    if (!open) return;
    const now = this.#deps.clock();
    open.emptySince = open.room.isIdle() ? (open.emptySince ?? now) : null;
    if (open.emptySince !== null && now - open.emptySince >= EMPTY_ROOM_MS) return this.#unload(documentKey);
    try {
      const lease = await this.#deps.leases.acquire(documentKey, this.#deps.owner, now, LEASE_MS);
      if (this.#open.get(documentKey) !== open) return;
      if (lease?.epoch !== open.epoch) {
        this.#deps.journal.error({ document: documentKey }, 'Another node has taken a document.');
        return this.#breakRoom(documentKey, open.room);
      }
    } catch (error) {
      // The log refuses what comes after the lease has run out; until then there is time to try again.
      this.#deps.journal.error({ document: documentKey, err: error }, 'A lease could not be renewed.');
    }
    if (this.#open.get(documentKey) === open) open.cancelRenewal = this.#scheduleRenewal(documentKey);
  }

  /** What a broken room has not made durable is gone from it; its clients have it and send it again. */
  #breakRoom(documentKey: DocumentKey, room: Room): void {
    const open = this.#open.get(documentKey);
    if (open?.room !== room) return;
    open.cancelRenewal();
    this.#open.delete(documentKey);
    room.disperse();
  }

  #unload(documentKey: DocumentKey): void {
    const open = this.#open.get(documentKey);
    if (!open) return;
    open.cancelRenewal();
    this.#open.delete(documentKey);
    const closing = open.room
      .close()
      .then(() => this.#deps.leases.release(documentKey, this.#deps.owner))
      .catch((error: unknown) => {
        this.#deps.journal.error({ document: documentKey, err: error }, 'A lease could not be given back.');
      })
      .finally(() => this.#closing.delete(documentKey));
    this.#closing.set(documentKey, closing);
  }
}
