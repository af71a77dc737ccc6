import type { Anchor } from './operation.js';
import type { Piece } from './overlay.js';

/** How the characters of a text that counts otherwise than before are found again, and what addresses it has then. */

/** Steps that a comparison may take: two paragraphs of some thousand characters that have nothing in common. */
const MOST_STEPS = 1 << 22;

/** For each character of `now`, which one of `before` it is (-1: none): the longest text common to both. */
export function sameCharacters(before: string, now: string): Int32Array {
  const target = new Int32Array(now.length).fill(-1);
  let start = 0;
  while (start < before.length && start < now.length && before[start] === now[start]) target[start] = start++;
  let end = 0;
  const most = Math.min(before.length, now.length) - start;
  while (end < most && before[before.length - 1 - end] === now[now.length - 1 - end]) {
    end++;
    target[now.length - end] = before.length - end;
  }
  const [rows, columns] = [before.length - start - end, now.length - start - end];
  if (rows === 0 || columns === 0 || rows * columns > MOST_STEPS) return target;
  const width = columns + 1;
  const longest = new Uint16Array((rows + 1) * width);
  const at = (row: number, column: number) => longest[row * width + column] as number;
  const same = (row: number, column: number) => before[start + row] === now[start + column];
  for (let row = rows - 1; row >= 0; row--)
    for (let column = columns - 1; column >= 0; column--)
      longest[row * width + column] = same(row, column)
        ? at(row + 1, column + 1) + 1
        : Math.max(at(row + 1, column), at(row, column + 1));
  for (let row = 0, column = 0; row < rows && column < columns; ) {
    if (same(row, column)) target[start + column++] = start + row++;
    else if (at(row + 1, column) >= at(row, column + 1)) row++;
    else column++;
  }
  return target;
}

/** What an object, a field or a note counts as. */
const UNIT = '\uFFFC';

export const lettersOf = (text: string): string => text.replaceAll(UNIT, '');

/** How much at the beginning of `now` is this text, though there can be more or fewer objects in it. */
export function extentOf(text: string, now: string): number {
  if (now.startsWith(text)) return text.length;
  let letters = lettersOf(text).length;
  let end = 0;
  while (letters > 0 && end < now.length) if (now[end++] !== UNIT) letters--;
  for (let last = text.length; text[last - 1] === UNIT && now[end] === UNIT; last--) end++;
  return end;
}

/** New piece list from a map of new offset → old offset (-1: new, named by `fresh`). Dead characters stay beside their left neighbour. */
export function regained(
  pieces: readonly Piece[],
  target: Int32Array,
  oldLength: number,
  fresh: (at: number) => Anchor,
): readonly Piece[] {
  const kept = new Uint8Array(oldLength);
  for (const from of target) if (from >= 0) kept[from] = 1;
  const units: { run: string; at: number; dead: boolean; length: number; again?: number | undefined }[] = [];
  const place = new Map<number, number>();
  let offset = 0;
  for (const piece of pieces) {
    if (piece.dead)
      units.push({ run: piece.run, at: piece.from, dead: true, length: piece.length, again: piece.again });
    else {
      for (let i = 0; i < piece.length; i++) {
        place.set(offset, units.length);
        units.push({ run: piece.run, at: piece.from + i, dead: kept[offset] === 0, length: 1 });
        offset++;
      }
    }
  }
  const result: Piece[] = [];
  const push = (piece: Piece) => {
    const last = result.at(-1);
    if (
      last &&
      last.length > 0 &&
      last.run === piece.run &&
      last.dead === piece.dead &&
      last.again === piece.again &&
      last.from + last.length === piece.from
    )
      result[result.length - 1] = { ...last, length: last.length + piece.length };
    else result.push(piece);
  };
  // A deleted character keeps the count of its deletions.
  const deadOf = ({ run, at, length, again }: (typeof units)[number]): Piece => ({
    run,
    from: at,
    length,
    dead: true,
    ...(again ? { again } : {}),
  });
  const done = new Uint8Array(units.length);
  const deadFrom = (index: number) => {
    for (let i = index; i < units.length; i++) {
      const unit = units[i] as (typeof units)[number];
      if (!unit.dead) return;
      if (done[i]) continue;
      done[i] = 1;
      push(deadOf(unit));
    }
  };
  deadFrom(0);
  for (let i = 0; i < target.length; i++) {
    const from = target[i] as number;
    if (from < 0) {
      const [run, index] = fresh(i);
      push({ run, from: index, length: 1, dead: false });
      continue;
    }
    const index = place.get(from) as number;
    const unit = units[index] as (typeof units)[number];
    done[index] = 1;
    push({ run: unit.run, from: unit.at, length: 1, dead: false });
    deadFrom(index + 1);
  }
  for (let i = 0; i < units.length; i++) {
    const unit = units[i] as (typeof units)[number];
    if (!done[i] && unit.dead) push(deadOf(unit));
  }
  return result;
}
