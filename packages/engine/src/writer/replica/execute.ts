import type { TreePackageStore } from '@docx-editor.dev/core/store';
import { CARRIAGE } from './carriage.js';
import { Frame, malformed, StepRefused, type Transaction, type Turn } from './frame.js';
import type { Identity } from './identity.js';
import { bringsText, lockedBy, type Unlocked, withoutLocks } from './locks.js';
import { IN_STORY, runNamedStep } from './named.js';
import type { Operation, OperationKind, Outcome, Refusal, RefusalReason } from './operation.js';
import type { Overlay } from './overlay.js';
import { bandMadeBefore, runPackageStep } from './package-steps.js';
import { expectSafeNodes } from './safety.js';
import type { SettledPart } from './settled-part.js';
import { flawOf } from './shapes.js';
import { runStoryStep } from './steps.js';
import { NotCarried } from './translate.js';

/** A document that operations run on: the core's store, the addresses beside it, the names of its nodes. */
export interface Workspace {
  readonly store: TreePackageStore;
  overlay: Overlay;
  readonly identity: Identity;
}

/** One step to run; made against the state right before it, so that an author can translate as it goes. */
export type StepSource = (step: number, frame: Frame) => Operation;

export interface Execution {
  readonly outcome: Outcome;
  /** What ran, in order; refused steps are missing. */
  readonly operations: readonly (Operation | undefined)[];
  /** What each step changed. */
  readonly settled: readonly (readonly SettledPart[])[];
  /** Ids the core gave new blocks, in the order it reports them. */
  readonly created: readonly string[];
}

type Lane = 'story' | 'package' | 'named';

function laneOf(kind: OperationKind): Lane {
  if (IN_STORY.has(kind)) return 'story';
  if (!Object.hasOwn(CARRIAGE, kind)) return 'named';
  const carriage = CARRIAGE[kind as keyof typeof CARRIAGE];
  return carriage === 'package' ? 'package' : carriage === 'named' ? 'named' : 'story';
}

/**
 * Runs the steps of one message. Neighbouring story steps share one transaction of the core. A step that cannot
 * happen is a no-op, the same on every replica, and leaves word where text meant for it goes; the others run.
 */
export function executeSteps(
  workspace: Workspace,
  messageKey: string,
  turn: Turn,
  kinds: readonly OperationKind[],
  source: StepSource,
  authoring = false,
): Execution {
  const operations: (Operation | undefined)[] = [];
  const settled: (readonly SettledPart[])[] = [];
  const refused: Refusal[] = [];
  const created: string[] = [];
  let start = 0;
  let alone = false;
  while (start < kinds.length) {
    const lane = laneOf(kinds[start] as OperationKind);
    let end = start + 1;
    if (lane === 'story' && !alone)
      while (end < kinds.length && laneOf(kinds[end] as OperationKind) === 'story') end++;
    const group = { workspace, messageKey, turn, kinds, source, start, end, authoring };
    const done = lane === 'story' ? runStoryGroup(group) : runAlone(group, lane);
    if (!done) {
      alone = true;
      continue;
    }
    operations.push(...done.operations);
    settled.push(...done.settled);
    refused.push(...done.refused);
    if (done.refused.length > 0) workspace.overlay.refuse(actorOf(messageKey), turn.sequence);
    created.push(...done.created);
    start = end;
  }
  const state = refused.length > 0 && refused.length === kinds.length ? 'refused' : 'applied';
  return { outcome: { state, refused }, operations, settled, created };
}

interface Group {
  readonly workspace: Workspace;
  readonly messageKey: string;
  readonly turn: Turn;
  readonly kinds: readonly OperationKind[];
  readonly source: StepSource;
  readonly start: number;
  readonly end: number;
  readonly authoring: boolean;
}

interface GroupDone {
  readonly operations: readonly (Operation | undefined)[];
  readonly settled: readonly (readonly SettledPart[])[];
  readonly refused: readonly Refusal[];
  readonly created: readonly string[];
}

/** A step failed half-way: the whole transaction is thrown away and run again without it. */
class Abandoned extends Error {
  constructor(
    readonly step: number,
    readonly why: StepRefused,
  ) {
    super(why.message);
  }
}

/** Runs a transaction of the core. A step that the core itself refuses has already failed it; its reason comes along. */
function transacted(store: TreePackageStore, run: (context: Transaction) => void, actorId: string) {
  let abandoned: Abandoned | null = null;
  try {
    const result = store.transact(
      { kind: 'body' },
      (context) => {
        try {
          run(context);
        } catch (error) {
          if (!(error instanceof Abandoned)) throw error;
          abandoned = error;
          if (error.why.reason !== 'core-refused') throw error;
        }
      },
      { recordsHistory: false, actorId },
    );
    if (abandoned === null) return result;
    const { step, why } = abandoned as Abandoned;
    if (result.ok) throw new Error(`The core refused ${why.detail} and committed all the same.`);
    const reason = result.reason === 'locked' ? 'locked' : 'core-refused';
    return new Abandoned(step, new StepRefused(reason, `${why.detail}: ${result.reason}`, true));
  } catch (error) {
    if (error instanceof Abandoned) return error;
    throw error;
  }
}

/** Null when the group as a whole was refused at its commit and each step has to stand alone. */
function runStoryGroup(group: Group): GroupDone | null {
  const { workspace, messageKey, turn, kinds, source, start, end, authoring } = group;
  const { store, identity } = workspace;
  const skipped = new Map<number, Refusal>();
  let unlocked: Unlocked | null = null;
  const yielding = () => yieldingLocks(workspace.overlay, messageKey, turn, skipped.size > 0);
  const made: (Operation | undefined)[] = [];
  const mayUnlock = (step: number, reason: RefusalReason): boolean =>
    reason === 'locked' &&
    unlocked === null &&
    bringsText(kinds[step] as OperationKind) &&
    yielding().length > 0;
  for (;;) {
    const layer = workspace.overlay.fork();
    const settled: (readonly SettledPart[])[] = [];
    let last: Frame | null = null;
    const run = (context: Transaction): void => {
      let pkg = store.currentPackage();
      for (let step = start; step < end; step++) {
        settled[step - start] = [];
        if (skipped.has(step)) continue;
        const key = `${messageKey}.${step}`;
        const frame = new Frame(context, store, pkg, layer, identity, key, turn, authoring);
        try {
          const operation = source(step, frame);
          expectWellFormed(operation);
          made[step - start] = operation;
          if (IN_STORY.has(operation.kind)) runNamedStep(frame, operation);
          else runStoryStep(frame, operation);
          expectSafeStep(frame);
          made[step - start] = frame.completed(operation);
          for (const lock of lockedBy(operation, frame.settled, identity)) layer.lock(lock, turn.sequence);
        } catch (error) {
          const why = refusalFrom(error, kinds[step] as OperationKind);
          if (!why.clean || frame.touched) throw new Abandoned(step, why);
          skipped.set(step, refusalOf(step, kinds, why));
        }
        settled[step - start] = frame.settled;
        pkg = frame.pkg;
        last = frame;
      }
    };
    const before = store.currentPackage();
    if (unlocked) store.installAuthoritativePackageSnapshot(unlocked.pkg);
    const result = contained(() => {
      const done = transacted(store, run, actorOf(messageKey));
      if (!(done instanceof Abandoned) && done.ok) (last as Frame | null)?.adopt();
      return done;
    });
    if (unlocked) {
      const ran = !(result instanceof Error) && result.ok;
      store.installAuthoritativePackageSnapshot(ran ? unlocked.locked(store.currentPackage()) : before);
    }
    if (result instanceof StepRefused) {
      if (store.currentPackage() !== before) store.installAuthoritativePackageSnapshot(before);
      const left = kinds.slice(start, end).filter((_, i) => !skipped.has(start + i)).length;
      if (left > 1 || end - start > 1) return null;
      if (left === 0) throw result;
      skipped.set(start, refusalOf(start, kinds, result));
      continue;
    }
    if (result instanceof Abandoned) {
      if (mayUnlock(result.step, result.why.reason)) {
        if (end - start > 1) return null;
        unlocked = withoutLocks(before, yielding(), identity);
      } else skipped.set(result.step, refusalOf(result.step, kinds, result.why));
      continue;
    }
    if (!result.ok) {
      if (end - start > 1) return null;
      const reason = result.reason === 'locked' ? 'locked' : 'core-refused';
      const why = new StepRefused(reason, `${kinds[start]}: ${result.reason}`, true);
      if (mayUnlock(start, reason)) unlocked = withoutLocks(before, yielding(), identity);
      else skipped.set(start, refusalOf(start, kinds, why));
      continue;
    }
    for (const [step] of skipped) {
      forward(layer, `${messageKey}.${step}`, made[step - start]);
      made[step - start] = undefined;
    }
    // What a comparison named can be less here than where it was made: text goes beside it all the same.
    made.forEach((operation, i) => {
      if (operation?.fallback) layer.forward(`${messageKey}.${start + i}`, operation.fallback);
    });
    layer.merge();
    for (let step = start; step < end; step++) made[step - start] ??= undefined;
    const created = result.change?.created ?? [];
    return {
      operations: made,
      settled,
      created,
      refused: [...skipped.values()].sort((a, b) => a.step - b.step),
    };
  }
}

function runAlone(group: Group, lane: Lane): GroupDone {
  const { workspace, messageKey, turn, kinds, source, start, authoring } = group;
  const { store, identity } = workspace;
  const before = store.currentPackage();
  const kind = kinds[start] as OperationKind;
  const younger = bringsText(kind) ? yieldingLocks(workspace.overlay, messageKey, turn) : [];
  const key = `${messageKey}.${start}`;
  let unlocked: Unlocked | null = null;
  for (;;) {
    const layer = workspace.overlay.fork();
    if (unlocked) store.installAuthoritativePackageSnapshot(unlocked.pkg);
    const frame = new Frame(null, store, store.currentPackage(), layer, identity, key, turn, authoring);
    let operation: Operation | undefined;
    try {
      operation = source(start, frame);
      expectWellFormed(operation);
      if (lane === 'package') runPackageStep(frame, operation);
      else runNamedStep(frame, operation);
      expectSafeStep(frame);
      const done = frame.completed(operation);
      for (const lock of lockedBy(operation, frame.settled, identity)) layer.lock(lock, turn.sequence);
      if (unlocked) store.installAuthoritativePackageSnapshot(unlocked.locked(store.currentPackage()));
      if (done.fallback) layer.forward(key, done.fallback);
      layer.merge();
      return { operations: [done], settled: [frame.settled], refused: [], created: [] };
    } catch (error) {
      const why = refusalFrom(error, kind);
      if (store.currentPackage() !== before) store.installAuthoritativePackageSnapshot(before);
      if (why.reason === 'locked' && younger.length > 0 && !unlocked) {
        unlocked = withoutLocks(before, younger, identity);
        continue;
      }
      const standing = new Frame(null, store, before, layer, identity, key, turn, false);
      const band = operation && flawOf(operation) === null ? bandMadeBefore(standing, operation) : null;
      if (band) workspace.overlay.forward(key, band);
      else forward(workspace.overlay, key, operation);
      return { operations: [undefined], settled: [[]], refused: [refusalOf(start, kinds, why)], created: [] };
    }
  }
}

/**
 * The locks that do not stop text of this message: those its author could not know, and once something of theirs was
 * refused that they could not know of either, all that came in the session. What they were writing into was then another
 * document: one that they had unlocked, or in which the place was not yet the one it came to.
 */
function yieldingLocks(
  overlay: Overlay,
  messageKey: string,
  { base }: Turn,
  refusedHere = false,
): readonly string[] {
  const unaware = refusedHere || overlay.refusalOf(actorOf(messageKey)) > base;
  return overlay.lockedAfter(unaware ? 0 : base);
}

function expectSafeStep(frame: Frame): void {
  for (const part of frame.settled) expectSafeNodes(part);
}

function expectWellFormed(operation: Operation): void {
  const flaw = flawOf(operation);
  if (flaw !== null) throw malformed(flaw);
}

/**
 * What a step threw, as a refusal. Whatever the core cannot digest of somebody's operation must not take the document
 * from everybody else: same state, same operation, same core, so that every replica refuses it alike.
 */
function refusalFrom(error: unknown, kind: OperationKind): StepRefused {
  if (error instanceof StepRefused) return error;
  if (error instanceof NotCarried) throw error;
  const words = error instanceof Error ? error.message : String(error);
  return new StepRefused('malformed', `${kind}: ${words.slice(0, 200)}`, false);
}

/** What a transaction as a whole came to; a refusal when the core fell over what the steps left behind. */
function contained<T>(run: () => T): T | StepRefused {
  try {
    return run();
  } catch (error) {
    return refusalFrom(error, 'replaceBlocks');
  }
}

/** The core scopes the numbers it writes into the XML by actor: same actor, same state, same numbers. */
function actorOf(messageKey: string): string {
  return messageKey.slice(0, messageKey.indexOf('.'));
}

function refusalOf(step: number, kinds: readonly OperationKind[], error: StepRefused): Refusal {
  return { step, kind: kinds[step] as OperationKind, reason: error.reason, detail: error.detail };
}

/** Only of an operation whose shape holds: nothing else has an anchor to go by. */
function forward(overlay: Overlay, key: string, operation: Operation | undefined): void {
  if (operation && flawOf(operation) !== null) return;
  const range = operation?.ranges?.[0];
  const anchor =
    operation?.fallback ?? operation?.at ?? (range ? ([range[0], range[1]] as const) : undefined);
  if (anchor) overlay.forward(key, anchor);
}
