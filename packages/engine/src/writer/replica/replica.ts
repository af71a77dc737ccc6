import {
  bodyStoryRoot,
  type OoxmlPackage,
  storyParagraphs,
  TreePackageStore,
  writeOoxmlPackageKeepingRevisionIds,
} from '@docx-editor.dev/core/store';
import { digestOf } from './digest.js';
import { type Execution, executeSteps, type StepSource, type Workspace } from './execute.js';
import type { Attribution, Turn } from './frame.js';
import { Identity } from './identity.js';
import type {
  Anchor,
  LogEntry,
  Message,
  Operation,
  OperationId,
  OperationKind,
  Outcome,
  Position,
} from './operation.js';
import { Overlay } from './overlay.js';
import { decodeSnapshot, encodeSnapshot, namedParagraphs, openBase } from './snapshot.js';
import { modelText, View } from './view.js';

export type ReplicaSource =
  /** `read` is what an editor has read from the same bytes: sharing its trees spares a second reading. */
  { readonly base: Uint8Array; readonly read?: OoxmlPackage } | { readonly snapshot: Uint8Array };

/** Where in the log a snapshot stands. */
export interface SnapshotPlace {
  readonly sequence: number;
  /** The newest message number of each client up to there. */
  readonly newest: readonly (readonly [string, number])[];
}

/** One copy of a document that executes the log. Pure: no network, clock, file system or randomness. */
export interface Replica {
  /** Executes the next entry. Entries come in order without a gap; a refused one is a no-op on every replica alike. */
  execute(entry: LogEntry): Outcome;
  /** Sequence number of the newest executed entry; 0 for a fresh base. */
  readonly sequence: number;
  /** The newest message number of a client that is part of this document; 0 for none. */
  newestOf(client: string): number;
  /** The document as an immutable package of the core. */
  readonly package: OoxmlPackage;
  /** Model text of the body, one line per paragraph. */
  text(): string;
  /** SHA-256 over name and serialised XML of every part, hex. Equal documents have equal digests. */
  digest(): string;
  /**
   * Everything another replica needs to go on from here, as one block of bytes. With `as`, the same document under
   * another place in the log: an earlier state that others go on from, after everything that `as` names.
   */
  snapshot(as?: SnapshotPlace): Uint8Array;
  /** The current package as docx bytes in the core's normal form. */
  docx(): Uint8Array;
  /** Where an anchor stands now; null only for an address this document never had. */
  resolve(anchor: Anchor): Position | null;
  /** The anchor left of a place; `node` is a node id of this replica's package. */
  anchorAt(place: Position): Anchor | null;
}

export function openReplica(source: ReplicaSource): Replica {
  return DocumentReplica.open(source);
}

/** A replica with the inner doors that the client state machine uses. */
export class DocumentReplica implements Replica {
  private constructor(
    readonly workspace: Workspace,
    private readonly base: Uint8Array,
    private readonly start: OoxmlPackage,
    private executed: number,
    /** The newest message number executed per client. */
    private readonly newest: Map<string, number>,
  ) {}

  static open(source: ReplicaSource): DocumentReplica {
    if ('base' in source) {
      const start = source.read ? namedParagraphs(source.read) : openBase(source.base);
      return new DocumentReplica(
        workspaceOf(start, new Overlay(), new Identity()),
        source.base,
        start,
        0,
        new Map(),
      );
    }
    const { base, start, pkg, overlay, sequence, newest } = decodeSnapshot(source.snapshot);
    return new DocumentReplica(
      workspaceOf(pkg, overlay, new Identity()),
      base,
      start,
      sequence,
      new Map(newest),
    );
  }

  get sequence(): number {
    return this.executed;
  }

  newestOf(client: string): number {
    return this.newest.get(client) ?? 0;
  }

  get package(): OoxmlPackage {
    return this.workspace.store.currentPackage();
  }

  get view(): View {
    return new View(this.package, this.workspace.overlay, this.workspace.identity);
  }

  execute(entry: LogEntry): Outcome {
    if (entry.sequence !== this.executed + 1)
      throw new Error(`Entry ${entry.sequence} cannot follow ${this.executed}: entries come without a gap.`);
    this.executed = entry.sequence;
    const { id } = entry.message;
    if (isOperationId(id)) this.newest.set(id.client, id.n);
    return this.apply(entry.message, entry);
  }

  /** Runs a message without counting it; without a `sequence` it is one that has no number yet. */
  apply(
    { id, ops: given, base }: Message,
    { author, time, sequence = Number.POSITIVE_INFINITY }: Attribution & { readonly sequence?: number },
  ): Outcome {
    const ops: readonly Operation[] = Array.isArray(given) ? given : [];
    const kinds = ops.map(kindOf);
    if (!isOperationId(id)) {
      const refusal = { reason: 'malformed', detail: 'a message without its number' } as const;
      return { state: 'refused', refused: kinds.map((kind, step) => ({ step, kind, ...refusal })) };
    }
    const seen = typeof base === 'number' ? base : Number.POSITIVE_INFINITY;
    const turn = { author, time, base: seen, sequence };
    return this.run(`${id.client}.${id.n}`, turn, kinds, (step) => ops[step] as Operation).outcome;
  }

  run(
    key: string,
    turn: Turn,
    kinds: readonly OperationKind[],
    source: StepSource,
    authoring = false,
  ): Execution {
    return executeSteps(this.workspace, key, turn, kinds, source, authoring);
  }

  /** A local view on top of this replica: own addresses in a layer of its own, the same package to start from. */
  branch(): DocumentReplica {
    const { overlay, identity } = this.workspace;
    const workspace = workspaceOf(this.package, overlay.fork(), identity);
    return new DocumentReplica(workspace, this.base, this.start, this.executed, new Map(this.newest));
  }

  /** A replica of its own that stands where this one stands now and stays there when this one goes on. */
  copy(): DocumentReplica {
    const { overlay, identity } = this.workspace;
    const workspace = workspaceOf(this.package, overlay.copy(), identity);
    return new DocumentReplica(workspace, this.base, this.start, this.executed, new Map(this.newest));
  }

  /** Throws everything local away and stands on `below` again. */
  returnTo(below: DocumentReplica): void {
    this.workspace.store.installAuthoritativePackageSnapshot(below.package);
    this.workspace.overlay = below.workspace.overlay.fork();
    this.executed = below.executed;
  }

  text(): string {
    return textOf(this.package);
  }

  digest(): string {
    return digestOf(this.package);
  }

  snapshot(as: SnapshotPlace = { sequence: this.executed, newest: [...this.newest] }): Uint8Array {
    const { overlay } = this.workspace;
    return encodeSnapshot({ base: this.base, pkg: this.package, overlay, ...as }, this.start);
  }

  docx(): Uint8Array {
    return writeOoxmlPackageKeepingRevisionIds(this.package);
  }

  resolve(anchor: Anchor): Position | null {
    const place = this.view.gap(anchor);
    return place && { part: place.paragraph.part.name, node: place.paragraph.node, offset: place.gap.offset };
  }

  anchorAt(place: Position): Anchor | null {
    const view = this.view;
    const paragraph = view.paragraphByNode(place.node);
    if (!paragraph) return null;
    return view.anchorAt(paragraph, Math.min(place.offset, view.text(paragraph).length));
  }
}

function workspaceOf(pkg: OoxmlPackage, overlay: Overlay, identity: Identity): Workspace {
  const main = pkg.parts.get(pkg.mainDocumentPart);
  if (!main) throw new Error('The package has no main document part.');
  return { store: new TreePackageStore(pkg, main, { historyLimit: 1 }), overlay, identity };
}

const isOperationId = (id: OperationId): boolean =>
  typeof id?.client === 'string' && /^[A-Za-z][A-Za-z0-9_-]*$/.test(id.client) && Number.isSafeInteger(id.n);

/** What a sender calls an operation; any word for what is none. */
function kindOf(operation: Operation): OperationKind {
  const kind: unknown = operation?.kind;
  return (typeof kind === 'string' ? kind.slice(0, 60) : 'none') as OperationKind;
}

export function textOf(pkg: OoxmlPackage): string {
  const main = pkg.parts.get(pkg.mainDocumentPart);
  const root = main && bodyStoryRoot(main);
  if (!main || !root) return '';
  return storyParagraphs(root)
    .map((paragraph) => modelText(main, paragraph.id))
    .join('\n');
}
