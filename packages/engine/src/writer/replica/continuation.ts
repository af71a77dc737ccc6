import { stepKeyOf } from './identity.js';
import type { Anchor, JsonValue } from './operation.js';
import type { Gap, Piece } from './overlay.js';
import type { Place } from './step-values.js';

/**
 * A place right behind what somebody else wrote, who may be writing on: the word goes on where its author is, so it must
 * not be torn by what was put behind its beginning. Only then `seen` travels with the place: what stood right of it for the
 * author of the step.
 */

/** What stands right of a place: a character by its address, or null for the end of the paragraph. */
export type Seen = Anchor | null;

/** Undefined where nobody else's writing can go on: behind one's own, or behind what the file held. */
export function seenRightOf(pieces: readonly Piece[], gap: Gap, key: string): Seen | undefined {
  const left = pieces[gap.index];
  if (left === undefined) return undefined;
  const writer = writerOf(left.run);
  if (writer === null || writer === writerOf(key)) return undefined;
  // Inside of what was written at once, nothing is torn by it that is not written yet.
  if (gap.inside < left.length) return undefined;
  const right = pieces[gap.index + 1];
  return right === undefined ? null : [right.run, right.from];
}

/** The place behind all that the writer of the character left of it wrote on, which the author of the step had not seen. */
export function behindContinuation(place: Place, seen: JsonValue | undefined): Place {
  const { pieces, gap } = place;
  const left = pieces[gap.index];
  if (left === undefined || seen === undefined || gap.inside < left.length) return place;
  const writer = writerOf(left.run);
  if (writer === null) return place;
  let { index, inside, offset } = gap;
  for (let next = index + 1; next < pieces.length; next++) {
    const piece = pieces[next] as Piece;
    if (writerOf(piece.run) !== writer) break;
    const unseen = isIn(piece, seen as Seen) ? (seen as Anchor)[1] - piece.from : piece.length;
    if (unseen === 0) break;
    index = next;
    inside = unseen;
    if (!piece.dead) offset += unseen;
    if (unseen < piece.length) break;
  }
  return { ...place, gap: { ...gap, index, inside, offset } };
}

function isIn(piece: Piece, seen: Seen): boolean {
  return (
    seen !== null && seen[0] === piece.run && seen[1] >= piece.from && seen[1] < piece.from + piece.length
  );
}

/** The client whose step made these characters; null for what the file held. */
function writerOf(run: string): string | null {
  if (run.startsWith('^') || run.startsWith('@')) return null;
  return stepKeyOf(run)?.split('.')[0] ?? null;
}
