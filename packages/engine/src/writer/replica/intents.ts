import type { Frame } from './frame.js';
import {
  buried,
  cutAt,
  type Gap,
  implicitPieces,
  insertAt,
  killBetween,
  type Piece,
  startOf,
} from './overlay.js';
import type { TextIntent } from './settle.js';
import { type Found, modelText } from './view.js';

/** What each kind of text operation knows about where characters went. */

/** `length` new characters stand at a gap; the rest stays. Left to comparison when the text says otherwise. */
export function inserted(frame: Frame, paragraph: Found, pieces: readonly Piece[], gap: Gap): TextIntent {
  const before = modelText(paragraph.part, paragraph.node);
  return (settled) => {
    const part = settled.find((each) => each.after.name === paragraph.part.name);
    if (!part) return;
    const after = modelText(part.after, paragraph.node);
    const length = after.length - before.length;
    if (length <= 0) return;
    if (!after.startsWith(before.slice(0, gap.offset)) || !after.endsWith(before.slice(gap.offset))) return;
    const piece = frame.take(length);
    frame.overlay.write(paragraph.logical, insertAt(pieces, gap, piece), [piece]);
  };
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
  return (settled) => {
    const part = settled.find((each) => each.after.name === paragraph.part.name);
    const tails = part?.addedParagraphs ?? [];
    if (!part || tails.length !== gaps.length) return;
    let head = pieces;
    for (let i = gaps.length - 1; i >= 0; i--) {
      const [left, right] = cutAt(head, gaps[i] as Gap);
      frame.overlay.write(tails[i] as string, right);
      head = left;
    }
    frame.overlay.write(paragraph.logical, head, []);
  };
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
    if (last && tailText !== '' && here.startsWith(headText) && textOf(last).endsWith(tailText)) {
      const grown = here.length - headText.length;
      frame.overlay.write(paragraph.logical, grown > 0 ? [...head, frame.take(grown)] : head);
      const own = textOf(last).length - tailText.length;
      frame.overlay.write(last, own > 0 ? [frame.take(own), ...tail] : tail);
    } else if (first && headText !== '' && here.endsWith(tailText) && textOf(first).startsWith(headText)) {
      const own = textOf(first).length - headText.length;
      frame.overlay.write(first, own > 0 ? [...head, frame.take(own)] : head);
      const grown = here.length - tailText.length;
      frame.overlay.write(paragraph.logical, grown > 0 ? [frame.take(grown), ...tail] : tail);
    } else simple(settled);
  };
}

/** Leaves the mark of a paragraph that is gone in the pieces of another. */
export function buryInto(frame: Frame, lost: Found, pieces: readonly Piece[], home: Found): void {
  const standing =
    frame.overlay.pieces(home.logical) ??
    implicitPieces(home.logical, modelText(home.part, home.node).length);
  const dead = buried(lost.logical, pieces);
  frame.overlay.drop(lost.logical);
  frame.overlay.write(home.logical, [...standing, ...dead], dead);
}
