import { findNode } from '@docx-editor.dev/core/store';
import { type Frame, malformed, StepRefused } from './frame.js';
import { partOf } from './identity.js';
import type { CharacterRange, LogicalId } from './operation.js';
import { gapAt, liveLength, type Piece } from './overlay.js';
import type { SettledPart, TextIntent } from './settled-part.js';
import { modelText, textOfParagraph } from './view.js';

/**
 * Blocks that an undo puts back hold characters that stood there before. They come back under the addresses they had,
 * so that whoever deletes or formats them meanwhile meets them; and not at all when somebody else deleted them, too.
 */

/**
 * The live characters of a paragraph, in reading order; `order` puts the deleted ones between them, so that taking
 * their deletion back brings them to this paragraph, too.
 */
export type Standing = readonly [
  paragraph: LogicalId,
  characters: readonly CharacterRange[],
  order?: readonly CharacterRange[],
];

const covers = ([run, from, to]: CharacterRange, piece: Piece): boolean =>
  piece.run === run && piece.length > 0 && from < piece.from + piece.length && to > piece.from;

const rangeOf = ({ run, from, length }: Piece): CharacterRange => [run, from, from + length];

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
    for (const paragraph of touched) {
      const logical = logicalOf(paragraph.id);
      if (found.has(logical)) continue;
      const pieces = piecesOf(logical, textOfParagraph(before, paragraph).length);
      const live = pieces.filter((piece) => !piece.dead && piece.length > 0).map(rangeOf);
      const plain = live.length === pieces.length;
      found.set(logical, plain ? [logical, live] : [logical, live, pieces.map(rangeOf)]);
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

/** Refuses what would stand twice: characters that live in a paragraph which does not leave. */
export function expectNowhereElse(
  frame: Frame,
  standing: readonly Standing[],
  leaving: ReadonlySet<string>,
): void {
  for (const [, characters] of standing) {
    for (const holder of frame.view.holdersOfAll(characters)) {
      const paragraph = frame.view.paragraph(holder);
      if (!paragraph || leaving.has(paragraph.node)) continue;
      for (const piece of frame.view.pieces(paragraph))
        if (!piece.dead && characters.some((range) => covers(range, piece)))
          throw new StepRefused('target-changed', 'what would come back stands elsewhere', true);
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
    for (const [logical, characters, order] of standing) {
      const part = settled.find(({ after }) => after.name === partOf(logical))?.after;
      const node = frame.identity.nodeOf(logical);
      if (!part || findNode(part, node)?.kind !== 'paragraph') continue;
      const length = modelText(part, node).length;
      if (characters.reduce((sum, [, from, to]) => sum + to - from, 0) !== length) continue;
      const standingNow = frame.overlay.pieces(logical) ?? [];
      if (frame.overlay.pieces(logical) && sameCharacters(standingNow, characters)) continue;
      const holders = [...frame.view.holdersOfAll(order ?? characters)];
      const elsewhere = holders.filter((each) => each !== logical);
      const lives = (range: CharacterRange, homes: readonly LogicalId[]) =>
        homes.some((each) =>
          frame.overlay.pieces(each)?.some((piece) => !piece.dead && covers(range, piece)),
        );
      const settledHomes = elsewhere.filter((each) => !moved.has(each));
      if (characters.some((range) => lives(range, settledHomes))) continue;
      const own = (order ?? characters).flatMap((range): readonly Piece[] => {
        const dead = !characters.some((each) => sameRange(each, range));
        if (range[1] === range[2]) return [pieceOf(range, true)];
        if (dead && lives(range, holders)) return [];
        return dead ? deadPieces(frame, holders, range) : [pieceOf(range, false)];
      });
      if (liveLength(own) !== length) continue;
      const ranges = own.map(rangeOf);
      for (const each of elsewhere) {
        const pieces = frame.overlay.pieces(each);
        if (pieces) frame.overlay.write(each, without(pieces, ranges), []);
      }
      frame.overlay.write(logical, withDead(logical, own, standingNow, without(standingNow, ranges)));
    }
  };
}

/** Whether these characters live there already, in this order. */
function sameCharacters(pieces: readonly Piece[], characters: readonly CharacterRange[]): boolean {
  const flat = (ranges: readonly CharacterRange[]): string => {
    const joined: [string, number, number][] = [];
    for (const [run, from, to] of ranges) {
      const last = joined.at(-1);
      if (last && last[0] === run && last[2] === from) last[2] = to;
      else if (from < to) joined.push([run, from, to]);
    }
    return JSON.stringify(joined);
  };
  return flat(pieces.filter((piece) => !piece.dead).map(rangeOf)) === flat(characters);
}

const sameRange = (a: CharacterRange, b: CharacterRange): boolean =>
  a[0] === b[0] && a[1] === b[1] && a[2] === b[2];

const pieceOf = ([run, from, to]: CharacterRange, dead: boolean): Piece => ({
  run,
  from,
  length: to - from,
  dead,
});

/** Deleted characters keep the count of their deletions wherever they go. */
function deadPieces(frame: Frame, holders: readonly LogicalId[], range: CharacterRange): readonly Piece[] {
  const [run, start, end] = range;
  const found = holders
    .flatMap((each) => frame.overlay.pieces(each) ?? [])
    .filter((piece) => piece.dead && covers(range, piece))
    .map((piece) => {
      const from = Math.max(piece.from, start);
      return { ...piece, from, length: Math.min(piece.from + piece.length, end) - from };
    })
    .sort((a, b) => a.from - b.from);
  const whole = found.reduce((sum, piece) => sum + piece.length, 0) === end - start;
  return whole ? found : [pieceOf([run, start, end], true)];
}

/** Pieces without these characters. */
function without(pieces: readonly Piece[], characters: readonly CharacterRange[]): readonly Piece[] {
  let result = pieces;
  for (const range of characters) {
    if (range[1] === range[2]) result = result.filter((piece) => piece.length > 0 || piece.run !== range[0]);
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
