import type {
  CollaborationFailureCode,
  CollaborationIdentity,
  CollaborationLocalSelection,
  CollaborationParticipant,
  CollaborationRemoteSelection,
  CollaborationSelectionMove,
  CollaborationStatus,
  CollaborationStatusSnapshot,
  EditorCollaborationSession,
} from '@docx-editor.dev/core/collaboration';
import type { CollaborationDocumentPort } from '@docx-editor.dev/core/collaboration/replication';
import {
  type OoxmlPackage,
  ORIGIN_IDS,
  type StoryScope,
  type TreeDocOp,
  type TreeModelChange,
} from '@docx-editor.dev/core/store';
import type { Install, Selection } from '@officina/engine/writer/replica';
import { type MadeAlong, madeAlong } from './made-along.js';

/** An edit as the editor committed it. */
export interface CommittedEdit extends MadeAlong {
  readonly operations: readonly TreeDocOp[];
  readonly scope: StoryScope;
  readonly created: readonly string[];
  readonly selectionBefore: Selection | null;
}

/** What the seat asks of the session that it belongs to. */
export interface SeatOwner {
  readonly documentId: string;
  readonly clientId: string;
  readonly identity: CollaborationIdentity;
  /** Why an edit may not be made now; null when it may. */
  refusal(operations: readonly TreeDocOp[]): CollaborationFailureCode | null;
  committed(edit: CommittedEdit): void;
  /** The editor committed what it gives no operations for; `edited` is its whole document now. */
  committedOpaque(edited: OoxmlPackage): void;
  canUndo(): boolean;
  canRedo(): boolean;
  undo(): boolean;
  redo(): boolean;
  selectionMoved(selection: Selection | null): void;
  participants(): readonly CollaborationParticipant[];
  remoteSelections(): readonly CollaborationRemoteSelection[];
}

/** What can be read of the mounted editor, in its own node ids. */
export interface EditorView {
  /** Where the caret really stands. */
  selection(): Selection | null;
  /** Paragraphs of the body in their order; walks the document. */
  paragraphIds(): readonly string[];
  /** The document as it stands, immutable. */
  package(): OoxmlPackage | null;
  /** Whether what is done here is a proposal only. */
  isSuggesting?(): boolean;
  /** Puts into the document what was typed since the last frame: the editor collects it until the next one. */
  takeInput?(): void;
}

const NO_VIEW: EditorView = { selection: () => null, paragraphIds: () => [], package: () => null };

/** The editor's place in the room: what the docx editor calls, and the one door through which others' work comes in. */
export class EditorSeat implements EditorCollaborationSession {
  readonly documentId: string;
  readonly sessionId: string;
  readonly identity: CollaborationIdentity;
  readonly #owner: SeatOwner;
  readonly #soon: (task: () => void) => void;
  readonly #statusListeners = new Set<Parameters<EditorCollaborationSession['subscribeStatus']>[0]>();
  readonly #participantListeners = new Set<(participants: readonly CollaborationParticipant[]) => void>();
  readonly #selectionListeners = new Set<(selections: readonly CollaborationRemoteSelection[]) => void>();
  #status: CollaborationStatusSnapshot = {
    status: 'initializing',
    reason: undefined,
    lastFailure: undefined,
  };
  #port: CollaborationDocumentPort | null = null;
  #view = NO_VIEW;
  /** Asked for by the gate, waiting for the change that says it was committed. */
  #gated: { operations: readonly TreeDocOp[]; scope: StoryScope; selectionBefore: Selection | null } | null =
    null;
  #opaqueWaits = false;
  #installing = false;
  #installs = 0;
  #selectionMove: CollaborationSelectionMove | null = null;
  /** What the undo buttons were last told. */
  #history = { canUndo: false, canRedo: false };

  constructor(owner: SeatOwner, soon: (task: () => void) => void) {
    this.#owner = owner;
    this.#soon = soon;
    this.documentId = owner.documentId;
    this.sessionId = owner.clientId;
    this.identity = owner.identity;
  }

  get attached(): boolean {
    return this.#port !== null;
  }

  status(): CollaborationStatus {
    return this.#status.status;
  }

  statusSnapshot(): CollaborationStatusSnapshot {
    return this.#status;
  }

  subscribeStatus(listener: Parameters<EditorCollaborationSession['subscribeStatus']>[0]): () => void {
    return listen(this.#statusListeners, listener);
  }

  attach(port: CollaborationDocumentPort): () => void {
    this.#port = port;
    const unsubscribe = port.subscribe((change) => this.#changed(change));
    this.#setStatus('ready');
    return () => {
      unsubscribe();
      if (this.#port === port) this.#port = null;
    };
  }

  /** Paragraphs of the body in their order; walks the document. */
  paragraphIds(): readonly string[] {
    return this.#view.paragraphIds();
  }

  isSuggesting(): boolean {
    return this.#view.isSuggesting?.() ?? false;
  }

  lookThrough(view: EditorView): void {
    this.#view = view;
  }

  selection(): Selection | null {
    return this.#view.selection();
  }

  /** The selection with its earlier end first; null when it is a caret only. */
  selectedRange(): Selection | null {
    const selection = this.#view.selection();
    if (selection === null) return null;
    const { anchor, head } = selection;
    if (anchor.nodeId === head.nodeId) {
      if (anchor.offset === head.offset) return null;
      return anchor.offset < head.offset ? selection : { anchor: head, head: anchor };
    }
    const order = this.#view.paragraphIds();
    return order.indexOf(anchor.nodeId) < order.indexOf(head.nodeId)
      ? selection
      : { anchor: head, head: anchor };
  }

  gateOperations(operations: readonly TreeDocOp[], scope: StoryScope): CollaborationFailureCode | null {
    if (this.#installing) return null;
    const refusal = this.#owner.refusal(operations);
    if (refusal !== null) return refusal;
    // The editor may reuse the list after the commit. Deep enough: operations are plain values.
    this.#gated = { operations: structuredClone(operations), scope, selectionBefore: this.#view.selection() };
    return null;
  }

  #changed(change: TreeModelChange): void {
    if (this.#installing || change.origin === ORIGIN_IDS.mutationRemote) return;
    const gated = this.#gated;
    this.#gated = null;
    // From here on the caret is the editor's own again.
    this.#selectionMove = null;
    // While a whole document waits to be handed over, this edit is part of it.
    if (this.#opaqueWaits || gated === null || gated.operations.length === 0) this.commitOpaque();
    else {
      const edited = this.#view.package();
      const along = edited === null ? {} : madeAlong(gated.operations, edited);
      this.#owner.committed({ ...gated, ...along, created: change.created });
    }
  }

  /** Hands over the whole document, once the editor is done with it: it places the caret after the commit. */
  commitOpaque(): void {
    if (this.#opaqueWaits) return;
    this.#opaqueWaits = true;
    this.#soon(() => this.#handOverOpaque());
  }

  /** Nothing else may touch the shared document while it lacks what was typed or the editor already has. */
  handOver(): void {
    this.#view.takeInput?.();
    this.#handOverOpaque();
  }

  /** Has the letters that the editor has collected taken into the document and painted now. */
  takeInput(): void {
    this.#view.takeInput?.();
  }

  #handOverOpaque(): void {
    if (!this.#opaqueWaits) return;
    this.#opaqueWaits = false;
    const edited = this.#view.package();
    if (edited !== null) this.#owner.committedOpaque(edited);
  }

  /** Shows `install` in the editor, the caret carried along; nothing happens before the editor has attached. */
  install({ package: pkg, selection }: Install): boolean {
    if (this.#port === null) return false;
    this.#selectionMove = selection;
    this.#installing = true;
    this.#installs += 1;
    try {
      const result = this.#port.applyRemotePackage(pkg, {
        origin: ORIGIN_IDS.mutationRemote,
        actorId: 'room',
        operationId: `${this.sessionId}:install:${this.#installs}`,
      });
      if (!result.ok) throw new Error(`the editor refused the merged document: ${result.reason}`);
    } finally {
      this.#installing = false;
    }
    return true;
  }

  remoteSelectionMove(): CollaborationSelectionMove | null {
    return this.#selectionMove;
  }

  canUndo(): boolean {
    return this.#owner.canUndo();
  }

  canRedo(): boolean {
    return this.#owner.canRedo();
  }

  undo(): boolean {
    return this.#owner.undo();
  }

  redo(): boolean {
    return this.#owner.redo();
  }

  setLocalSelection(selection: CollaborationLocalSelection | null): void {
    // What is published is addressed by paragraph identity, and null after some remote changes: ask the editor instead.
    const current = this.#view.selection();
    if (current !== null || selection === null) this.#owner.selectionMoved(current);
  }

  participants(): readonly CollaborationParticipant[] {
    return this.#owner.participants();
  }

  subscribeParticipants(listener: (participants: readonly CollaborationParticipant[]) => void): () => void {
    return listen(this.#participantListeners, listener);
  }

  participantsChanged(): void {
    const participants = this.#owner.participants();
    for (const listener of this.#participantListeners) listener(participants);
  }

  remoteSelections(): readonly CollaborationRemoteSelection[] {
    return this.#owner.remoteSelections();
  }

  subscribeRemoteSelections(
    listener: (selections: readonly CollaborationRemoteSelection[]) => void,
  ): () => void {
    return listen(this.#selectionListeners, listener);
  }

  remoteSelectionsChanged(): void {
    if (this.#selectionListeners.size === 0) return;
    const selections = this.#owner.remoteSelections();
    for (const listener of this.#selectionListeners) listener(selections);
  }

  /**
   * The undo buttons ask again: the editor reads `canUndo` when the status says something. It then draws its toolbars
   * anew, so it is told only what it does not know.
   */
  historyChanged(): void {
    const [canUndo, canRedo] = [this.#owner.canUndo(), this.#owner.canRedo()];
    if (this.#history.canUndo === canUndo && this.#history.canRedo === canRedo) return;
    this.#history = { canUndo, canRedo };
    for (const listener of this.#statusListeners) listener(this.#status.status);
  }

  /** Edits are handed over in the commit itself; nothing waits. */
  flushPendingJournals(): void {}

  /** The editor gave the document up. The session behind lives on: a remount takes the same seat. */
  destroy(): void {
    this.#port = null;
  }

  #setStatus(status: CollaborationStatus): void {
    if (this.#status.status === status) return;
    this.#status = { ...this.#status, status };
    for (const listener of this.#statusListeners) listener(status);
  }
}

function listen<T>(listeners: Set<T>, listener: T): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
