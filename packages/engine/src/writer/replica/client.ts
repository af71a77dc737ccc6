import type { OoxmlPackage, TreeDocOp } from '@docx-editor.dev/core/store';
import { type Attempt, attemptOn } from './attempt.js';
import { differenceOf, touchedBy } from './blocks.js';
import type {
  AnchoredSelection,
  ClientOptions,
  Install,
  Intent,
  LocalEdit,
  Received,
  RefusedWork,
  Selection,
  Step,
  Undone,
} from './client-values.js';
import { adoptEditorIds, makesWhatIsNamed, wentElsewhere } from './editor-ids.js';
import type { StepSource } from './execute.js';
import type { Attribution } from './frame.js';
import { type Done, History, type Unit } from './history.js';
import { partOf } from './identity.js';
import type {
  JsonValue,
  LogEntry,
  Message,
  Operation,
  OperationKind,
  Outcome,
  Refusal,
} from './operation.js';
import { stepsOf } from './perform.js';
import { GIVEN_UP, lostItsLock, NOT_JOINED, refusedWork, worded } from './refused-work.js';
import { RENEWALS, Renewals, standingOf } from './renewal.js';
import { DocumentReplica, type ReplicaSource } from './replica.js';
import { partOfScope } from './scope.js';
import { losesSomething, takingBack } from './taking-back.js';
import { translate } from './translate.js';

/** Kinds whose local result the editor already shows exactly, so that nothing needs installing. */
const SHOWN_AS_TYPED: ReadonlySet<string> = new Set<OperationKind>([
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

/** Kinds that make nothing but paragraphs, in the order the editor reports them. */
const SPLITS: ReadonlySet<string> = new Set<OperationKind>([
  'splitParagraph',
  'splitParagraphMany',
  'insertText',
  'deleteText',
]);

/** More messages than a window that closed can have had on their way to the room. */
const STILL_UNDER_WAY = 1000;

const FLOWING: ReadonlySet<string> = new Set<OperationKind>(['insertText', 'deleteText']);

/** What came of taking one unit back: done, impossible by now, or nothing that anybody would see. */
type Taken = { readonly done: Done } | { readonly blocked: Refusal } | { readonly changed: false };

/**
 * One person's side of co-editing, without socket and without editor. It holds the confirmed document, the local
 * view with the own work not yet confirmed on top, and that work. The editor is never blocked.
 */
export class CoeditingClient {
  private confirmed: DocumentReplica;
  private local: DocumentReplica;
  private readonly unconfirmed: Message[] = [];
  private readonly history = new History();
  private readonly renewals: Renewals;
  private next = 1;
  private selected: Selection | null = null;

  constructor(
    source: ReplicaSource,
    private readonly options: ClientOptions,
  ) {
    this.confirmed = DocumentReplica.open(source);
    this.local = this.confirmed.branch();
    this.renewals = new Renewals(options.client);
    const done = this.confirmed.newestOf(options.client);
    this.next = done + 1;
    for (const message of options.pending ?? []) {
      if (message.id.n <= done) continue;
      this.unconfirmed.push(message);
      this.renewals.watch(message);
      this.next = message.id.n + 1;
      this.replay(message);
    }
    if (options.takenUpAt !== undefined)
      this.next = Math.max(this.next, options.takenUpAt + 1) + STILL_UNDER_WAY;
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

  get canUndo(): boolean {
    return this.history.canUndo;
  }

  get canRedo(): boolean {
    return this.history.canRedo;
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
    const around = {
      part: partOfScope(this.local.package, edit.scope),
      ...(edit.links ? { links: edit.links } : {}),
      ...(edit.lists ? { lists: edit.lists } : {}),
    };
    const source: StepSource = (step, frame) =>
      translate(frame.view, edit.operations[step] as TreeDocOp, around, frame.key);
    const anchorsBefore = edit.selectionBefore ? this.anchorsOf(edit.selectionBefore) : null;
    const { identity } = this.local.workspace;
    const kinds = edit.operations.map((op) => op.op);
    if (kinds.every((kind) => SPLITS.has(kind))) identity.expect(edit.created);
    const attempt = this.attempt(kinds, source);
    identity.endExpectation(attempt?.execution.outcome.refused.length === 0);
    if (!attempt) return { send: null, install: null, refused: [], needsPackage: true };
    const { created, group, at } = edit;
    const edited = { created, elsewhere: wentElsewhere(attempt.execution, edit.operations) };
    return this.conclude(attempt, edited, { group, at, selectionBefore: anchorsBefore });
  }

  /** Something the editor did not do itself: runs it here; the result is to be installed. */
  perform(intent: Intent, at: number, group?: string): Step {
    const { kinds, source } = stepsOf(intent);
    const anchors = this.selectionAnchors();
    const attempt = this.attempt(kinds, source);
    if (!attempt) return { send: null, install: null, refused: [], needsPackage: true };
    return this.conclude(attempt, null, { group, at, selectionBefore: anchors });
  }

  /** The editor did something that no operations describe: `edited` is its whole document now, in its own trees. */
  commitPackage(edited: OoxmlPackage, at: number, group?: string): Step {
    const values = differenceOf(this.local.package, edited, this.local.view, { keepNames: false });
    const anchors = this.selectionAnchors();
    if (!values) return { send: null, install: this.installed(anchors), refused: [], needsPackage: false };
    const attempt = this.attempt(['replaceBlocks'], () => ({ kind: 'replaceBlocks', values }));
    if (!attempt) throw new Error('Replacing blocks is always carried.');
    return this.conclude(attempt, null, { group, at, selectionBefore: anchors });
  }

  undo(): Undone {
    return this.takeBack('undo');
  }

  redo(): Undone {
    return this.takeBack('redo');
  }

  /** Entries from the server, in order. Batch what arrived in one frame: there is one rebuild per call. */
  receive(entries: readonly LogEntry[]): Received {
    const anchors = this.selectionAnchors();
    const acknowledged: number[] = [];
    const refused: RefusedWork[] = [];
    const unlocked: { message: Message; outcome: Outcome }[] = [];
    let stale = false;
    for (const entry of entries) {
      if (entry.sequence <= this.confirmed.sequence) continue;
      const outcome = this.renewals.execute(this.confirmed, entry);
      const { id } = entry.message;
      if (id.client !== this.options.client) {
        stale = true;
        continue;
      }
      if (this.unconfirmed[0]?.id.n === id.n) this.unconfirmed.shift();
      else stale = true;
      acknowledged.push(id.n);
      if (outcome.refused.some(lostItsLock)) {
        stale = true;
        unlocked.push({ message: entry.message, outcome });
        continue;
      }
      this.renewals.forget(id.n);
      if (outcome.refused.length > 0) {
        stale = true;
        if (outcome.state === 'refused') this.history.forget(id.n);
        refused.push(refusedWork(entry.message, 'the document', outcome));
      }
      if (entry.message.ops.some(writesAttribution)) stale = true;
    }
    if (!stale) return { install: null, acknowledged, refused, send: [] };
    this.rebuild();
    const send: Message[] = [];
    for (const { message, outcome } of unlocked) {
      const renewed = this.renew(message.id.n);
      if (renewed.send) send.push(renewed.send);
      if (!renewed.why) continue;
      if (outcome.state === 'refused') this.history.forget(message.id.n);
      refused.push(refusedWork(message, renewed.why, worded(outcome, renewed.why)));
    }
    return { install: this.installed(anchors), acknowledged, refused, send };
  }

  /** The server refused a message before numbering it. Later messages keep their numbers. */
  reject(n: number, why: string): Received {
    const anchors = this.selectionAnchors();
    const index = this.unconfirmed.findIndex((message) => message.id.n === n);
    const [message] = index < 0 ? [] : this.unconfirmed.splice(index, 1);
    if (!message) return { install: null, acknowledged: [], refused: [], send: [] };
    this.history.forget(n);
    this.renewals.forget(n);
    this.rebuild();
    const refused = [refusedWork(message, why, { state: 'refused', refused: [] })];
    return { install: this.installed(anchors), acknowledged: [], refused, send: [] };
  }

  /** A newer snapshot than this client can be brought to by entries. Pending work is kept. */
  restart(source: ReplicaSource): Received {
    const anchors = this.selectionAnchors();
    this.confirmed = DocumentReplica.open(source);
    this.local = this.confirmed.branch();
    this.renewals.forgetAll();
    const done = this.confirmed.newestOf(this.options.client);
    const acknowledged: number[] = [];
    for (let first = this.unconfirmed[0]; first && first.id.n <= done; first = this.unconfirmed[0]) {
      acknowledged.push(first.id.n);
      this.unconfirmed.shift();
    }
    for (const message of this.unconfirmed) {
      this.renewals.watch(message);
      this.replay(message);
    }
    return { install: this.installed(anchors), acknowledged, refused: [], send: [] };
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

  /** Runs steps on the local view so that they can still be dropped; null when operations cannot carry them. */
  private attempt(kinds: readonly OperationKind[], source: StepSource): Attempt | null {
    const turn = { ...this.attribution, base: this.sequence, sequence: Number.POSITIVE_INFINITY };
    return attemptOn(this.local, this.key, turn, kinds, source);
  }

  /** Keeps what an attempt did: to be sent, to be undone, to be shown. `edited` is null when the editor did not do it. */
  private conclude(
    attempt: Attempt,
    edited: { readonly created: readonly string[]; readonly elsewhere: boolean } | null,
    unit: { group: string | undefined; at: number; selectionBefore: AnchoredSelection | null },
  ): Step {
    const { execution, operations, inverses, before, standing } = attempt;
    const { refused } = execution.outcome;
    const anchors = this.selectionAnchors();
    if (operations.length === 0) {
      attempt.drop();
      return { send: null, install: this.installed(anchors), refused, needsPackage: false };
    }
    attempt.settle();
    const paired =
      edited !== null && refused.length === 0 && adoptEditorIds(this.local, execution, edited.created);
    const send = this.keep(operations);
    // Steps name what they make by their place in the message: without the refused ones the names are others.
    if (refused.length > 0) this.rebuild();
    const done: Done = { message: send, inverses, before, standing, after: this.local.package };
    const flowing = operations.every((each) => FLOWING.has(each.kind) && !each.tracked);
    this.history.record(done, { ...unit, flowing });
    const asTyped = paired && operations.every((each) => SHOWN_AS_TYPED.has(each.kind));
    const shown = asTyped && !edited.elsewhere && !makesWhatIsNamed(execution);
    return { send, install: shown ? null : this.installed(anchors), refused, needsPackage: false };
  }

  /** Takes the newest own unit back that still can be; what has become impossible is told and never tried again. */
  private takeBack(direction: 'undo' | 'redo'): Undone {
    const anchors = this.selectionAnchors();
    const refused: Refusal[] = [];
    for (let unit = this.history.next(direction); unit; unit = this.history.next(direction)) {
      const taken = this.takeUnitBack(unit);
      this.history.moved(direction, 'done' in taken ? taken.done : null);
      if ('blocked' in taken) refused.push(taken.blocked);
      if (!('done' in taken)) continue;
      const install = this.installed(unit.selectionBefore ?? anchors);
      return { done: true, why: null, send: taken.done.message, install, refused, needsPackage: false };
    }
    const why = refused[0]?.detail ?? `there is nothing to ${direction}`;
    return { done: false, why, send: null, install: null, refused, needsPackage: false };
  }

  /** Putting the blocks back loses nothing; where others changed them since, what is lost is less than the rest. */
  private takeUnitBack(unit: Unit): Taken {
    const isLossy = unit.done.some(({ inverses }) => inverses.some(losesSomething));
    const whole = isLossy ? this.tryToTakeBack(unit, true) : null;
    return whole && 'done' in whole ? whole : this.tryToTakeBack(unit, false);
  }

  private tryToTakeBack(unit: Unit, whole: boolean): Taken {
    const sources = unit.done
      .slice()
      .reverse()
      .flatMap((done) => takingBack(done, whole && done.inverses.some(losesSomething), this.local.view));
    const attempt = this.attempt(
      sources.map((op) => op.kind),
      (step) => sources[step] as Operation,
    );
    if (!attempt) throw new Error('What takes back own work is always carried.');
    const { execution, operations, inverses, before, standing } = attempt;
    const { refused } = execution.outcome;
    const all = sources.length === refused.length;
    const blocked = refused.find((each) => all || each.reason !== 'target-gone');
    const after = this.local.package;
    // Of what others deleted, too, nothing is to be seen: it comes back when they take theirs back as well.
    const shows = differenceOf(before, after, this.local.view, { keepNames: true });
    if (blocked || !(shows || this.local.workspace.overlay.takesDeletionsBack)) {
      attempt.drop();
      return blocked ? { blocked } : { changed: false };
    }
    const send = this.keep(operations);
    attempt.settle();
    if (refused.length > 0) this.rebuild();
    return { done: { message: send, inverses, before, standing, after: this.local.package } };
  }

  private keep(ops: readonly Operation[], tries = 0): Message {
    const id = { client: this.options.client, n: this.next++ };
    const touch = ops.flatMap((op) => (op.kind === 'replaceBlocks' && op.values ? touchedBy(op.values) : []));
    const base = this.confirmed.sequence;
    const message: Message = touch.length > 0 ? { id, base, ops, touch } : { id, base, ops };
    this.unconfirmed.push(message);
    this.renewals.watch(message, tries);
    return message;
  }

  /** Makes a replacement anew that came too late; why not, when it cannot be. */
  private renew(n: number): { send: Message | null; why: string | null } {
    const tries = this.renewals.triesOf(n);
    const echo = this.attribution;
    const joined = this.renewals.joined(n, this.unconfirmed, echo);
    this.renewals.forget(n);
    if (tries === null || !joined) return { send: null, why: NOT_JOINED };
    if (tries >= RENEWALS) return { send: null, why: GIVEN_UP };
    this.rebuild(echo);
    const difference = differenceOf(this.local.package, joined.package, this.local.view, { keepNames: true });
    // What it brought is there by another way.
    if (!difference) return { send: null, why: null };
    const values = { ...difference, standing: standingOf(difference, joined) as unknown as JsonValue };
    const attempt = this.attempt(['replaceBlocks'], () => ({ kind: 'replaceBlocks', values }));
    if (attempt?.execution.outcome.state !== 'applied') {
      attempt?.drop();
      return { send: null, why: NOT_JOINED };
    }
    attempt.settle();
    const { operations, inverses, before, standing } = attempt;
    const send = this.keep(operations, tries + 1);
    this.history.renew(n, { message: send, inverses, before, standing, after: this.local.package });
    return { send, why: null };
  }

  private replay(message: Message, attribution = this.attribution): void {
    this.local.apply(message, attribution);
  }

  private rebuild(attribution?: Attribution): void {
    this.local.returnTo(this.confirmed);
    for (const message of this.unconfirmed) this.replay(message, attribution);
  }

  private installed(anchors: AnchoredSelection | null): Install {
    const from = this.selected;
    const to = anchors && this.selectionOf(anchors);
    if (to) this.selected = to;
    return { package: this.local.package, selection: from && to ? { from, to } : null };
  }
}

/** The confirmed document carries the server's author and time; the local echo only a guess. */
function writesAttribution(op: Operation): boolean {
  return op.tracked === true || op.kind === 'addComment' || op.kind === 'replyComment';
}
