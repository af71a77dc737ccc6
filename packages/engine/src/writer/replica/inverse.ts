import {
  type OoxmlNode,
  type OoxmlParagraphNode,
  paragraphOffsetIndex,
  parentNodeOf,
} from '@docx-editor.dev/core/store';
import { fingerprint } from './block-content.js';
import type { CharacterRange, JsonValue, Operation, Property, PropertyDelta } from './operation.js';
import { markBag, paragraphBag, runSpans } from './properties.js';
import { canRevive, revivalOf } from './revival.js';
import type { View } from './view.js';

/**
 * How one step is taken back: operations that undo exactly it and leave the work of others alone. `structure` has
 * no such operations; it is undone by putting the blocks back as they were, if nobody changed them since.
 */
export type Inverse =
  | {
      readonly how: 'operations';
      readonly ops: readonly Operation[];
      /** These operations lose something (what was only proposed comes back as plain text): better put the blocks back. */
      readonly lossy?: true;
    }
  | { readonly how: 'structure' };

const STRUCTURE: Inverse = { how: 'structure' };
const FIELD_OR_OBJECT = /[\uFFFC\n\t\f\v\u2028]/;

/** Children of `w:pPr` that are no properties of the paragraph itself. */
const NO_PROPERTIES: ReadonlySet<string> = new Set(['rPr', 'sectPr', 'pPrChange']);

/** Plans how to take a step back, against the state right before it runs. `key` is `client.n.step`. */
export function planInverse(view: View, op: Operation, key: string): Inverse {
  if (op.tracked) return STRUCTURE;
  switch (op.kind) {
    case 'insertText': {
      const text = op.values?.text;
      return typeof text === 'string'
        ? undoing({ kind: 'deleteText', ranges: [[key, 0, text.length]] })
        : STRUCTURE;
    }
    case 'insertTab':
    case 'insertHardBreak':
    case 'insertPageBreak':
      return undoing({ kind: 'deleteText', ranges: [[key, 0, 1]] });
    case 'deleteText':
      return undoDeletion(view, op.ranges ?? []);
    case 'reviveText': {
      const lost = (op.values?.lost ?? []) as unknown as readonly { readonly range: CharacterRange }[];
      return undoing({ kind: 'deleteText', ranges: lost.map((each) => each.range) });
    }
    case 'splitParagraph': {
      const part = op.at && view.gap(op.at)?.paragraph.part.name;
      const revives = op.values?.revives;
      const second = canRevive(view, revives) ? revives.paragraph : `${part}#${key}.p0`;
      return part ? undoing({ kind: 'joinParagraphs', values: { second: { $node: second } } }) : STRUCTURE;
    }
    case 'joinParagraphs':
      return undoJoin(view, op);
    case 'setRunProperties':
      return undoRunProperties(view, op);
    case 'setParagraphProperties':
    case 'setParagraphMarkProperties': {
      const logical = (op.values?.paragraph as { readonly $node?: string } | undefined)?.$node;
      const paragraph = logical ? view.paragraph(logical) : null;
      if (!paragraph || !op.delta) return STRUCTURE;
      const bag = op.kind === 'setParagraphProperties' ? paragraphBag(paragraph) : markBag(paragraph);
      const delta = reversed(op.delta, bag);
      const nested = nestedProperties(view.node(paragraph.logical));
      if (delta.set.some((each) => nested.has(each.localName))) return STRUCTURE;
      const back = {
        kind: op.kind,
        delta,
        values: { ...op.values, onlyIf: expected(op.delta) },
      };
      return undoing(back);
    }
    default:
      return STRUCTURE;
  }
}

const undoing = (...ops: Operation[]): Inverse => ({ how: 'operations', ops });

function undoDeletion(view: View, ranges: readonly CharacterRange[]): Inverse {
  const lost: JsonValue[] = [];
  let lossy = false;
  for (const { paragraph, start, end } of view.intervals(ranges)) {
    lossy ||= isProposed(view.node(paragraph.logical), start, end);
    const text = view.text(paragraph);
    if (FIELD_OR_OBJECT.test(text.slice(start, end))) return STRUCTURE;
    for (const span of runSpans(view, paragraph, start, end)) {
      let at = span.start;
      for (const range of view.rangesOf(paragraph, span.start, span.end)) {
        const length = range[2] - range[1];
        lost.push({ range, text: text.slice(at, at + length), properties: span.bag } as unknown as JsonValue);
        at += length;
      }
    }
  }
  if (lost.length === 0) return undoing();
  const back = undoing({ kind: 'reviveText', values: { lost } });
  return lossy && back.how === 'operations' ? { ...back, lossy } : back;
}

const PROPOSALS: ReadonlySet<string> = new Set(['ins', 'del', 'moveFrom', 'moveTo']);

/** Whether any of these characters of a paragraph stands in somebody's tracked change. */
function isProposed(paragraph: OoxmlNode | null, start: number, end: number): boolean {
  if (paragraph?.kind !== 'paragraph') return false;
  const index = paragraphOffsetIndex(paragraph as OoxmlParagraphNode);
  const walk = (node: OoxmlNode): boolean => {
    if (node.kind === 'textValue') return false;
    const span = PROPOSALS.has(node.localName) ? index.spanOf(node) : null;
    if (span && span.start < end && span.end > start) return true;
    return (node.children as readonly OoxmlNode[]).some(walk);
  };
  return walk(paragraph);
}

function undoJoin(view: View, op: Operation): Inverse {
  const logical = (op.values?.second as { readonly $node?: string } | undefined)?.$node;
  const second = logical ? view.paragraph(logical) : null;
  if (!second) return undoing();
  // A split copies what the paragraph before has; what has parts of its own cannot be said as a property.
  const siblings = (parentNodeOf(second.part, second.node)?.children ?? []) as readonly OoxmlNode[];
  const first = siblings[siblings.findIndex((each) => each.id === second.node) - 1] ?? null;
  const before = nestedProperties(first);
  for (const [name, content] of nestedProperties(view.node(second.logical)))
    if (before.get(name) !== content) return STRUCTURE;
  const bag = paragraphBag(second);
  const split: Operation = {
    kind: 'splitParagraph',
    at: [`^${second.logical}`, 0],
    values: { bag, revives: revivalOf(view, second.logical) } as never,
  };
  return undoing(split);
}

/** Properties of a paragraph that have elements of their own (a list number, borders, tab stops), by name. */
function nestedProperties(paragraph: OoxmlNode | null): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  if (paragraph?.kind !== 'paragraph') return found;
  for (const child of paragraph.children as readonly OoxmlNode[]) {
    if (child.kind === 'textValue' || child.localName !== 'pPr') continue;
    for (const property of child.children as readonly OoxmlNode[]) {
      if (property.kind === 'textValue' || property.children.length === 0) continue;
      if (!NO_PROPERTIES.has(property.localName)) found.set(property.localName, fingerprint(property));
    }
  }
  return found;
}

function undoRunProperties(view: View, op: Operation): Inverse {
  const { delta } = op;
  if (!delta || op.values?.targetRunIds) return STRUCTURE;
  const ops: Operation[] = [];
  for (const { paragraph, start, end } of view.intervals(op.ranges ?? [])) {
    for (const span of runSpans(view, paragraph, start, end)) {
      const ranges = view.rangesOf(paragraph, span.start, span.end);
      ops.push({
        kind: op.kind,
        ranges,
        delta: reversed(delta, span.bag),
        values: { onlyIf: expected(delta) },
      });
    }
  }
  return undoing(...ops);
}

/** The delta that leads back to `bag` from what `delta` made of it. */
function reversed(delta: PropertyDelta, bag: readonly Property[]): PropertyDelta {
  const before = (name: string) => bag.find((each) => each.localName === name);
  const names = [...delta.set.map((each) => each.localName), ...delta.remove];
  const set = names.map(before).filter((each) => each !== undefined);
  return { set, remove: names.filter((name) => !before(name)) };
}

/** What the undone change left behind: where it is something else by now, somebody changed it since. */
function expected(delta: PropertyDelta): JsonValue {
  return { set: delta.set, remove: delta.remove } as unknown as JsonValue;
}

/** Narrows a delta to the properties that still are what the undone change made them. */
export function stillOwn(
  delta: PropertyDelta,
  onlyIf: JsonValue | undefined,
  bag: readonly Property[],
): PropertyDelta {
  if (!onlyIf) return delta;
  const { set, remove } = onlyIf as unknown as PropertyDelta;
  const mine = (name: string): boolean => {
    const now = bag.find((each) => each.localName === name);
    if (remove.includes(name)) return now === undefined;
    const made = set.find((each) => each.localName === name);
    return made !== undefined && now !== undefined && attributesOf(made) === attributesOf(now);
  };
  return { set: delta.set.filter((each) => mine(each.localName)), remove: delta.remove.filter(mine) };
}

function attributesOf(property: Property): string {
  return JSON.stringify(Object.entries(property.attributes ?? {}).sort());
}
