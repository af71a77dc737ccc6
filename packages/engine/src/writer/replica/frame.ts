import type { OoxmlPackage, OoxmlPart, TreeDocOp, TreePackageStore } from '@docx-editor.dev/core/store';
import type { Identity } from './identity.js';
import { fallbackBeside, fallbackFor } from './neighbour.js';
import type { Anchor, Author, CharacterRange, Operation, RefusalReason } from './operation.js';
import { coveredBy, type Overlay } from './overlay.js';
import { REALIGNED, settle } from './settle.js';
import type { SettledPart, TextIntent } from './settled-part.js';
import { modelText, View } from './view.js';

/** How a step brings back nodes under names that it does not make itself. */
export interface Comeback {
  named(pkg: OoxmlPackage): OoxmlPackage;
  readonly kept: ReadonlySet<string>;
}

/** Who does it and when, as written into the document. */
export interface Attribution {
  readonly author: Author;
  readonly time: string;
}

/** A message that is executed: by whom, what of the log they had seen, and where in it the message stands. */
export interface Turn extends Attribution {
  readonly base: number;
  /** Infinity for what is not numbered yet. */
  readonly sequence: number;
}

/** A step that does not happen. `clean` when nothing of it had been applied yet. */
export class StepRefused extends Error {
  constructor(
    readonly reason: RefusalReason,
    readonly detail: string,
    readonly clean: boolean,
  ) {
    super(`${reason}: ${detail}`);
  }
}

export const gone = (what: string) => new StepRefused('target-gone', what, true);
export const malformed = (what: string) => new StepRefused('malformed', what, true);

/** The core's transaction, as far as steps need it. */
export interface Transaction {
  applyTo(partName: string, op: TreeDocOp): boolean;
  applyPackage(edit: (pkg: OoxmlPackage) => OoxmlPackage): boolean;
}

/** One step on the way: applies operations of the core and keeps names and addresses in line after each. */
export class Frame {
  private readonly counts = new Map<string, number>();
  private fresh = 0;
  private temporary = 0;
  private changed = false;
  /** Ids of nodes that replaced blocks bring back. */
  readonly keptIds = new Set<string>();
  private readonly killed: CharacterRange[] = [];
  /** Everything this step settled, for the caller to look at. */
  readonly settled: SettledPart[] = [];

  constructor(
    private readonly transaction: Transaction | null,
    readonly store: TreePackageStore,
    private current: OoxmlPackage,
    readonly overlay: Overlay,
    readonly identity: Identity,
    /** `client.n.step`. */
    readonly key: string,
    readonly attribution: Turn,
    /** Whether this is the replica where the operation is made. */
    readonly authoring: boolean,
  ) {}

  get view(): View {
    return new View(this.current, this.overlay, this.identity);
  }

  /** Whether anything of this step stands in the document already. */
  get touched(): boolean {
    return this.changed;
  }

  /** Addresses changed without an operation of the core. */
  touch(): void {
    this.changed = true;
  }

  get pkg(): OoxmlPackage {
    return this.current;
  }

  /** Author and date of a tracked change. */
  get revision(): { author: string; date: string } {
    return { author: this.attribution.author.name, date: this.attribution.time };
  }

  textIn(part: OoxmlPart, node: string): string {
    return modelText(part, node);
  }

  /** Addresses for `length` new characters of this step. */
  take(length: number): { run: string; from: number; length: number; dead: false } {
    const from = this.fresh;
    this.fresh += length;
    return { run: this.key, from, length, dead: false };
  }

  apply(part: string, op: TreeDocOp, intent?: TextIntent, comeback?: Comeback): void {
    const transaction = this.transaction;
    if (!transaction) throw new Error(`${op.op} needs a transaction.`);
    if (!transaction.applyTo(part, op)) throw new StepRefused('core-refused', op.op, false);
    this.edit((pkg) => comeback?.named(pkg) ?? pkg, intent, comeback?.kept);
  }

  /** An edit of the whole package inside the transaction. */
  edit(change: (pkg: OoxmlPackage) => OoxmlPackage, intent?: TextIntent, kept?: ReadonlySet<string>): void {
    const transaction = this.transaction;
    if (!transaction) throw new Error('A package edit needs a transaction.');
    const ok = transaction.applyPackage((pkg) => this.settleOn(change(pkg), intent, kept));
    if (!ok) throw new StepRefused('core-refused', 'package edit', false);
  }

  /** Puts a package of our own making in place, outside a transaction, under the core's validation. */
  install(pkg: OoxmlPackage, kept: ReadonlySet<string>, intent: TextIntent): void {
    const result = this.store.transact(
      { kind: 'body' },
      (context) => {
        context.applyPackage(() => pkg);
      },
      { recordsHistory: false },
    );
    if (!result.ok) throw new StepRefused('core-refused', `${result.reason} ${result.detail ?? ''}`, true);
    this.adopt(intent, kept);
  }

  /**
   * Refuses a step that kills characters its author did not see: what others wrote meanwhile is not lost with a
   * decision, a value or a refreshed field.
   */
  guard(operation: Operation): void {
    if (this.authoring) return;
    const known = operation.ranges ?? [];
    if (!this.killed.every((range) => coveredBy(range, known)))
      throw new StepRefused('foreign-content', `${operation.kind} would remove what others wrote`, false);
  }

  /** Characters that went with what the author did, for the author to name. */
  lose(ranges: readonly CharacterRange[]): void {
    if (this.authoring) this.killed.push(...ranges);
  }

  /**
   * Refuses a step that only moves or formats and yet takes characters out of the text: bringing the ends of a field
   * together makes all of it one character, and what people wrote in between would be out of everybody's reach.
   */
  expectNothingHidden(operation: Operation): void {
    if (this.killed.length > 0)
      throw new StepRefused('foreign-content', `${operation.kind} would lock text in a field`, false);
  }

  /** The operation with what its author knows only after running it. */
  completed(operation: Operation): Operation {
    if (!this.authoring) return operation;
    // What has a position of its own falls back to it.
    const placed = operation.at !== undefined || operation.kind === 'splitParagraphMany';
    const fallback = placed ? null : this.fallback();
    return {
      ...operation,
      ...(this.killed.length > 0 && !operation.ranges ? { ranges: this.killed } : {}),
      ...(fallback ? { fallback } : {}),
    };
  }

  /** Where text goes that is typed into what this step brings, should it not bring it elsewhere. */
  private fallback(): Anchor | null {
    const added = this.settled.find((each) => each.addedParagraphs.length > 0);
    if (added) return fallbackFor(added, this.overlay, this.identity);
    const isNew = (run: string) => run.startsWith(`${this.key}.${REALIGNED}`);
    for (const each of this.settled) {
      const beside = fallbackBeside(each, isNew, this.overlay, this.identity);
      if (beside) return beside;
    }
    return null;
  }

  /** An id no node has yet; naming replaces it right after. */
  temporaryId(part: string): string {
    return `${part}#new-${this.key}-${this.temporary++}`;
  }

  /** After something outside a transaction changed the store. */
  adopt(intent?: TextIntent, kept?: ReadonlySet<string>): void {
    const after = this.store.currentPackage();
    const settled = this.settleOn(after, intent, kept);
    if (settled !== after) this.store.installAuthoritativePackageSnapshot(settled);
  }

  private settleOn(after: OoxmlPackage, intent?: TextIntent, kept?: ReadonlySet<string>): OoxmlPackage {
    const { pkg, parts, killed } = settle(
      this.current,
      after,
      this.key,
      this.counts,
      this.overlay,
      this.identity,
      intent,
      kept,
    );
    this.changed = true;
    this.killed.push(...killed);
    this.current = pkg;
    this.settled.push(...parts);
    return pkg;
  }
}
