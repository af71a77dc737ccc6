import type { OoxmlPackage } from '@docx-editor.dev/core/store';
import {
  type LogEntry,
  type Message,
  type Outcome,
  openReplica,
  type Replica,
} from '@officina/engine/writer/replica';
import type { Clock } from './clock.js';
import type { Random } from './random.js';
import { Sequencer } from './sequencer.js';

/** One end of a connection: frames arrive in order, after a delay, or never once it is cut. */
export class Wire {
  private lastUp = 0;
  private lastDown = 0;
  private cut = false;

  constructor(
    private readonly clock: Clock,
    private readonly random: Random,
    private readonly latency: readonly [number, number],
  ) {}

  close(): void {
    this.cut = true;
  }

  up(deliver: () => void): void {
    this.lastUp = this.carry(this.lastUp, deliver);
  }

  down(deliver: () => void): void {
    this.lastDown = this.carry(this.lastDown, deliver);
  }

  private carry(last: number, deliver: () => void): number {
    const due = Math.max(last, this.clock.now + this.random.between(...this.latency));
    this.clock.after(due - this.clock.now, () => {
      if (!this.cut) deliver();
    });
    return due;
  }
}

/** A document to start from, read once: trees never change, and whoever comes from a snapshot reads it anew. */
export interface Base {
  readonly base: Uint8Array;
  readonly read: OoxmlPackage;
}

export interface Peer {
  readonly wire: Wire;
  deliver(entries: readonly LogEntry[]): void;
}

/** The room as the clients see it, with a replica behind the head for snapshots and late joins. */
export class Server {
  readonly sequencer = new Sequencer();
  private peers = new Set<Peer>();
  /** Everything executed in order from the file on, and what came of it. */
  private readonly replayed: Replica;
  private readonly outcomes: Outcome[] = [];
  /** What snapshots are taken of: the replay itself, until the server starts again from one. */
  private replica: Replica;
  private snapshot: Uint8Array | null = null;

  constructor(
    private readonly base: Base,
    private readonly clock: Clock,
  ) {
    this.replayed = openReplica(base);
    this.replica = this.replayed;
  }

  /** What a joining client starts from. */
  source(): Base | { readonly snapshot: Uint8Array } {
    return this.snapshot ? { snapshot: this.snapshot } : this.base;
  }

  join(peer: Peer, after: number): void {
    this.peers.add(peer);
    const missing = this.sequencer.after(after);
    peer.wire.down(() => peer.deliver(missing));
  }

  leave(peer: Peer): void {
    this.peers.delete(peer);
    peer.wire.close();
  }

  receive(message: Message): void {
    const entry = this.sequencer.accept(message, this.clock.iso());
    if (!entry) return;
    for (const peer of this.peers) peer.wire.down(() => peer.deliver([entry]));
  }

  /** Brings the replica to the head and keeps what it is now; half of the time the replica itself starts from it. */
  takeSnapshot(reopen: boolean): void {
    this.catchUp(this.replica);
    this.snapshot = this.replica.snapshot();
    if (reopen) this.replica = openReplica({ snapshot: this.snapshot });
  }

  finish(): Replica {
    this.catchUp(this.replica);
    return this.replica;
  }

  /** The whole log on a replica that nothing else ever touched, with the outcome of each entry. */
  replay(): { readonly replica: Replica; readonly outcomes: readonly Outcome[] } {
    this.catchUp(this.replayed);
    return { replica: this.replayed, outcomes: this.outcomes };
  }

  private catchUp(replica: Replica): void {
    for (const entry of this.sequencer.after(replica.sequence)) {
      const outcome = replica.execute(entry);
      if (replica === this.replayed) this.outcomes.push(outcome);
    }
  }
}
