import type { TreeDocOpKind } from '@docx-editor.dev/core/store';

/**
 * What travels between replicas. A message is one atomic edit of one person: a list of operations whose
 * addresses are character ids and logical node ids only, never an offset and never a node id of the core.
 * Everything here is plain JSON.
 */

export type JsonValue =
  | null
  | boolean
  | number
  | string
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue };

/** `client` is random per tab and page load; `n` counts 1, 2, 3 … without a gap. */
export interface OperationId {
  readonly client: string;
  readonly n: number;
}

/**
 * Names a node the same way on every replica: the parse id for what the file held, and
 * `part#client.n.step.kind+ordinal` for what an operation made.
 */
export type LogicalId = string;

/**
 * A gap between characters, named by the character directly left of it: `[run, index]`.
 * A run is one insertion (`client.n.step`), or `@paragraph` for the text the file held.
 * `['^paragraph', 0]` is the start of a paragraph.
 */
export type Anchor = readonly [run: string, index: number];

/** Characters `from` (inclusive) to `to` (exclusive) of one run, wherever they stand now. */
export type CharacterRange = readonly [run: string, from: number, to: number];

/** One property element of the run or paragraph vocabulary (`w:rPr`, `w:pPr`). */
export interface Property {
  readonly localName: string;
  readonly attributes?: Readonly<Record<string, string>>;
}

/** What a person changed about properties: the rest of each run or paragraph stays as it is. */
export interface PropertyDelta {
  readonly set: readonly Property[];
  readonly remove: readonly string[];
}

/** Kinds of our own, for what the editor does without an operation of the core. */
export type NamedKind =
  | 'addComment'
  | 'replyComment'
  | 'resolveComment'
  | 'deleteComment'
  | 'insertImage'
  | 'pasteFragment'
  | 'reviveText'
  | 'replaceBlocks';

export type OperationKind = TreeDocOpKind | NamedKind;

/**
 * One operation. How a kind is carried stands in `carriage.ts`, which is exhaustive.
 * `values` is the core's operation with its addresses exchanged: `{"$node": id}` for a node,
 * `{"$at": anchor}` in place of `paragraphId` and `offset`, `{"$over": ranges}` in place of `paragraphId`,
 * `start` and `end`, `{"$bytes": base64}` for bytes (in memory the bytes themselves).
 */
export interface Operation {
  readonly kind: OperationKind;
  /** The part the operation writes to, when it is not the main document and no address says so. */
  readonly part?: string;
  readonly at?: Anchor;
  readonly ranges?: readonly CharacterRange[];
  readonly delta?: PropertyDelta;
  readonly values?: Readonly<Record<string, JsonValue>>;
  /** A tracked change. Author and date come from the log entry, never from the sender. */
  readonly tracked?: true;
  /** Where text typed into what this operation creates lands when the creation is refused. */
  readonly fallback?: Anchor;
}

/** What a client sends: one atomic edit. */
export interface Message {
  readonly id: OperationId;
  /** The newest sequence number its author had executed. */
  readonly base: number;
  readonly ops: readonly Operation[];
  /** Logical ids of the blocks this message holds a lock on (replace-blocks only). */
  readonly touch?: readonly LogicalId[];
}

/** Who did it, as the server knows them. `name` is written as author of tracked changes and comments. */
export interface Author {
  readonly id: string;
  readonly name: string;
}

/** A message with its place in the document's order. Author and time are the server's. */
export interface LogEntry {
  readonly sequence: number;
  readonly message: Message;
  readonly author: Author;
  /** ISO 8601, UTC, written by the server. */
  readonly time: string;
}

/** Why a replica did nothing. The same entry on the same state gives the same answer everywhere. */
export type RefusalReason =
  | 'target-gone'
  | 'target-changed'
  | 'foreign-content'
  | 'locked'
  | 'not-carried'
  | 'malformed'
  | 'core-refused';

export interface Refusal {
  /** Index in `message.ops`. */
  readonly step: number;
  readonly kind: OperationKind;
  readonly reason: RefusalReason;
  readonly detail: string;
}

/** `applied` when at least one step changed or kept its meaning; refused steps are no-ops on every replica alike. */
export type Outcome =
  | { readonly state: 'applied'; readonly refused: readonly Refusal[] }
  | { readonly state: 'refused'; readonly refused: readonly Refusal[] };

/** A caret place in a replica's current state. `node` is the node id in that replica's package. */
export interface Position {
  readonly part: string;
  readonly node: string;
  readonly offset: number;
}

export { CORE_VERSION } from '../version.js';
