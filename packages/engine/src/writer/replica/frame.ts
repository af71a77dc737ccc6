import type { OoxmlPackage, OoxmlPart, TreeDocOp, TreePackageStore } from '@docx-editor.dev/core/store';
import type { Identity } from './identity.js';
import type { Author, RefusalReason } from './operation.js';
import type { Overlay } from './overlay.js';
import { type SettledPart, settle, type TextIntent } from './settle.js';
import { modelText, View } from './view.js';

/** Who does it and when, as written into the document. */
export interface Attribution {
  readonly author: Author;
  readonly time: string;
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
    readonly attribution: Attribution,
  ) {}

  get view(): View {
    return new View(this.current, this.overlay, this.identity);
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

  apply(part: string, op: TreeDocOp, intent?: TextIntent): void {
    const transaction = this.transaction;
    if (!transaction) throw new Error(`${op.op} needs a transaction.`);
    if (!transaction.applyTo(part, op)) throw new StepRefused('core-refused', op.op, false);
    this.edit((pkg) => pkg, intent);
  }

  /** An edit of the whole package inside the transaction. */
  edit(change: (pkg: OoxmlPackage) => OoxmlPackage, intent?: TextIntent): void {
    const transaction = this.transaction;
    if (!transaction) throw new Error('A package edit needs a transaction.');
    const ok = transaction.applyPackage((pkg) => this.settleOn(change(pkg), intent));
    if (!ok) throw new StepRefused('core-refused', 'package edit', false);
  }

  /** Puts a package of our own making in place, outside a transaction, under the core's validation. */
  install(pkg: OoxmlPackage): void {
    const result = this.store.transact(
      { kind: 'body' },
      (context) => {
        context.applyPackage(() => pkg);
      },
      { recordsHistory: false },
    );
    if (!result.ok) throw new StepRefused('core-refused', `${result.reason} ${result.detail ?? ''}`, true);
    this.adopt();
  }

  /** An id no node has yet; naming replaces it right after. */
  temporaryId(part: string): string {
    return `${part}#new-${this.key}-${this.temporary++}`;
  }

  /** After something outside a transaction changed the store. */
  adopt(intent?: TextIntent): void {
    const after = this.store.currentPackage();
    const settled = this.settleOn(after, intent);
    if (settled !== after) this.store.installAuthoritativePackageSnapshot(settled);
  }

  private settleOn(after: OoxmlPackage, intent?: TextIntent): OoxmlPackage {
    const { pkg, parts } = settle(
      this.current,
      after,
      this.key,
      this.counts,
      this.overlay,
      this.identity,
      intent,
    );
    this.current = pkg;
    this.settled.push(...parts);
    return pkg;
  }
}
