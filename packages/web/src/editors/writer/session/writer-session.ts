import type {
  CollaborationFailureCode,
  CollaborationIdentity,
  CollaborationParticipant,
  CollaborationRemoteSelection,
} from '@docx-editor.dev/core/collaboration';
import type { OoxmlPackage, TreeDocOp } from '@docx-editor.dev/core/store';
import { CORE_VERSION, type Intent, type Message, type Selection } from '@officina/engine/writer/replica';
import {
  FRAME_PACKING,
  ROOM_PROTOCOL_VERSION,
  type SequencedOperation,
  type ServerMessage,
  type VersionName,
  type WriterBoot,
} from '@officina/protocol';
import { Connection, type ConnectionDeps, type Link } from './connection.js';
import { type CommittedEdit, EditorSeat, type SeatOwner } from './editor-seat.js';
import type { OpenedBytes } from './open-replica.js';
import { OwnCaret } from './own-caret.js';
import { RemoteCarets } from './remote-carets.js';
import type { ReplicaClient } from './replica-client.js';
import { type RoomEvent, type RoomState, roomAfter, roomBefore } from './room-state.js';
import { Sender } from './sender.js';
import { SharedDocument, type SharedDocumentDeps, type SharedDocumentListener } from './shared-document.js';

export interface WriterSessionDeps extends SharedDocumentDeps {
  readonly boot: WriterBoot;
  readonly clientId: string;
  readonly connection: ConnectionDeps;
  readonly fetchSnapshot: (url: string) => Promise<Uint8Array>;
  /** The docx that the editor opens; its nodes get the ids that the replica knows. */
  readonly docxOf: (bytes: Uint8Array) => Uint8Array;
  /** Keeps `task` for after the frame of a letter that is being taken in; false, and not kept, when there is none. */
  readonly afterTyping: (task: () => void) => boolean;
  /** `read` is what the editor made of that docx. */
  readonly openReplica: (opened: OpenedBytes, read: OoxmlPackage) => ReplicaClient;
}

/** One window's part in a room: its link, its share of the document, and the state that the page shows. */
export class WriterSession implements SeatOwner, SharedDocumentListener {
  readonly seat: EditorSeat;
  readonly documentId: string;
  readonly clientId: string;
  readonly identity: CollaborationIdentity;
  readonly #deps: WriterSessionDeps;
  readonly #connection: Connection;
  readonly #carets: RemoteCarets;
  readonly #caret: OwnCaret;
  readonly #sender: Sender;
  readonly #listeners = new Set<() => void>();
  #room: RoomState;
  #isFetching = false;
  /** Fetched and shown in the editor, but not yet shared: the replica is made from what the editor has read. */
  #opened: Omit<OpenedBytes, 'acknowledged'> | null = null;
  #docx: Uint8Array | null = null;
  /** Own work that was not confirmed when the document had to be opened anew. */
  #carried: readonly Message[] | null = null;
  #shared: SharedDocument | null = null;
  /** Operations that came before the document was shared. */
  #early: SequencedOperation[] = [];
  #epoch = 0;
  #isWelcome = false;
  /** Highest of our own numbers that the room had at its last welcome. */
  #acknowledged = 0;
  /** Listeners hear of the change after the next frame. */
  #isTelling = false;

  constructor(deps: WriterSessionDeps) {
    const { boot, clientId } = deps;
    this.#deps = deps;
    this.clientId = clientId;
    this.documentId = boot.sessionId;
    const { userId, displayName, color } = boot.person;
    this.identity = { actorId: userId, name: displayName, color };
    this.#room = roomBefore(boot);
    this.#carets = new RemoteCarets(clientId);
    this.#caret = new OwnCaret({ ...deps, tell: (selection) => this.#tellCaret(selection) });
    this.seat = new EditorSeat(this, (task) => deps.schedule(() => deps.composition.whenOver(task), 0));
    this.#sender = new Sender(
      { ...deps, send: (...messages) => this.#connection.send(...messages) },
      {
        saveAsked: () => this.#apply({ type: 'saveAsked' }),
        pictureRefused: (n, reason) => this.#shared?.reject(n, reason),
      },
    );
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

  /** The docx to open in the editor; null before it has come. */
  readonly docx = (): Uint8Array | null => this.#docx;

  start(): void {
    this.#connection.start();
  }

  /** The network may be back: try now. */
  hasten(): void {
    this.#connection.hasten();
  }

  /** The window closes: hand over what is left and say goodbye, so that nobody waits for this person. */
  leave(): void {
    this.seat.handOver();
    this.#sender.flush();
    this.#connection.send({ t: 'bye' });
  }

  /** Asks for a save of all that was typed before, up to the last key. */
  save(force = false): void {
    this.seat.handOver();
    this.#sender.save(force);
  }

  /** Makes an earlier state the document, for everybody in the room. */
  restore(name: VersionName): void {
    this.seat.handOver();
    this.#sender.flush();
    if (this.#connection.send({ t: 'restore', ...name })) this.#apply({ type: 'restoreAsked' });
  }

  dismissRestored(): void {
    this.#apply({ type: 'restoredSeen' });
  }

  extend(): void {
    this.#connection.send({ t: 'extend' });
  }

  dismissRefused(): void {
    this.#apply({ type: 'refusedSeen' });
  }

  /** What was typed here and never reached the server, as plain text. */
  unsentText(): string {
    const pending = this.#shared?.replica.pending ?? [];
    const texts = pending.flatMap(({ ops }) => ops.map(({ values }) => values?.text));
    return texts.filter((text) => typeof text === 'string').join('');
  }

  /** Does what the page's own controls ask for, and shows it. False when the document refused it. */
  perform(intent: Intent): boolean {
    return this.#shared !== null && this.refusal([]) === null && this.#shared.perform(intent);
  }

  /** The editor shows the document as it was first: from here on it is shared. */
  editorRead(read: OoxmlPackage): void {
    if (this.#opened === null) return;
    const replica = this.#deps.openReplica({ ...this.#opened, acknowledged: this.#acknowledged }, read);
    this.#opened = null;
    const shared = new SharedDocument(replica, this.seat, this.#deps, this);
    this.#shared = shared;
    // A snapshot is further on than the docx inside, and so is what was typed here before a reload.
    if (replica.sequence > 0 || replica.pending.length > 0) shared.show();
    this.#apply({ type: 'opened' });
    this.changed();
    this.#resend();
    shared.receive(this.#early);
    this.#early = [];
  }

  // What the editor asks for through its seat.

  refusal(operations: readonly TreeDocOp[]): CollaborationFailureCode | null {
    if (this.#shared === null) return 'collaboration-session-not-ready';
    if (this.#room.ending !== null) return 'collaboration-session-destroyed';
    // Which kinds a commenter may use is the server's to judge.
    return operations.length > 0 && !mayWrite(this.#room) ? 'collaboration-session-not-ready' : null;
  }

  committed(edit: CommittedEdit): void {
    this.#shared?.commit(edit);
  }

  committedOpaque(edited: OoxmlPackage): void {
    this.#shared?.commitOpaque(edited);
  }

  canUndo(): boolean {
    return this.#shared?.replica.canUndo ?? false;
  }

  canRedo(): boolean {
    return this.#shared?.replica.canRedo ?? false;
  }

  undo(): boolean {
    return this.#shared !== null && this.refusal([]) === null && this.#shared.takeBack('undo');
  }

  redo(): boolean {
    return this.#shared !== null && this.refusal([]) === null && this.#shared.takeBack('redo');
  }

  selectionMoved(selection: Selection | null): void {
    this.#shared?.select(selection);
    this.#caret.moved(selection);
  }

  participants(): readonly CollaborationParticipant[] {
    return this.#room.participants.map(({ client, displayName, color }) => ({
      actorId: client,
      name: displayName,
      color,
      isLocal: client === this.clientId,
    }));
  }

  remoteSelections(): readonly CollaborationRemoteSelection[] {
    return this.#shared === null ? [] : this.#carets.resolve(this.#shared.replica, this.#room.participants);
  }

  // What the shared document tells.

  made(message: Message): void {
    this.#apply({ type: 'edited' });
    this.#sender.add(message);
  }

  refused(work: { key: string; reason: string; text: string }): void {
    this.#apply({ type: 'refused', work });
  }

  changed(): void {
    this.#apply({ type: 'pending', count: this.#shared?.replica.pending.length ?? 0 });
    // The editor asks for them again when it has laid the change out.
    this.#carets.stale();
  }

  digested(sequence: number, digest: string): void {
    this.#connection.send({ t: 'digest', sequence, digest });
  }

  gapFound(): void {
    this.#connection.restart();
  }

  // What the link brings.

  #linkChanged(link: Link): void {
    if (link.state !== 'open') {
      this.#isWelcome = false;
      this.#sender.close();
    }
    this.#apply({ type: 'link', link });
  }

  #hello(): void {
    this.#early = [];
    this.#connection.send({
      t: 'hello',
      protocol: ROOM_PROTOCOL_VERSION,
      client: this.clientId,
      lastSequence: this.#shared?.lastSequence ?? 0,
      epoch: this.#shared === null ? 0 : this.#epoch,
      engine: CORE_VERSION,
      packed: FRAME_PACKING,
    });
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
        this.#welcomed(message);
        return;
      case 'ops':
        this.#takeOperations(message.operations);
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
        return;
      case 'reject':
        this.#shared?.reject(message.n, message.reason);
        return;
      case 'reload':
        this.#reload();
        return;
      case 'ended':
        this.#connection.close(message.reason);
        return;
      case 'save':
      case 'expires':
      case 'delivered':
      case 'restoreRefused':
      case 'permissions':
      case 'pong':
        return;
      default:
        message satisfies never;
    }
  }

  #welcomed(welcome: Extract<ServerMessage, { t: 'welcome' }>): void {
    if (welcome.snapshot !== null && this.#shared !== null) {
      // People went back to an earlier state, or the room no longer has the operations in between.
      this.#letGo(this.#shared);
    }
    this.#epoch = welcome.epoch;
    this.#acknowledged = welcome.acknowledged;
    this.#isWelcome = true;
    this.#sender.open();
    this.#takeOperations(welcome.operations);
    if (welcome.snapshot !== null) void this.#open(welcome.snapshot.url);
    this.#resend();
    this.seat.participantsChanged();
    this.selectionMoved(this.seat.selection());
  }

  #takeOperations(operations: readonly SequencedOperation[]): void {
    if (this.#shared === null) this.#early.push(...operations);
    else this.#shared.receive(operations);
  }

  async #open(url: string): Promise<void> {
    if (this.#isFetching || this.#docx !== null) return;
    this.#isFetching = true;
    try {
      const [bytes, leftOver] = await Promise.all([
        this.#deps.fetchSnapshot(url),
        this.#carried ?? this.#deps.outbox.leftOver(),
      ]);
      this.#opened = { bytes, leftOver };
      this.#docx = this.#deps.docxOf(bytes);
      this.#publish();
    } catch (error) {
      console.error('The document could not be fetched', error);
      this.#apply({ type: 'failed' });
    } finally {
      this.#isFetching = false;
    }
  }

  /** Everything of ours that the log does not hold goes out again. */
  #resend(): void {
    if (this.#shared === null) return;
    this.#sender.resend(this.#shared.replica.pending.filter(({ id }) => id.n > this.#acknowledged));
  }

  #tellCaret(selection: Selection | null): boolean {
    const { replica } = this.#shared ?? {};
    if (replica === undefined || !this.#isWelcome) return false;
    const anchored = selection === null ? null : replica.anchorsOf(selection);
    return this.#connection.send({ t: 'presence', selection: anchored });
  }

  /** The document is opened anew in this window; what the room has not got goes on top of it. */
  #letGo(shared: SharedDocument): void {
    this.seat.handOver();
    this.#carried = shared.replica.pending;
    shared.release();
    this.#shared = null;
    this.#docx = null;
    this.#sender.clear();
    this.#apply({ type: 'reopening' });
  }

  /** This replica no longer agrees with the room. Unsent work stays in the outbox and goes out after the reload. */
  #reload(): void {
    this.#connection.close('reload');
    this.#apply({ type: 'mustReload' });
  }

  #apply(event: RoomEvent): void {
    const next = roomAfter(this.#room, event);
    if (next === this.#room) return;
    this.#room = next;
    this.#publish();
  }

  #publish(): void {
    if (this.#isTelling) return;
    const tell = () => {
      this.#isTelling = false;
      for (const listener of this.#listeners) listener();
    };
    this.#isTelling = this.#deps.afterTyping(tell);
    if (!this.#isTelling) tell();
  }
}

function mayWrite({ permissions }: RoomState): boolean {
  return (
    permissions['document.edit'] ||
    permissions['document.fill'] ||
    permissions['review.comment'] ||
    permissions['review.changes.resolve']
  );
}
