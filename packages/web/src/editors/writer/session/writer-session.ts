import type {
  CollaborationFailureCode,
  CollaborationParticipant,
  CollaborationRemoteSelection,
} from '@docx-editor.dev/core/collaboration';
import type { TreeDocOp } from '@docx-editor.dev/core/store';
import {
  CORE_VERSION,
  type Message,
  type Operation,
  type Received,
  type Selection,
  type Step,
} from '@officina/engine/writer/replica';
import {
  type ClientMessage,
  ROOM_PROTOCOL_VERSION,
  type SequencedOperation,
  type ServerMessage,
  toReplicaEntry,
  type WriterBoot,
} from '@officina/protocol';
import { Connection, type ConnectionDeps, type Link } from './connection.js';
import { type CommittedEdit, EditorSeat, type SeatOwner } from './editor-seat.js';
import type { Outbox } from './outbox.js';
import { RemoteCarets } from './remote-carets.js';
import type { ReplicaClient } from './replica-client.js';
import { type RoomEvent, type RoomState, roomAfter, roomBefore } from './room-state.js';

export interface OpenedReplica {
  readonly client: ReplicaClient;
  /** The docx that the editor opens; its nodes get the ids that the replica knows. */
  readonly document: Uint8Array;
}

export interface WriterSessionDeps {
  readonly boot: WriterBoot;
  readonly clientId: string;
  readonly connection: ConnectionDeps;
  readonly outbox: Outbox;
  readonly fetchSnapshot: (url: string) => Promise<Uint8Array>;
  readonly openReplica: (bytes: Uint8Array, leftOver: readonly Message[]) => OpenedReplica;
  /** Runs `task` before the next frame is painted; soon, too, while the page is hidden. */
  readonly beforeNextFrame: (task: () => void) => void;
  /** Whether an input method is composing; others' work waits for it a little. */
  readonly isComposing: () => boolean;
}

/** Typing goes out in one frame per this time: short for the eye, long enough to hold a burst of keys. */
const SEND_AFTER_MS = 30;
const PRESENCE_AFTER_MS = 100;
/** Others' work waits this long for an open composition of an input method, then goes in. */
const COMPOSITION_LIMIT_MS = 2_000;

/** One window's part in a room: link, replica, editor and the state that the page shows. */
export class WriterSession implements SeatOwner {
  readonly seat: EditorSeat;
  readonly documentId: string;
  readonly clientId: string;
  readonly identity;
  readonly #deps: WriterSessionDeps;
  readonly #connection: Connection;
  readonly #carets: RemoteCarets;
  readonly #listeners = new Set<() => void>();
  #room: RoomState;
  #replica: ReplicaClient | null = null;
  #document: Uint8Array | null = null;
  #epoch = 0;
  #opening = false;
  #welcomed = false;
  /** Durable operations that wait for the next frame. */
  #incoming: SequencedOperation[] = [];
  #frameAsked = false;
  #heldSince: number | null = null;
  #outgoing: Message[] = [];
  #sendTimer = false;
  #presence: { readonly selection: Selection | null } | null = null;
  #presenceTimer = false;

  constructor(deps: WriterSessionDeps) {
    this.#deps = deps;
    this.clientId = deps.clientId;
    this.documentId = deps.boot.sessionId;
    this.identity = {
      actorId: deps.boot.person.userId,
      name: deps.boot.person.displayName,
      color: deps.boot.person.color,
    };
    this.#room = roomBefore(deps.boot);
    this.#carets = new RemoteCarets(deps.clientId);
    this.seat = new EditorSeat(this);
    this.#connection = new Connection(deps.connection, {
      opened: () => this.#hello(),
      received: (messages) => this.#received(messages),
      linkChanged: (link) => this.#linkChanged(link),
    });
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly room = (): RoomState => this.#room;

  /** The docx to open in the editor; null before the room's first welcome. */
  readonly document = (): Uint8Array | null => this.#document;

  start(): void {
    this.#connection.start();
  }

  /** The network may be back: try now. */
  hasten(): void {
    this.#connection.hasten();
  }

  /** The window closes: hand over what is left and say goodbye, so that nobody waits for this person. */
  leave(): void {
    this.#flushOutgoing();
    this.#connection.send({ t: 'bye' });
  }

  save(force = false): void {
    this.#flushOutgoing();
    if (this.#connection.send(force ? { t: 'save', force } : { t: 'save' }))
      this.#apply({ type: 'saveAsked' });
  }

  extend(): void {
    this.#connection.send({ t: 'extend' });
  }

  dismissRefused(): void {
    this.#apply({ type: 'refusedSeen' });
  }

  // What the editor's seat asks.

  refusal(operations: readonly TreeDocOp[]): CollaborationFailureCode | null {
    if (this.#replica === null) return 'collaboration-session-not-ready';
    if (this.#room.ending !== null) return 'collaboration-session-destroyed';
    // Kinds that a commenter may use are judged by the server; the editor itself is read-only for anybody who may not edit.
    return operations.length > 0 && !mayWrite(this.#room) ? 'collaboration-session-not-ready' : null;
  }

  committed(edit: CommittedEdit): void {
    if (this.#replica === null) return;
    const step = this.#replica.commit({ ...edit, at: this.#deps.connection.now() });
    if (step.needsPackage) this.#takeBack(this.#replica);
    else this.#carry(step);
  }

  /** The editor did what cannot travel: its view goes back to the shared document, and the person is told. */
  #takeBack(replica: ReplicaClient): void {
    this.seat.install({ package: replica.package, selection: null });
    this.#apply({
      type: 'refused',
      work: {
        key: `local-${this.#deps.connection.now()}`,
        reason: 'this cannot be done together yet.',
        text: '',
      },
    });
  }

  canUndo(): boolean {
    return this.#replica?.canUndo ?? false;
  }

  canRedo(): boolean {
    return this.#replica?.canRedo ?? false;
  }

  undo(): boolean {
    const replica = this.#replica;
    if (replica?.undo === undefined || !replica.canUndo) return false;
    return this.#carry(replica.undo(this.#deps.connection.now()));
  }

  redo(): boolean {
    const replica = this.#replica;
    if (replica?.redo === undefined || !replica.canRedo) return false;
    return this.#carry(replica.redo(this.#deps.connection.now()));
  }

  selectionMoved(selection: Selection | null): void {
    this.#presence = { selection };
    if (selection !== null) this.#replica?.select(selection);
    if (this.#presenceTimer) return;
    this.#presenceTimer = true;
    this.#deps.connection.schedule(() => {
      this.#presenceTimer = false;
      this.#sendPresence();
    }, PRESENCE_AFTER_MS);
  }

  participants(): readonly CollaborationParticipant[] {
    return this.#room.participants.map((participant) => ({
      actorId: participant.client,
      name: participant.displayName,
      color: participant.color,
      isLocal: participant.client === this.clientId,
    }));
  }

  remoteSelections(): readonly CollaborationRemoteSelection[] {
    return this.#replica === null ? [] : this.#carets.resolve(this.#replica, this.#room.participants);
  }

  attached(): void {
    const replica = this.#replica;
    // The editor opened the snapshot's bytes; the replica may be further on by the operations after it.
    if (replica !== null && (replica.sequence > 0 || replica.pending.length > 0)) {
      this.seat.install({ package: replica.package, selection: null });
    }
    this.#apply({ type: 'opened' });
    this.#askFrame();
  }

  /** Shows and sends what a local step made; false when nothing came of it. */
  #carry(step: Step): boolean {
    if (step.install !== null) this.seat.install(step.install);
    for (const refusal of step.refused) {
      this.#apply({
        type: 'refused',
        work: {
          key: `local-${this.#deps.connection.now()}-${refusal.step}`,
          reason: refusal.detail,
          text: '',
        },
      });
    }
    if (step.send !== null) {
      this.#deps.outbox.keep(step.send);
      this.#outgoing.push(step.send);
      this.#sendSoon();
      this.#apply({ type: 'edited' });
    }
    this.#countPending();
    this.#carets.stale();
    this.seat.historyChanged();
    return step.send !== null || step.install !== null;
  }

  #sendSoon(): void {
    if (this.#sendTimer) return;
    this.#sendTimer = true;
    this.#deps.connection.schedule(() => {
      this.#sendTimer = false;
      this.#flushOutgoing();
    }, SEND_AFTER_MS);
  }

  #flushOutgoing(): void {
    if (!this.#welcomed || this.#outgoing.length === 0) return;
    // What cannot go now is resent from `pending` after the next welcome.
    this.#connection.send(...this.#outgoing.map(opOf));
    this.#outgoing = [];
  }

  #sendPresence(): void {
    const replica = this.#replica;
    if (this.#presence === null || replica === null || !this.#welcomed) return;
    const { selection } = this.#presence;
    const anchored = selection === null ? null : replica.anchorsOf(selection);
    if (this.#connection.send({ t: 'presence', selection: anchored })) this.#presence = null;
  }

  #hello(): void {
    this.#connection.send({
      t: 'hello',
      protocol: ROOM_PROTOCOL_VERSION,
      client: this.clientId,
      lastSequence: this.#lastSequence(),
      epoch: this.#epoch,
      engine: CORE_VERSION,
    });
  }

  #lastSequence(): number {
    const waiting = this.#incoming[this.#incoming.length - 1];
    return waiting?.sequence ?? this.#replica?.sequence ?? 0;
  }

  #linkChanged(link: Link): void {
    if (link.state !== 'open') {
      this.#welcomed = false;
      this.#outgoing = [];
    }
    this.#apply({ type: 'link', link });
  }

  #received(messages: readonly ServerMessage[]): void {
    for (const message of messages) {
      this.#apply({ type: 'message', message });
      this.#handle(message);
    }
  }

  #handle(message: ServerMessage): void {
    switch (message.t) {
      case 'welcome':
        void this.#welcome(message);
        return;
      case 'ops':
        this.#incoming.push(...message.operations);
        this.#askFrame();
        return;
      case 'presence':
        this.#carets.receive(message.selections);
        this.seat.remoteSelectionsChanged();
        return;
      case 'left':
        this.#carets.forget(message.client);
        this.seat.participantsChanged();
        this.seat.remoteSelectionsChanged();
        return;
      case 'joined':
        this.seat.participantsChanged();
        // A newcomer has never heard where this person's caret is.
        this.selectionMoved(this.seat.selection());
        return;
      case 'reject':
        this.#rejected(message.n, message.reason);
        return;
      case 'reload':
        this.#reload();
        return;
      case 'ended':
        this.#connection.close(message.reason);
        return;
      case 'save':
      case 'expires':
      case 'permissions':
      case 'pong':
        return;
      default:
        message satisfies never;
    }
  }

  async #welcome(welcome: Extract<ServerMessage, { t: 'welcome' }>): Promise<void> {
    this.#epoch = welcome.epoch;
    // Before anything is awaited: operations that follow must stand behind these.
    this.#incoming.push(...welcome.operations);
    if (welcome.snapshot !== null) {
      if (this.#replica !== null) {
        // The room no longer has the operations between this window's state and its own.
        this.#reload();
        return;
      }
      await this.#open(welcome.snapshot);
    }
    if (this.#connection.link.state !== 'open') return;
    this.#welcomed = true;
    this.seat.participantsChanged();
    this.#resend(welcome.acknowledged, welcome.operations);
    this.#askFrame();
    this.selectionMoved(this.seat.selection());
  }

  async #open(snapshot: { readonly url: string; readonly sequence: number }): Promise<void> {
    if (this.#opening) return;
    this.#opening = true;
    try {
      const [bytes, leftOver] = await Promise.all([
        this.#deps.fetchSnapshot(snapshot.url),
        this.#deps.outbox.leftOver(),
      ]);
      const opened = this.#deps.openReplica(bytes, leftOver);
      this.#replica = opened.client;
      this.#document = opened.document;
      this.#countPending();
      this.#publish();
    } catch (error) {
      console.error('The document could not be opened', error);
      this.#apply({ type: 'failed' });
    } finally {
      this.#opening = false;
    }
  }

  /** Everything of ours that the log does not hold goes out again, unchanged and under the same numbers. */
  #resend(acknowledged: number, coming: readonly SequencedOperation[]): void {
    const replica = this.#replica;
    if (replica === null) return;
    const returning = new Set(coming.filter(({ client }) => client === this.clientId).map(({ n }) => n));
    const missing = replica.pending.filter(({ id }) => id.n > acknowledged && !returning.has(id.n));
    this.#outgoing = [];
    if (missing.length > 0) this.#connection.send(...missing.map(opOf));
  }

  #askFrame(): void {
    if (this.#frameAsked || this.#incoming.length === 0) return;
    this.#frameAsked = true;
    this.#deps.beforeNextFrame(() => {
      this.#frameAsked = false;
      this.#takeIn();
    });
  }

  /** All that came since the last frame goes into the replica and, in one install, into the editor. */
  #takeIn(): void {
    const replica = this.#replica;
    if (replica === null || this.#incoming.length === 0 || this.#waitsForComposition()) return;
    const { inOrder, gap } = inOrderAfter(replica.sequence, this.#incoming);
    this.#incoming = [];
    if (inOrder.length > 0)
      this.#took(replica.receive(inOrder.map((entry) => toReplicaEntry<Operation>(entry))));
    // Something was lost between two sockets: the next hello asks for it.
    if (gap) this.#connection.restart();
  }

  #took(received: Received): void {
    const last = received.acknowledged[received.acknowledged.length - 1];
    if (last !== undefined) this.#deps.outbox.forget(last);
    this.#carets.stale();
    if (received.install !== null) this.seat.install(received.install);
    for (const { message, refused, text, why } of received.refused) {
      const reason = refused[0]?.detail ?? why;
      this.#apply({ type: 'refused', work: { key: `${message.id.client}.${message.id.n}`, reason, text } });
    }
    this.#countPending();
    this.seat.remoteSelectionsChanged();
    if (received.install !== null || received.refused.length > 0) this.seat.historyChanged();
  }

  #rejected(n: number, reason: string): void {
    if (this.#replica === null) return;
    this.#took(this.#replica.reject(n, reason));
  }

  /** An input method's half-written word must not be pulled from under it, but cannot hold everybody up either. */
  #waitsForComposition(): boolean {
    if (!this.#deps.isComposing()) {
      this.#heldSince = null;
      return false;
    }
    const now = this.#deps.connection.now();
    this.#heldSince ??= now;
    if (now - this.#heldSince >= COMPOSITION_LIMIT_MS) return false;
    this.#deps.connection.schedule(() => this.#askFrame(), 100);
    return true;
  }

  /** This replica no longer agrees with the room. Unsent work stays in the outbox and comes back with the same numbers. */
  #reload(): void {
    this.#connection.close('reload');
    this.#apply({ type: 'mustReload' });
  }

  #countPending(): void {
    this.#apply({ type: 'pending', count: this.#replica?.pending.length ?? 0 });
  }

  #apply(event: RoomEvent): void {
    const next = roomAfter(this.#room, event);
    if (next === this.#room) return;
    this.#room = next;
    this.#publish();
  }

  #publish(): void {
    for (const listener of this.#listeners) listener();
  }
}

/** Entries that directly follow `sequence`; a reconnect may bring some twice. */
function inOrderAfter(sequence: number, entries: readonly SequencedOperation[]) {
  const inOrder: SequencedOperation[] = [];
  let last = sequence;
  for (const entry of [...entries].sort((a, b) => a.sequence - b.sequence)) {
    if (entry.sequence <= last) continue;
    if (entry.sequence > last + 1) return { inOrder, gap: true };
    inOrder.push(entry);
    last = entry.sequence;
  }
  return { inOrder, gap: false };
}

function opOf({ id, base, ops, touch }: Message): ClientMessage {
  return { t: 'op', n: id.n, base, o: touch === undefined ? { ops } : { ops, touch } };
}

function mayWrite({ permissions }: RoomState): boolean {
  return (
    permissions['document.edit'] ||
    permissions['document.fill'] ||
    permissions['review.comment'] ||
    permissions['review.changes.resolve']
  );
}
