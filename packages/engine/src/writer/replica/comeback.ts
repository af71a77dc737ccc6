import { findNode } from '@docx-editor.dev/core/store';
import { type Frame, malformed, StepRefused } from './frame.js';
import { partOf } from './identity.js';
import type { CharacterRange, LogicalId } from './operation.js';
import { gapAt, liveLength, type Piece } from './overlay.js';
import type { SettledPart, TextIntent } from './settle.js';
import { modelText } from './view.js';

/**
 * Blocks that an undo puts back hold characters that stood there before. They come back under the addresses they had,
 * so that whoever deletes or formats them meanwhile meets them; and not at all when somebody else deleted them, too.
 */

/** The live characters of a paragraph, in reading order. */
export type Standing = readonly [paragraph: LogicalId, characters: readonly CharacterRange[]];

const covers = ([run, from, to]: CharacterRange, piece: Piece): boolean =>
  piece.run === run && piece.length > 0 && from < piece.from + piece.length && to > piece.from;

/** What `paragraphs` held alive before an edit, for the undo of it. */
export function standingBefore(
  settled: readonly SettledPart[],
  logicalOf: (node: string) => LogicalId,
  piecesOf: (logical: LogicalId, length: number) => readonly Piece[],
): readonly Standing[] {
  const found = new Map<LogicalId, Standing>();
  for (const { before, change } of settled) {
    if (!before) continue;
    const touched = [...change.changedParagraphs.map(([old]) => old), ...change.removedParagraphs];
    for (const { id } of touched) {
      const logical = logicalOf(id);
      if (found.has(logical)) continue;
      const pieces = piecesOf(logical, modelText(before, id).length);
      const live = pieces.filter((piece) => !piece.dead && piece.length > 0);
      found.set(logical, [
        logical,
        live.map((piece) => [piece.run, piece.from, piece.from + piece.length] as const),
      ]);
    }
  }
  return [...found.values()];
}

/** Refuses what would bring back characters that somebody else deleted as well. */
export function expectOwnToReturn(frame: Frame, standing: readonly Standing[]): void {
  const seen = new Map<string, CharacterRange[]>();
  for (const [, characters] of standing) {
    for (const range of characters) {
      const same = seen.get(range[0]) ?? [];
      if (same.some(([, from, to]) => from < range[2] && to > range[1]))
        throw malformed('characters that stand twice');
      same.push(range);
      seen.set(range[0], same);
    }
    for (const holder of frame.view.holdersOfAll(characters)) {
      for (const piece of frame.overlay.pieces(holder) ?? [])
        if (piece.again && characters.some((range) => covers(range, piece)))
          throw new StepRefused('target-changed', 'somebody else deleted what would come back', true);
    }
  }
}

/** Gives the paragraphs that came back the addresses their characters had. */
export function returned(frame: Frame, standing: readonly Standing[]): TextIntent {
  return (settled) => {
    const moved = new Set<LogicalId>();
    for (const { change } of settled) {
      for (const [node] of change.changedParagraphs) moved.add(frame.identity.logicalOf(node.id));
      for (const node of change.removedParagraphs) moved.add(frame.identity.logicalOf(node.id));
    }
    for (const [logical, characters] of standing) {
      const part = settled.find(({ after }) => after.name === partOf(logical))?.after;
      const node = frame.identity.nodeOf(logical);
      if (!part || findNode(part, node)?.kind !== 'paragraph') continue;
      const own = characters.map(([run, from, to]) => ({ run, from, length: to - from, dead: false }));
      if (liveLength(own) !== modelText(part, node).length) continue;
      const holders = frame.view.holdersOfAll(characters);
      const elsewhere = [...holders].filter((each) => each !== logical);
      const taken = elsewhere.some(
        (each) =>
          !moved.has(each) &&
          frame.overlay
            .pieces(each)
            ?.some((piece) => !piece.dead && characters.some((r) => covers(r, piece))),
      );
      if (taken) continue;
      for (const each of elsewhere) {
        const pieces = frame.overlay.pieces(each);
        if (pieces) frame.overlay.write(each, without(pieces, characters), []);
      }
      const rest = without(frame.overlay.pieces(logical) ?? [], characters);
      frame.overlay.write(logical, withDead(logical, own, frame.overlay.pieces(logical) ?? [], rest));
    }
  };
}

/** Pieces without these characters. */
function without(pieces: readonly Piece[], characters: readonly CharacterRange[]): readonly Piece[] {
  let result = pieces;
  for (const range of characters) {
    if (!result.some((piece) => covers(range, piece))) continue;
    result = result.flatMap((piece): readonly Piece[] => {
      if (!covers(range, piece)) return [piece];
      const [, from, to] = range;
      const end = piece.from + piece.length;
      return [
        ...(from > piece.from ? [{ ...piece, length: from - piece.from }] : []),
        ...(to < end ? [{ ...piece, from: to, length: end - to }] : []),
      ];
    });
  }
  return result;
}

/** What else stood here stays as an address, dead, right of as many characters as it stood right of. */
function withDead(
  logical: LogicalId,
  own: readonly Piece[],
  standing: readonly Piece[],
  rest: readonly Piece[],
): readonly Piece[] {
  let result = own;
  for (const piece of [...rest].reverse()) {
    let left = 0;
    for (const each of standing) {
      if (
        each.run === piece.run &&
        each.from <= piece.from &&
        piece.from < each.from + Math.max(each.length, 1)
      )
        break;
      if (!each.dead) left += each.length;
    }
    const dead: Piece = piece.dead ? piece : { ...piece, dead: true };
    const gap = gapAt(logical, result, Math.min(left, liveLength(result)));
    const at = result[gap.index];
    if (!at) result = [dead, ...result];
    else {
      const head = gap.inside < at.length ? [{ ...at, length: gap.inside }] : [at];
      const tail =
        gap.inside < at.length ? [{ ...at, from: at.from + gap.inside, length: at.length - gap.inside }] : [];
      result = [...result.slice(0, gap.index), ...head, dead, ...tail, ...result.slice(gap.index + 1)];
    }
  }
  return result;
}
