/** How one list becomes another: stretches that stay, and stretches that one side has and the other has not. */
export type Stretch =
  | { readonly kind: 'same'; readonly before: number; readonly after: number; readonly length: number }
  | {
      readonly kind: 'changed';
      readonly before: number;
      readonly beforeLength: number;
      readonly after: number;
      readonly afterLength: number;
    };

/** Tables of the exact method are at most so large; beyond, what lies between two sure matches counts as replaced. */
const CELLS_MOST = 1_000_000;

/**
 * Aligns two lists of keys. What is unmistakable, a key that stands once on either side, is matched along the longest
 * common order; between two such matches the longest common subsequence is exact as long as it is affordable. Time is
 * bounded whatever the lists are.
 */
export function align(before: readonly string[], after: readonly string[]): readonly Stretch[] {
  const pairs: (readonly [number, number])[] = [];
  matchRange({ from: 0, fromEnd: before.length, to: 0, toEnd: after.length }, before, after, pairs);
  return stretchesOf(pairs, before.length, after.length);
}

interface Range {
  readonly from: number;
  readonly fromEnd: number;
  readonly to: number;
  readonly toEnd: number;
}

type Pairs = (readonly [number, number])[];

/** Adds the pairs of a range in order. */
function matchRange(range: Range, before: readonly string[], after: readonly string[], pairs: Pairs): void {
  let { from, fromEnd, to, toEnd } = range;
  while (from < fromEnd && to < toEnd && before[from] === after[to]) {
    pairs.push([from, to]);
    from += 1;
    to += 1;
  }
  const tail: [number, number][] = [];
  while (from < fromEnd && to < toEnd && before[fromEnd - 1] === after[toEnd - 1]) {
    fromEnd -= 1;
    toEnd -= 1;
    tail.push([fromEnd, toEnd]);
  }
  if (from < fromEnd && to < toEnd) {
    const middle = { from, fromEnd, to, toEnd };
    const anchors = anchorsOf(middle, before, after);
    if (anchors.length > 0) matchBetween(anchors, middle, before, after, pairs);
    else if ((fromEnd - from) * (toEnd - to) <= CELLS_MOST) pairs.push(...longest(middle, before, after));
  }
  pairs.push(...tail.reverse());
}

function matchBetween(
  anchors: Pairs,
  { from, fromEnd, to, toEnd }: Range,
  before: readonly string[],
  after: readonly string[],
  pairs: Pairs,
): void {
  let at = { from, to };
  for (const [fromIndex, toIndex] of anchors) {
    matchRange({ ...at, fromEnd: fromIndex, toEnd: toIndex }, before, after, pairs);
    pairs.push([fromIndex, toIndex]);
    at = { from: fromIndex + 1, to: toIndex + 1 };
  }
  matchRange({ ...at, fromEnd, toEnd }, before, after, pairs);
}

/** Keys that stand once on either side, in the longest order that both sides have. */
function anchorsOf(range: Range, before: readonly string[], after: readonly string[]): Pairs {
  const places = new Map<string, { from: number; to: number; fromCount: number; toCount: number }>();
  const placeOf = (key: string) => {
    const known = places.get(key) ?? { from: 0, to: 0, fromCount: 0, toCount: 0 };
    places.set(key, known);
    return known;
  };
  for (let index = range.from; index < range.fromEnd; index += 1) {
    const place = placeOf(before[index] as string);
    place.from = index;
    place.fromCount += 1;
  }
  for (let index = range.to; index < range.toEnd; index += 1) {
    const place = placeOf(after[index] as string);
    place.to = index;
    place.toCount += 1;
  }
  const sure = [...places.values()].filter(({ fromCount, toCount }) => fromCount === 1 && toCount === 1);
  return rising(sure.sort((a, b) => a.from - b.from).map(({ from, to }) => [from, to] as const));
}

/** The longest rising subsequence of the second numbers (patience sorting). */
function rising(pairs: Pairs): Pairs {
  const tops: number[] = [];
  const earlier: number[] = [];
  for (const [index, [, to]] of pairs.entries()) {
    let low = 0;
    let high = tops.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((pairs[tops[middle] as number]?.[1] ?? 0) < to) low = middle + 1;
      else high = middle;
    }
    earlier[index] = low > 0 ? (tops[low - 1] as number) : -1;
    tops[low] = index;
  }
  const chosen: (readonly [number, number])[] = [];
  for (let index = tops.at(-1) ?? -1; index >= 0; index = earlier[index] as number)
    chosen.push(pairs[index] as readonly [number, number]);
  return chosen.reverse();
}

/** The longest common subsequence, by the full table. */
function longest(
  { from, fromEnd, to, toEnd }: Range,
  before: readonly string[],
  after: readonly string[],
): Pairs {
  const height = fromEnd - from;
  const width = toEnd - to + 1;
  const table = new Uint32Array((height + 1) * width);
  const at = (row: number, column: number): number => table[row * width + column] as number;
  for (let row = height - 1; row >= 0; row -= 1) {
    for (let column = width - 2; column >= 0; column -= 1) {
      table[row * width + column] =
        before[from + row] === after[to + column]
          ? at(row + 1, column + 1) + 1
          : Math.max(at(row + 1, column), at(row, column + 1));
    }
  }
  const pairs: [number, number][] = [];
  for (let row = 0, column = 0; row < height && column < width - 1; ) {
    if (before[from + row] === after[to + column]) {
      pairs.push([from + row, to + column]);
      row += 1;
      column += 1;
    } else if (at(row + 1, column) >= at(row, column + 1)) row += 1;
    else column += 1;
  }
  return pairs;
}

function stretchesOf(pairs: Pairs, beforeLength: number, afterLength: number): readonly Stretch[] {
  const stretches: Stretch[] = [];
  let before = 0;
  let after = 0;
  for (const [from, to] of [...pairs, [beforeLength, afterLength] as const]) {
    if (from > before || to > after)
      stretches.push({
        kind: 'changed',
        before,
        beforeLength: from - before,
        after,
        afterLength: to - after,
      });
    if (from < beforeLength) {
      const last = stretches.at(-1);
      if (last?.kind === 'same') stretches[stretches.length - 1] = { ...last, length: last.length + 1 };
      else stretches.push({ kind: 'same', before: from, after: to, length: 1 });
    }
    before = from + 1;
    after = to + 1;
  }
  return stretches;
}
