import type { XmlElement } from '../kit/index.js';
import { contentKey, paragraphIdentity, sameName, sameXml } from './splice-compare.js';

export type Step =
  | { readonly kind: 'keep'; readonly from: number }
  | { readonly kind: 'change'; readonly from: number; readonly to: XmlElement }
  | { readonly kind: 'drop'; readonly from: number }
  | { readonly kind: 'insert'; readonly to: XmlElement };

/**
 * How the children `before` become the children `after`, in the order of `after`, every child of `before` exactly once.
 * Equal ends are taken off first; in the middle what is unmistakable (a paragraph by its identity, anything by its whole content)
 * is matched along the longest common order; what is left between two matches is paired by name.
 */
export function alignChildren(before: readonly XmlElement[], after: readonly XmlElement[]): Step[] {
  const steps: Step[] = [];
  alignRange({ before, after, from: 0, fromEnd: before.length, to: 0, toEnd: after.length }, steps, true);
  return steps;
}

interface Range {
  readonly before: readonly XmlElement[];
  readonly after: readonly XmlElement[];
  readonly from: number;
  readonly fromEnd: number;
  readonly to: number;
  readonly toEnd: number;
}

function alignRange(range: Range, steps: Step[], mayAnchor: boolean): void {
  const { before, after } = range;
  let { from, fromEnd, to, toEnd } = range;
  while (from < fromEnd && to < toEnd && equalAt(before, from, after, to)) {
    steps.push({ kind: 'keep', from });
    from += 1;
    to += 1;
  }
  const tail: Step[] = [];
  while (from < fromEnd && to < toEnd && equalAt(before, fromEnd - 1, after, toEnd - 1)) {
    fromEnd -= 1;
    toEnd -= 1;
    tail.push({ kind: 'keep', from: fromEnd });
  }
  const middle: Range = { before, after, from, fromEnd, to, toEnd };
  // With one element on a side there is nothing to order, and its content may be the whole document.
  const isWide = fromEnd - from > 1 && toEnd - to > 1;
  const anchors = mayAnchor && isWide ? findAnchors(middle) : [];
  if (anchors.length === 0) pairByName(middle, steps);
  else {
    let fromAt = from;
    let toAt = to;
    for (const [fromIndex, toIndex] of anchors) {
      alignRange({ before, after, from: fromAt, fromEnd: fromIndex, to: toAt, toEnd: toIndex }, steps, false);
      steps.push(stepFor(before, fromIndex, after, toIndex));
      fromAt = fromIndex + 1;
      toAt = toIndex + 1;
    }
    alignRange({ before, after, from: fromAt, fromEnd, to: toAt, toEnd }, steps, false);
  }
  steps.push(...tail.reverse());
}

function equalAt(
  before: readonly XmlElement[],
  from: number,
  after: readonly XmlElement[],
  to: number,
): boolean {
  return sameXml(before[from] as XmlElement, after[to] as XmlElement);
}

function stepFor(
  before: readonly XmlElement[],
  from: number,
  after: readonly XmlElement[],
  to: number,
): Step {
  if (equalAt(before, from, after, to)) return { kind: 'keep', from };
  return { kind: 'change', from, to: after[to] as XmlElement };
}

/** Pairs of indices whose keys occur once on each side, thinned to a longest run that rises on both sides. */
function findAnchors({ before, after, from, fromEnd, to, toEnd }: Range): [number, number][] {
  const left = uniqueKeys(before, from, fromEnd);
  const right = uniqueKeys(after, to, toEnd);
  const pairs: [number, number][] = [];
  for (const [key, index] of left) {
    const other = right.get(key);
    if (index >= 0 && other !== undefined && other >= 0) {
      if (sameName(before[index] as XmlElement, after[other] as XmlElement)) pairs.push([index, other]);
    }
  }
  return longestRising(pairs.sort((a, b) => a[0] - b[0]));
}

/** Key → index, or −1 when the key is there more than once. */
function uniqueKeys(elements: readonly XmlElement[], start: number, end: number): Map<string, number> {
  const keys = new Map<string, number>();
  for (let index = start; index < end; index += 1) {
    const element = elements[index] as XmlElement;
    const key = paragraphIdentity(element) ?? contentKey(element);
    keys.set(key, keys.has(key) ? -1 : index);
  }
  return keys;
}

function longestRising(pairs: readonly [number, number][]): [number, number][] {
  const ends: number[] = [];
  const previous: number[] = [];
  pairs.forEach(([, value], index) => {
    let low = 0;
    let high = ends.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((pairs[ends[middle] as number] as [number, number])[1] < value) low = middle + 1;
      else high = middle;
    }
    previous[index] = low > 0 ? (ends[low - 1] as number) : -1;
    ends[low] = index;
  });
  const rising: [number, number][] = [];
  for (let index = ends.at(-1) ?? -1; index >= 0; index = previous[index] as number) {
    rising.push(pairs[index] as [number, number]);
  }
  return rising.reverse();
}

function pairByName({ before, after, from, fromEnd, to, toEnd }: Range, steps: Step[]): void {
  let next = from;
  for (let index = to; index < toEnd; index += 1) {
    const wanted = after[index] as XmlElement;
    let found = next;
    while (found < fromEnd && !mayPair(before[found] as XmlElement, wanted)) found += 1;
    if (found === fromEnd) {
      steps.push({ kind: 'insert', to: wanted });
      continue;
    }
    for (; next < found; next += 1) steps.push({ kind: 'drop', from: next });
    steps.push(stepFor(before, found, after, index));
    next = found + 1;
  }
  for (; next < fromEnd; next += 1) steps.push({ kind: 'drop', from: next });
}

function mayPair(a: XmlElement, b: XmlElement): boolean {
  return sameName(a, b) && paragraphIdentity(a) === paragraphIdentity(b);
}
