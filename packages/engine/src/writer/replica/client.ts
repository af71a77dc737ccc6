import type { OoxmlPackage, StoryScope, TreeDocOp } from '@docx-editor.dev/core/store';
import type { Anchor, LogEntry, Message, Refusal } from './operation.js';

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

/** What to do after a local step. `send` goes out as it is; keep it until acknowledged (the client does too). */
export interface Step {
  readonly send: Message | null;
  /** Set when the editor should show the client's package instead of its own. */
  readonly install: Install | null;
  readonly refused: readonly Refusal[];
}

/** What came of entries from the server. */
export interface Received {
  readonly install: Install | null;
  /** Own messages now durable, by number. */
  readonly acknowledged: readonly number[];
  /** Own work that the merged document refused, with the text it carried, to be offered back. */
  readonly refused: readonly {
    readonly message: Message;
    readonly refused: readonly Refusal[];
    readonly text: string;
  }[];
}
