import {
  AUTHORABLE_RUN_PROPERTIES,
  authoredProperties,
  directParagraphMarkProperties,
  directParagraphProperties,
  findNode,
  type OoxmlNode,
  propertyContainer,
  runsCovering,
  segmentsOf,
} from '@docx-editor.dev/core/store';
import type { Property, PropertyDelta } from './operation.js';
import type { Found, View } from './view.js';

const same = (a: Property | undefined, b: Property | undefined): boolean =>
  a === b || (!!a && !!b && signature(a) === signature(b));

function signature(property: Property): string {
  return JSON.stringify([property.localName, Object.entries(property.attributes ?? {}).sort()]);
}

const named = (bag: readonly Property[], name: string) => bag.find((each) => each.localName === name);

/** What turned each of these bags into `wanted`: the editor states full bags, people mean changes. */
export function deltaFrom(
  bags: readonly (readonly Property[])[],
  wanted: readonly Property[],
): PropertyDelta {
  const set = wanted.filter(
    (property) => bags.length === 0 || bags.some((bag) => !same(named(bag, property.localName), property)),
  );
  const remove = new Set<string>();
  for (const bag of bags)
    for (const { localName } of bag) if (!named(wanted, localName)) remove.add(localName);
  return { set, remove: [...remove].sort() };
}

export function applyDelta(bag: readonly Property[], delta: PropertyDelta): readonly Property[] {
  const kept = bag
    .filter((each) => !delta.remove.includes(each.localName))
    .map((each) => named(delta.set, each.localName) ?? each);
  return [...kept, ...delta.set.filter((each) => !named(kept, each.localName))];
}

export function bagsOfRuns(paragraph: Found, start: number, end: number): readonly (readonly Property[])[] {
  return runsCovering(paragraph.part, paragraph.node, start, end, 'all-markup').map(bagOfRun);
}

function bagOfRun(run: OoxmlNode): readonly Property[] {
  return authoredProperties(propertyContainer(run, 'runProperties', 'rPr'), AUTHORABLE_RUN_PROPERTIES);
}

/** A stretch of one run. A field's result is formatted on the runs that show it, its `targets`. */
export interface RunSpan {
  readonly start: number;
  readonly end: number;
  readonly bag: readonly Property[];
  readonly targets?: readonly string[];
}

/** The stretches of `[start, end)` that share one run, with what that run authors itself. */
export function runSpans(
  view: View,
  paragraph: Found,
  start: number,
  end: number,
): readonly {
  readonly start: number;
  readonly end: number;
  readonly bag: readonly Property[];
  readonly targets?: readonly string[];
}[] {
  const node = view.node(paragraph.logical);
  if (node?.kind !== 'paragraph') return [];
  const spans: (RunSpan & { end: number; readonly run: string })[] = [];
  for (const segment of segmentsOf(node)) {
    const from = Math.max(segment.start, start);
    const to = Math.min(segment.end, end);
    if (from >= to) continue;
    const last = spans.at(-1);
    if (last && last.run === segment.runId && last.end === from && !segment.formatRunIds) last.end = to;
    else {
      const [run] = runsCovering(paragraph.part, paragraph.node, from, to, 'all-markup');
      const targets = segment.formatRunIds ? { targets: segment.formatRunIds } : {};
      spans.push({ start: from, end: to, run: segment.runId, bag: run ? bagOfRun(run) : [], ...targets });
    }
  }
  return spans;
}

/**
 * Whether characters are to be given this formatting of their own: not where they have it, and not where they share a run
 * with a field, which the core would tear when it cuts the run.
 */
export function wantsFormatting(
  view: View,
  paragraph: Found,
  start: number,
  end: number,
  wanted: readonly Property[],
): boolean {
  const node = view.node(paragraph.logical);
  if (node?.kind !== 'paragraph') return false;
  const runs = segmentsOf(node).filter((each) => each.start < end && each.end > start);
  const besideField = runs.some(({ runId }) => {
    const run = findNode(paragraph.part, runId);
    return run && run.kind !== 'textValue' && run.children.some((child) => child.kind === 'fldChar');
  });
  const says = (bag: readonly Property[]) => bag.map(signature).sort().join();
  const have = runSpans(view, paragraph, start, end).every(({ bag }) => says(bag) === says(wanted));
  return !besideField && !have;
}

export const paragraphBag = (paragraph: Found): readonly Property[] =>
  directParagraphProperties(paragraph.part, paragraph.node);

export const markBag = (paragraph: Found): readonly Property[] =>
  directParagraphMarkProperties(paragraph.part, paragraph.node);
