import { extentOf, lettersOf, regained, sameCharacters } from './alignment.js';
import type { Frame } from './frame.js';
import {
  buried,
  cutAt,
  type Gap,
  gapAt,
  implicitPieces,
  insertAt,
  killBetween,
  liveLength,
  type Piece,
  rangesBetween,
  startOf,
} from './overlay.js';
import type { TextIntent } from './settled-part.js';
import { type Found, modelText } from './view.js';

/** What each kind of text operation knows about where characters went. */

/**
 * New characters stand at a gap. They get this step's addresses even when the core did more than insert (a
 * placeholder gave way, a replaced character went), so that every replica knows them by the same name.
 */
export function inserted(
  frame: Frame,
  paragraph: Found,
  pieces: readonly Piece[],
  gap: Gap,
  text?: string,
): TextIntent {
  const before = modelText(paragraph.part, paragraph.node);
  return (settled) => {
    const part = settled.find((each) => each.after.name === paragraph.part.name);
    if (!part) return;
    const after = modelText(part.after, paragraph.node);
    const grown = after.length - before.length;
    const came = grown > 0 ? cameAt(before, after, gap.offset) : null;
    if (came !== null) {
      const piece = frame.take(grown);
      const there = came === gap.offset ? gap : gapAt(paragraph.logical, pieces, came);
      frame.overlay.write(paragraph.logical, insertAt(pieces, there, piece), [piece]);
      return;
    }
    let start = 0;
    while (start < gap.offset && start < after.length && before[start] === after[start]) start++;
    let end = 0;
    const most = Math.min(before.length, after.length) - start;
    while (end < most && before[before.length - 1 - end] === after[after.length - 1 - end]) end++;
    const middle = after.slice(start, after.length - end);
    if (middle === '') return;
    const at = text === undefined ? 0 : middle.indexOf(text);
    if (at < 0) return;
    const own = frame.take(text?.length ?? middle.length);
    const rest = middle.length - at - own.length;
    const made = [...(at > 0 ? [frame.take(at)] : []), own, ...(rest > 0 ? [frame.take(rest)] : [])];
    frame.lose(rangesBetween(pieces, start, before.length - end));
    const killed = killBetween(pieces, start, before.length - end);
    const [head, tail] = cutAt(killed, gapAt(paragraph.logical, killed, start));
    frame.overlay.write(paragraph.logical, [...head, ...made, ...tail], made);
  };
}

/**
 * Where text came into a paragraph that lost none; of several places the nearest to the one that was meant. The core
 * puts what is typed into the middle of struck text behind it.
 */
function cameAt(before: string, after: string, meant: number): number | null {
  const grown = after.length - before.length;
  let first = before.length;
  while (first > 0 && before[first - 1] === after[first - 1 + grown]) first--;
  let last = 0;
  while (last < before.length && before[last] === after[last]) last++;
  return first > last ? null : Math.min(Math.max(meant, first), last);
}

export function removed(
  frame: Frame,
  paragraph: Found,
  pieces: readonly Piece[],
  start: number,
  end: number,
): TextIntent {
  const before = modelText(paragraph.part, paragraph.node);
  return (settled) => {
    const part = settled.find((each) => each.after.name === paragraph.part.name);
    if (!part) return;
    if (modelText(part.after, paragraph.node).length !== before.length - (end - start)) return;
    frame.overlay.write(paragraph.logical, killBetween(pieces, start, end), []);
  };
}

/** One paragraph became several at ascending gaps. */
export function split(
  frame: Frame,
  paragraph: Found,
  pieces: readonly Piece[],
  gaps: readonly Gap[],
): TextIntent {
  const before = modelText(paragraph.part, paragraph.node);
  return (settled) => {
    const part = settled.find((each) => each.after.name === paragraph.part.name);
    const tails = part?.addedParagraphs ?? [];
    if (!part || tails.length !== gaps.length) return;
    let head = pieces;
    let end = before.length;
    for (let i = gaps.length - 1; i >= 0; i--) {
      const gap = gaps[i] as Gap;
      const [left, right] = cutAt(head, gap);
      const tail = tails[i] as string;
      const text = modelText(part.after, frame.identity.nodeOf(tail));
      frame.overlay.write(tail, fitted(right, before.slice(gap.offset, end), text, frame));
      head = left;
      end = gap.offset;
    }
    const text = modelText(part.after, paragraph.node);
    const kept = fitted(head, before.slice(0, end), text, frame);
    frame.overlay.write(paragraph.logical, kept, kept === head ? [] : kept);
  };
}

/** A split can change what counts as a character (a field cut from its end): the rest keeps its addresses. */
function fitted(pieces: readonly Piece[], expected: string, actual: string, frame: Frame): readonly Piece[] {
  if (expected === actual) return pieces;
  return regained(pieces, sameCharacters(expected, actual), expected.length, () => {
    const { run, from } = frame.take(1);
    return [run, from];
  });
}

export function joined(
  frame: Frame,
  first: Found,
  firstPieces: readonly Piece[],
  second: Found,
  secondPieces: readonly Piece[],
): TextIntent {
  return (settled) => {
    const part = settled.find((each) => each.after.name === first.part.name);
    if (!part) return;
    const removedIds = new Set(part.change.removedParagraphs.map((node) => node.id));
    const [kept, lost] = removedIds.has(first.node) ? [second, first] : [first, second];
    if (!removedIds.has(lost.node)) return;
    const mark: Piece = { run: startOf(lost.logical), from: 0, length: 0, dead: true };
    const pieces =
      lost === second ? [...firstPieces, mark, ...secondPieces] : [mark, ...firstPieces, ...secondPieces];
    // The two ends of a field can open it, and it counts otherwise: then the comparison finds what went where.
    if (liveLength(pieces) !== modelText(part.after, kept.node).length) return;
    frame.overlay.drop(lost.logical);
    frame.overlay.write(kept.logical, pieces);
  };
}

/** A fragment went in at a gap: the text right of it stands at the end of the last new paragraph, or still here. */
export function pasted(frame: Frame, paragraph: Found, pieces: readonly Piece[], gap: Gap): TextIntent {
  const before = modelText(paragraph.part, paragraph.node);
  const headText = before.slice(0, gap.offset);
  const tailText = before.slice(gap.offset);
  const simple = inserted(frame, paragraph, pieces, gap);
  return (settled) => {
    const part = settled.find((each) => each.after.name === paragraph.part.name);
    if (!part) return;
    const here = modelText(part.after, paragraph.node);
    const added = part.addedParagraphs;
    const [head, tail] = cutAt(pieces, gap);
    const textOf = (logical: string | undefined) =>
      logical ? modelText(part.after, frame.identity.nodeOf(logical)) : '';
    const last = added.at(-1);
    const first = added[0];
    const put = (front: string, frontNow: string, back: string, backNow: string): void => {
      const [frontEnd, backLength] = [
        extentOf(headText, frontNow),
        extentOf(turned(tailText), turned(backNow)),
      ];
      const backStart = backNow.length - backLength;
      const take = (length: number) => (length > 0 ? [frame.take(length)] : []);
      const [behind, ahead] = [take(frontNow.length - frontEnd), take(backStart)];
      const left = fitted(head, headText, frontNow.slice(0, frontEnd), frame);
      frame.overlay.write(front, [...left, ...behind]);
      frame.overlay.write(back, [...ahead, ...fitted(tail, tailText, backNow.slice(backStart), frame)]);
    };
    const [firstNow, lastNow] = [textOf(first), textOf(last)];
    // What counts as a field can be another in the other paragraph: then by the letters around it.
    for (const read of [(text: string) => text, lettersOf]) {
      const [front, rest] = [read(headText), read(tailText)];
      const [now, start, end] = [here, firstNow, lastNow].map(read) as [string, string, string];
      if (last && rest !== '' && now.startsWith(front) && end.endsWith(rest))
        return put(paragraph.logical, here, last, lastNow);
      if (first && front !== '' && now.endsWith(rest) && start.startsWith(front))
        return put(first, firstNow, paragraph.logical, here);
    }
    simple(settled);
  };
}

const turned = (text: string): string => [...text].reverse().join('');

/** Leaves the mark of a paragraph that is gone in the pieces of another. */
export function buryInto(frame: Frame, lost: Found, pieces: readonly Piece[], home: Found): void {
  const standing =
    frame.overlay.pieces(home.logical) ??
    implicitPieces(home.logical, modelText(home.part, home.node).length);
  const dead = buried(lost.logical, pieces);
  frame.overlay.drop(lost.logical);
  frame.overlay.write(home.logical, [...standing, ...dead], dead);
}
