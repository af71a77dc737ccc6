import type { OoxmlPackage, StoryScope, TreeDocOp } from '@docx-editor.dev/core/store';
import type { ChangePlace } from './decisions.js';
import type { Anchor, Author, Message, Refusal } from './operation.js';

/** A caret or selection in the editor's own node ids. */
export interface Selection {
  readonly anchor: { readonly nodeId: string; readonly offset: number };
  readonly head: { readonly nodeId: string; readonly offset: number };
}

/** A selection that survives everything: to be sent as presence. */
export interface AnchoredSelection {
  readonly anchor: Anchor;
  readonly head: Anchor;
}

/** What the editor committed: the gate's list and the change it published right after. */
export interface LocalEdit {
  readonly operations: readonly TreeDocOp[];
  readonly scope: StoryScope;
  /** `TreeModelChange.created` of the same commit, in its order: the editor's ids of new blocks. */
  readonly created: readonly string[];
  /** Targets of link relationships the editor made with it, by relationship id. */
  readonly links?: Readonly<Record<string, string>>;
  /** Kinds of the lists the editor defined with it, by `numId`: it mints that number in a way of its own. */
  readonly lists?: Readonly<Record<string, 'bullet' | 'ordered'>>;
  /** Edits with the same group undo together. Without one, edits closer than the idle limit do. */
  readonly group?: string;
  /** Milliseconds on any steady clock, for grouping only. */
  readonly at: number;
  /** The selection before this edit, restored by undo. */
  readonly selectionBefore?: Selection | null;
}

/** Install this package into the editor (`applyRemotePackage`, origin `mutationRemote`) and carry the selection. */
export interface Install {
  readonly package: OoxmlPackage;
  /** For `remoteSelectionMove()`; null when there is no known selection. */
  readonly selection: { readonly from: Selection; readonly to: Selection } | null;
}

/** What to do after a local step. `send` goes out as it is; the client keeps it until it is acknowledged. */
export interface Step {
  readonly send: Message | null;
  /** Set when the editor should show the client's package instead of its own. */
  readonly install: Install | null;
  readonly refused: readonly Refusal[];
  /** The operations cannot carry this edit: hand its result to `commitPackage`. */
  readonly needsPackage: boolean;
}

/** Own work that was refused, with the text it carried, to be offered back. */
export interface RefusedWork {
  readonly message: Message;
  readonly why: string;
  readonly refused: readonly Refusal[];
  readonly text: string;
}

/** What came of entries from the server. */
export interface Received {
  readonly install: Install | null;
  /** Own messages now durable, by number. */
  readonly acknowledged: readonly number[];
  readonly refused: readonly RefusedWork[];
  /** Own work that had lost its lock, made anew: it goes out like what a local step sends. */
  readonly send: readonly Message[];
}

export interface ClientOptions {
  /** Random per tab and page load; a letter, then letters, digits, `-` or `_`. */
  readonly client: string;
  readonly author: Author;
  /** ISO time for the local echo of tracked changes; the server's time replaces it. */
  readonly now: () => string;
  /** Own messages kept from before a reload or crash, oldest first, never acknowledged. */
  readonly pending?: readonly Message[];
  /**
   * Set when the id is taken up again after a reload: the highest of its numbers that the room has. The window before
   * may have sent more than it had kept, so new work is numbered well above both.
   */
  readonly takenUpAt?: number;
}

/** What an app or a command asks for that the editor has not done itself; the result is to be installed. */
export type Intent =
  | {
      readonly do: 'operations';
      readonly operations: readonly TreeDocOp[];
      readonly scope: StoryScope;
      /** Where the tracked changes stand that are decided, in the editor's own node ids. */
      readonly changed?: readonly ChangePlace[];
    }
  | {
      readonly do: 'comment';
      readonly selection: Selection;
      readonly text: string;
      readonly initials?: string;
      readonly replyTo?: string;
    }
  | { readonly do: 'resolveComment'; readonly comment: string; readonly resolved: boolean }
  | { readonly do: 'deleteComment'; readonly comment: string; readonly parent?: string }
  | {
      readonly do: 'insertImage';
      readonly at: { readonly nodeId: string; readonly offset: number };
      readonly bytes: Uint8Array;
      readonly mime: string;
      readonly widthEmu: number;
      readonly heightEmu: number;
      readonly title?: string;
      readonly description?: string;
      readonly tracked?: boolean;
    }
  | {
      readonly do: 'pasteFragment';
      readonly at: { readonly nodeId: string; readonly offset: number };
      /** A docx package, as the core's clipboard writes it. */
      readonly fragment: Uint8Array;
      readonly lastMarkCovered: boolean;
      readonly tracked?: boolean;
    };

/** What undo or redo came to. `why` is set when it was refused: nothing changed. */
export interface Undone extends Step {
  readonly done: boolean;
  readonly why: string | null;
}
