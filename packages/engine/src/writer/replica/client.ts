import {
  findNode,
  type OoxmlPackage,
  replaceNode,
  type StoryScope,
  type TreeDocOp,
  withPart,
} from '@docx-editor.dev/core/store';
import type { Execution } from './execute.js';
import { partOf } from './identity.js';
import type { Anchor, Author, LogEntry, Message, Operation, Outcome, Refusal } from './operation.js';
import { DocumentReplica, type ReplicaSource } from './replica.js';
import { partOfScope } from './scope.js';
import { NotCarried, translate } from './translate.js';

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
}

export interface ClientOptions {
  /** Random per tab and page load; a letter, then letters, digits, `-` or `_`. */
  readonly client: string;
  readonly author: Author;
  /** ISO time for the local echo of tracked changes; the server's time replaces it. */
  readonly now: () => string;
  /** Own messages kept from before a reload or crash, oldest first, never acknowledged. */
  readonly pending?: readonly Message[];
}

/** Kinds whose local result the editor already shows exactly, so that nothing needs installing. */
const SHOWN_AS_TYPED: ReadonlySet<string> = new Set([
  'insertText',
  'deleteText',
  'splitParagraph',
  'splitParagraphMany',
  'joinParagraphs',
  'setRunProperties',
  'setParagraphProperties',
  'setParagraphMarkProperties',
  'insertTab',
  'insertHardBreak',
  'insertPageBreak',
]);

/**
 * One person's side of co-editing, without socket and without editor. It holds the confirmed document, the local
 * view with the own work not yet confirmed on top, and that work. The editor is never blocked.
 */
export class CoeditingClient {
  private confirmed: DocumentReplica;
  private local: DocumentReplica;
  private readonly unconfirmed: Message[] = [];
  private next = 1;
  private selected: Selection | null = null;

  constructor(
    source: ReplicaSource,
    private readonly options: ClientOptions,
  ) {
    this.confirmed = DocumentReplica.open(source);
    this.local = this.confirmed.branch();
    for (const message of options.pending ?? []) {
      this.unconfirmed.push(message);
      this.next = message.id.n + 1;
      this.replay(message);
    }
  }

  /** The local view: what the editor shows. */
  get package(): OoxmlPackage {
    return this.local.package;
  }

  /** The newest entry executed; sent when joining again. */
  get sequence(): number {
    return this.confirmed.sequence;
  }

  /** Own work not yet acknowledged, oldest first: resend unchanged after a reconnect, keep across a reload. */
  get pending(): readonly Message[] {
    return this.unconfirmed;
  }

  /** Digest of the confirmed document at `sequence`, for the comparison between replicas. */
  digest(): string {
    return this.confirmed.digest();
  }

  get confirmedReplica(): DocumentReplica {
    return this.confirmed;
  }

  get localReplica(): DocumentReplica {
    return this.local;
  }

  /** The editor committed something. */
  commit(edit: LocalEdit): Step {
    const part = partOfScope(this.local.package, edit.scope);
    const around = { part, ...(edit.links ? { links: edit.links } : {}) };
    const { workspace } = this.local;
    const before = this.local.package;
    const standing = workspace.overlay;
    workspace.overlay = standing.fork();
    let execution: Execution;
    try {
      execution = this.local.run(
        this.key,
        this.attribution,
        edit.operations.map((op) => op.op),
        (step, frame) => translate(frame.view, edit.operations[step] as TreeDocOp, around, frame.key),
      );
    } catch (error) {
      workspace.overlay = standing;
      workspace.store.installAuthoritativePackageSnapshot(before);
      if (!(error instanceof NotCarried)) throw error;
      return { send: null, install: null, refused: [], needsPackage: true };
    }
    workspace.overlay.merge();
    workspace.overlay = standing;
    const { outcome } = execution;
    const ops = execution.operations.filter((each) => each !== undefined);
    if (ops.length === 0) {
      return {
        send: null,
        install: this.installed(this.selectionAnchors()),
        refused: outcome.refused,
        needsPackage: false,
      };
    }
    const whole = outcome.refused.length === 0;
    const paired = whole && this.adoptEditorIds(execution, edit.created);
    const send = this.keep(ops);
    // Steps name what they make by their place in the message: without the refused ones the names are others.
    const anchors = this.selectionAnchors();
    if (!whole) this.rebuild();
    const shown = paired && ops.every((each) => SHOWN_AS_TYPED.has(each.kind));
    return {
      send,
      install: shown ? null : this.installed(anchors),
      refused: outcome.refused,
      needsPackage: false,
    };
  }

  /** Entries from the server, in order. Batch what arrived in one frame: there is one rebuild per call. */
  receive(entries: readonly LogEntry[]): Received {
    const anchors = this.selectionAnchors();
    const acknowledged: number[] = [];
    const refused: RefusedWork[] = [];
    let stale = false;
    for (const entry of entries) {
      if (entry.sequence <= this.confirmed.sequence) continue;
      const outcome = this.confirmed.execute(entry);
      const { id } = entry.message;
      if (id.client !== this.options.client) {
        stale = true;
        continue;
      }
      const first = this.unconfirmed[0];
      if (first?.id.n === id.n) this.unconfirmed.shift();
      else stale = true;
      acknowledged.push(id.n);
      if (outcome.refused.length > 0) {
        stale = true;
        refused.push(refusedWork(entry.message, 'the document', outcome));
      }
      if (entry.message.ops.some(writesAttribution)) stale = true;
    }
    if (!stale) return { install: null, acknowledged, refused };
    this.rebuild();
    return { install: this.installed(anchors), acknowledged, refused };
  }

  /** The server refused a message before numbering it. */
  reject(n: number, why: string): Received {
    const anchors = this.selectionAnchors();
    const index = this.unconfirmed.findIndex((message) => message.id.n === n);
    const [message] = index < 0 ? [] : this.unconfirmed.splice(index, 1);
    if (!message) return { install: null, acknowledged: [], refused: [] };
    this.rebuild();
    const refused = [refusedWork(message, why, { state: 'refused', refused: [] })];
    return { install: this.installed(anchors), acknowledged: [], refused };
  }

  /** A newer snapshot than this client can be brought to by entries. Pending work is kept. */
  restart(source: ReplicaSource): Received {
    const anchors = this.selectionAnchors();
    this.confirmed = DocumentReplica.open(source);
    this.local = this.confirmed.branch();
    for (const message of this.unconfirmed) this.replay(message);
    return { install: this.installed(anchors), acknowledged: [], refused: [] };
  }

  /** The editor's selection. Null from the editor after a remote change is not a fact: do not pass it on. */
  select(selection: Selection | null): void {
    this.selected = selection;
  }

  /** The selection as anchors, for presence. */
  selectionAnchors(): AnchoredSelection | null {
    return this.selected && this.anchorsOf(this.selected);
  }

  anchorsOf(selection: Selection): AnchoredSelection | null {
    const at = ({ nodeId, offset }: Selection['anchor']) =>
      this.local.anchorAt({ part: partOf(nodeId), node: nodeId, offset });
    const anchor = at(selection.anchor);
    const head = at(selection.head);
    return anchor && head && { anchor, head };
  }

  /** Where somebody's anchored selection stands in the editor now. */
  selectionOf(anchored: AnchoredSelection): Selection | null {
    const anchor = this.local.resolve(anchored.anchor);
    const head = this.local.resolve(anchored.head);
    if (!anchor || !head) return null;
    return {
      anchor: { nodeId: anchor.node, offset: anchor.offset },
      head: { nodeId: head.node, offset: head.offset },
    };
  }

  private get key(): string {
    return `${this.options.client}.${this.next}`;
  }

  private get attribution() {
    return { author: this.options.author, time: this.options.now() };
  }

  private keep(ops: readonly Operation[]): Message {
    const id = { client: this.options.client, n: this.next++ };
    const message: Message = { id, base: this.confirmed.sequence, ops };
    this.unconfirmed.push(message);
    return message;
  }

  private replay(message: Message): void {
    const kinds = message.ops.map((op) => op.kind);
    const key = `${message.id.client}.${message.id.n}`;
    this.local.run(key, this.attribution, kinds, (step) => message.ops[step] as Operation);
  }

  private rebuild(): void {
    this.local.returnTo(this.confirmed);
    for (const message of this.unconfirmed) this.replay(message);
  }

  private installed(anchors: AnchoredSelection | null): Install {
    const from = this.selected;
    const to = anchors && this.selectionOf(anchors);
    if (to) this.selected = to;
    return { package: this.local.package, selection: from && to ? { from, to } : null };
  }

  /** New blocks keep the ids the editor gave them, so that the paragraph under the caret is never renamed. */
  private adoptEditorIds(execution: Execution, created: readonly string[]): boolean {
    if (created.length !== execution.created.length) return created.length === 0;
    if (created.length === 0) return true;
    const names = new Map<string, string>();
    for (const step of execution.settled)
      for (const { names: each } of step) for (const [raw, name] of each) names.set(raw, name);
    let pkg = this.local.package;
    for (let i = 0; i < created.length; i++) {
      const id = created[i] as string;
      const name = names.get(execution.created[i] as string);
      const part = pkg.parts.get(partOf(id));
      const node = name && part ? findNode(part, name) : null;
      if (!name || !part || !node || findNode(part, id)) return false;
      const renamed = replaceNode(part, name, Object.freeze({ ...node, id }), { deferValidation: true });
      if (!renamed.ok) return false;
      pkg = withPart(pkg, renamed.part);
      this.local.workspace.identity.alias(name, id);
    }
    this.local.workspace.store.installAuthoritativePackageSnapshot(pkg);
    return true;
  }
}

/** The confirmed document carries the server's author and time; the local echo only a guess. */
function writesAttribution(op: Operation): boolean {
  return op.tracked === true || op.kind === 'addComment' || op.kind === 'replyComment';
}

function refusedWork(message: Message, why: string, outcome: Outcome): RefusedWork {
  const steps = outcome.refused.map((each) => each.step);
  const ops = steps.length > 0 ? steps.map((step) => message.ops[step]) : message.ops;
  const text = ops.map((op) => (typeof op?.values?.text === 'string' ? op.values.text : '')).join('');
  return { message, why, refused: outcome.refused, text };
}
