import {
  findNode,
  type OoxmlElement,
  type OoxmlParagraphNode,
  segmentsOf,
} from '@docx-editor.dev/core/store';
import type { Identity } from './identity.js';
import type { LogicalId } from './operation.js';
import { implicitPieces, liveLength, type Overlay, type Piece, startOf } from './overlay.js';
import type { SettledPart } from './settled-part.js';
import { modelText, paragraphOrder, textOfParagraph } from './view.js';

/**
 * Text that goes from one paragraph to another in a way no intent explained: a decision about the end of a paragraph
 * brings two together or parts one. A character goes where its text node goes, under the address it has.
 */

/** A paragraph before a step. */
interface Left {
  readonly logical: LogicalId;
  readonly paragraph: OoxmlElement;
  readonly text: string;
  readonly pieces: readonly Piece[];
  /** Whether it is gone with the step: its mark goes with the first of its characters. */
  readonly removed: boolean;
}

/** A paragraph after it. */
interface Reached {
  readonly logical: LogicalId;
  readonly paragraph: OoxmlElement;
  readonly text: string;
}

/** One live character, some dead ones, or where a paragraph began. */
interface Unit {
  readonly piece: Piece | null;
  /** Begins a paragraph that is gone now. */
  readonly mark?: LogicalId;
  readonly begins?: LogicalId;
}

const spansOf = (paragraph: OoxmlElement) => segmentsOf(paragraph as OoxmlParagraphNode);

/** Brings the overlay in line with it; the pieces of these paragraphs before and after, or null where no text moved. */
export function takeAlong(
  { before, after, change, addedParagraphs }: SettledPart,
  known: ReadonlyMap<LogicalId, readonly Piece[] | null | undefined>,
  overlay: Overlay,
  identity: Identity,
  newRun: () => string,
): { readonly before: readonly Piece[]; readonly after: readonly Piece[] } | null {
  if (!before || change.removedParagraphs.length + change.addedParagraphs.length === 0) return null;
  const lefts: Left[] = [];
  const reached: Reached[] = [];
  for (const [paragraph, now] of change.changedParagraphs) {
    const logical = identity.logicalOf(now.id);
    const earlier = known.get(logical);
    const [was, text] = [textOfParagraph(before, paragraph), modelText(after, now.id)];
    if (overlay.pieces(logical) !== earlier || was === text) continue;
    const pieces = earlier ?? implicitPieces(logical, was.length);
    lefts.push({ logical, paragraph, text: was, pieces, removed: false });
    reached.push({ logical, paragraph: now, text });
  }
  for (const paragraph of change.removedParagraphs) {
    const logical = identity.logicalOf(paragraph.id);
    const entry = overlay.pieces(logical);
    if (entry === null) continue;
    const text = textOfParagraph(before, paragraph);
    const pieces = entry ?? implicitPieces(logical, text.length);
    if (liveLength(pieces) === text.length) lefts.push({ logical, paragraph, text, pieces, removed: true });
  }
  for (const logical of addedParagraphs) {
    const paragraph = findNode(after, identity.nodeOf(logical));
    if (overlay.pieces(logical) !== undefined || paragraph?.kind !== 'paragraph') continue;
    reached.push({ logical, paragraph, text: modelText(after, paragraph.id) });
  }
  if (reached.length === 0 || !textMoved(lefts, reached)) return null;
  const [then, now] = [paragraphOrder(before), paragraphOrder(after)];
  lefts.sort((a, b) => then.indexOf(a.paragraph.id) - then.indexOf(b.paragraph.id));
  reached.sort((a, b) => now.indexOf(a.paragraph.id) - now.indexOf(b.paragraph.id));
  const pieces = regrouped(lefts, reached, newRun);
  for (const { logical, removed } of lefts) if (removed) overlay.drop(logical);
  for (const [i, { logical }] of reached.entries()) overlay.write(logical, pieces[i] as readonly Piece[]);
  return { before: lefts.flatMap((each) => each.pieces), after: pieces.flat() };
}

/** Whether a text node of one of these paragraphs stands in another one now. */
function textMoved(lefts: readonly Left[], reached: readonly Reached[]): boolean {
  const home = new Map<string, LogicalId>();
  for (const { logical, paragraph } of lefts)
    for (const { node } of spansOf(paragraph)) home.set(node.id, logical);
  return reached.some(({ logical, paragraph }) =>
    spansOf(paragraph).some(({ node }) => home.has(node.id) && home.get(node.id) !== logical),
  );
}

/** The pieces of each paragraph afterwards. `lefts` and `reached` in the order of the document. */
function regrouped(
  lefts: readonly Left[],
  reached: readonly Reached[],
  newRun: () => string,
): readonly (readonly Piece[])[] {
  const { units, place } = unitsOf(lefts);
  const targets = targetsOf(lefts, reached);
  const living = new Set(targets.flatMap((target) => [...target].filter((from) => from >= 0)));
  const unitOf = new Map<number, number>();
  place.forEach((unit, at) => {
    if (living.has(at)) unitOf.set(at, unit);
    else units[unit] = { piece: { ...(units[unit] as Unit & { piece: Piece }).piece, dead: true } };
  });
  const isLive = (unit: Unit) => unit.piece?.dead === false;
  const isStart = (unit: Unit) => unit.begins !== undefined;
  const done = new Set<number>();
  const emit = (into: number[], unit: number): void => {
    if (done.has(unit)) return;
    done.add(unit);
    into.push(unit);
  };
  const outs: number[][] = targets.map((target) => {
    const out: number[] = [];
    let fresh = 0;
    for (const from of target) {
      const unit = unitOf.get(from);
      if (unit === undefined) {
        out.push(-1 - fresh++);
        continue;
      }
      // What is dead in front of the first character of a paragraph goes with it, all else with the character before.
      let front = unit;
      while (front > 0 && !isLive(units[front - 1] as Unit) && !isStart(units[front] as Unit)) front--;
      if (isStart(units[front] as Unit)) for (let i = front; i < unit; i++) emit(out, i);
      emit(out, unit);
      for (let i = unit + 1; i < units.length; i++) {
        const next = units[i] as Unit;
        if (isLive(next) || isStart(next)) break;
        emit(out, i);
      }
    }
    return out;
  });
  for (let i = 0; i < units.length; i++) {
    if (done.has(i)) continue;
    let end = i + 1;
    while (end < units.length && !done.has(end) && !isStart(units[end] as Unit)) end++;
    const rest = Array.from({ length: end - i }, (_, k) => i + k);
    for (const each of rest) done.add(each);
    const { begins, mark } = units[i] as Unit;
    const own = mark === undefined ? reached.findIndex(({ logical }) => logical === begins) : -1;
    const before = own < 0 && i > 0 ? outs.findIndex((out) => out.includes(i - 1)) : -1;
    const out = outs[Math.max(own, before, 0)] as number[];
    out.splice(before >= 0 ? out.indexOf(i - 1) + 1 : 0, 0, ...rest);
  }
  return outs.map((out) => piecesOf(out, units, newRun()));
}

/** All that stood there, in order, and which unit each live character is. */
function unitsOf(lefts: readonly Left[]): { units: Unit[]; place: number[] } {
  const units: Unit[] = [];
  const place: number[] = [];
  for (const { logical, pieces, removed } of lefts) {
    units.push({ piece: null, begins: logical, ...(removed ? { mark: logical } : {}) });
    for (const piece of pieces) {
      if (piece.dead) units.push({ piece });
      else
        for (let i = 0; i < piece.length; i++) {
          place.push(units.length);
          units.push({ piece: { ...piece, from: piece.from + i, length: 1 } });
        }
    }
  }
  return { units, place };
}

/** For each paragraph, which character each of its characters was (-1: new), counted over all that was left. */
function targetsOf(lefts: readonly Left[], reached: readonly Reached[]): readonly Int32Array[] {
  const oldText = lefts.map(({ text }) => text).join('');
  const taken = new Uint8Array(oldText.length);
  const spans = new Map<string, readonly [number, number]>();
  const homes = new Map<LogicalId, readonly [number, number]>();
  let base = 0;
  for (const { logical, paragraph, text } of lefts) {
    for (const { node, start, end } of spansOf(paragraph)) spans.set(node.id, [base + start, base + end]);
    homes.set(logical, [base, base + text.length]);
    base += text.length;
  }
  return reached
    .map(({ paragraph, text, logical }) => {
      const target = new Int32Array(text.length).fill(-1);
      const match = (a: number, aEnd: number, b: number, bEnd: number): void => {
        const free = (x: number, y: number) => !taken[x] && target[y] === -1 && oldText[x] === text[y];
        const take = (x: number, y: number) => {
          taken[x] = 1;
          target[y] = x;
        };
        while (a < aEnd && b < bEnd && free(a, b)) take(a++, b++);
        while (aEnd > a && bEnd > b && free(aEnd - 1, bEnd - 1)) take(--aEnd, --bEnd);
      };
      for (const { node, start, end } of spansOf(paragraph)) {
        const span = spans.get(node.id);
        if (span) match(...span, start, end);
      }
      return { target, match, home: homes.get(logical), length: text.length };
    })
    .map(({ target, match, home, length }) => {
      if (home) match(...home, 0, length);
      return target;
    });
}

function piecesOf(out: readonly number[], units: readonly Unit[], run: string): readonly Piece[] {
  const result: Piece[] = [];
  for (const index of out) {
    const unit = units[index];
    if (unit && !unit.piece) {
      // Also where a paragraph that stays began: who was writing at the end of what stands before it goes on there.
      const mark = unit.mark ?? (result.some((each) => !each.dead) ? unit.begins : undefined);
      if (mark !== undefined) result.push({ run: startOf(mark), from: 0, length: 0, dead: true });
      continue;
    }
    const piece: Piece = unit?.piece ?? { run, from: -1 - index, length: 1, dead: false };
    const last = result.at(-1);
    const joins =
      last &&
      last.length > 0 &&
      piece.length > 0 &&
      last.run === piece.run &&
      last.dead === piece.dead &&
      last.again === piece.again &&
      last.from + last.length === piece.from;
    if (joins) result[result.length - 1] = { ...last, length: last.length + piece.length };
    else result.push(piece);
  }
  return result;
}
