import {
  bodyStoryRoot,
  ensureHyperlinkRelationship,
  ensureListDefinition,
  type OoxmlNode,
  parentNodeOf,
  storyParagraphs,
  type TreeDocOp,
  validateTreeOp,
} from '@docx-editor.dev/core/store';
import { decodeAddresses, TargetGone } from './addresses.js';
import { type Frame, gone, malformed, StepRefused } from './frame.js';
import { inserted, joined, pasted, removed, split } from './intents.js';
import { stillOwn } from './inverse.js';
import type {
  Anchor,
  CharacterRange,
  JsonValue,
  Operation,
  OperationKind,
  Property,
  PropertyDelta,
} from './operation.js';
import { type Gap, gapAt, killAgain, liveLength, type Piece } from './overlay.js';
import { applyDelta, markBag, paragraphBag, type RunSpan, runSpans } from './properties.js';
import type { TextIntent } from './settle.js';
import { type Found, paragraphOrder } from './view.js';

type Place = { readonly paragraph: Found; readonly gap: Gap; readonly pieces: readonly Piece[] };

/** Executes one operation that the core's story lane can do. Throws `StepRefused` when it does not happen. */
export function runStoryStep(frame: Frame, operation: Operation): void {
  const run = MEANINGS[operation.kind] ?? runAddressed;
  run(frame, operation);
}

type StoryStep = (frame: Frame, operation: Operation) => void;

const MEANINGS: Readonly<Partial<Record<OperationKind, StoryStep>>> = {
  insertText,
  deleteText,
  splitParagraph,
  splitParagraphMany: splitParagraph,
  joinParagraphs,
  setRunProperties,
  setParagraphProperties,
  setParagraphMarkProperties: setParagraphProperties,
  deleteBlock: deleteStructure,
  deleteTableRow: deleteStructure,
  deleteTableColumn: deleteStructure,
  setListNumbering,
  insertHyperlink: setHyperlink,
  setHyperlinkTarget: setHyperlink,
  insertFragment,
};

export function placeOf(frame: Frame, anchor: Anchor | undefined): Place {
  if (!anchor) throw malformed('an operation without its position');
  const place = frame.view.gap(anchor);
  if (!place) throw gone(`position ${anchor[0]}`);
  return place;
}

/** Text is never refused for its place: when even the story around it is gone, it goes to the end of the body. */
function textPlaceOf(frame: Frame, anchor: Anchor | undefined): Place {
  const place = anchor && frame.view.gap(anchor);
  if (place) return place;
  if (!anchor) throw malformed('text without its position');
  const main = frame.pkg.parts.get(frame.pkg.mainDocumentPart);
  const root = main && bodyStoryRoot(main);
  const last = root && storyParagraphs(root).at(-1);
  const paragraph = last && frame.view.paragraphByNode(last.id);
  if (!paragraph) throw gone(`position ${anchor[0]}`);
  const pieces = frame.view.pieces(paragraph);
  return { paragraph, pieces, gap: gapAt(paragraph.logical, pieces, liveLength(pieces)) };
}

function rangesOf(operation: Operation): readonly CharacterRange[] {
  if (!operation.ranges) throw malformed(`${operation.kind} without characters`);
  return operation.ranges;
}

function valuesOf(operation: Operation): Readonly<Record<string, JsonValue>> {
  return operation.values ?? {};
}

/** The core's operation on the current state; a target that is gone refuses. */
export function decoded(
  frame: Frame,
  values: JsonValue,
): { value: Record<string, unknown>; part: string | null } {
  try {
    const { value, part } = decodeAddresses(frame.view, values);
    return { value: value as Record<string, unknown>, part };
  } catch (error) {
    if (error instanceof TargetGone) throw gone(error.message);
    throw error;
  }
}

const tracked = (frame: Frame, operation: Operation) =>
  operation.tracked ? { revision: frame.revision } : {};

function insertText(frame: Frame, operation: Operation): void {
  const { paragraph, gap, pieces } = textPlaceOf(frame, operation.at);
  const { text, inside, textFormFieldId, bias } = valuesOf(operation);
  if (typeof text !== 'string' || text === '') throw malformed('insertText without text');
  const optional = (name: string, value: JsonValue | undefined) => {
    const logical = (value as { readonly $node?: string } | undefined)?.$node;
    return logical && frame.view.node(logical) ? { [name]: frame.identity.nodeOf(logical) } : {};
  };
  const op = {
    op: 'insertText',
    paragraphId: paragraph.node,
    offset: gap.offset,
    text,
    ...optional('inside', inside),
    ...optional('textFormFieldId', textFormFieldId),
    ...(bias === 'left' || bias === 'right' ? { bias } : {}),
    ...tracked(frame, operation),
  } as TreeDocOp;
  frame.apply(paragraph.part.name, op, inserted(frame, paragraph, pieces, gap, text));
}

function deleteText(frame: Frame, operation: Operation): void {
  deleteCharacters(frame, rangesOf(operation), operation);
}

/** Characters that a split carried off meanwhile go too. */
function deleteLeft(frame: Frame, ranges: readonly CharacterRange[], operation: Operation): void {
  if (frame.view.intervals(ranges).length > 0) deleteCharacters(frame, ranges, operation, false);
}

/** Deletes what is still alive of these characters, wherever it stands now; the text of others inside survives. */
function deleteCharacters(
  frame: Frame,
  ranges: readonly CharacterRange[],
  operation: Operation,
  counts = true,
): void {
  const intervals = frame.view.intervals(ranges);
  if (counts && !operation.tracked) countAgain(frame, ranges);
  for (let i = intervals.length - 1; i >= 0; i--) {
    const { paragraph: known, start, end } = intervals[i] as (typeof intervals)[number];
    const paragraph = frame.view.paragraph(known.logical);
    if (!paragraph) continue;
    const pieces = frame.view.pieces(paragraph);
    const op = {
      op: 'deleteText',
      paragraphId: paragraph.node,
      start,
      end,
      ...tracked(frame, operation),
    } as TreeDocOp;
    frame.apply(paragraph.part.name, op, removed(frame, paragraph, pieces, start, end));
  }
}

/** What somebody else deleted before is deleted once more: it stays away when only one of the two is undone. */
function countAgain(frame: Frame, ranges: readonly CharacterRange[]): void {
  for (const logical of frame.view.holdersOfAll(ranges)) {
    const pieces = frame.overlay.pieces(logical);
    const counted = pieces && killAgain(pieces, ranges);
    if (counted) frame.overlay.write(logical, counted, []);
  }
}

function splitParagraph(frame: Frame, operation: Operation): void {
  const { at: many, tailStyleId, bag } = valuesOf(operation);
  const anchors = operation.at ? [operation.at] : ((many ?? []) as unknown as readonly Anchor[]);
  if (anchors.length === 0) throw malformed('a split without positions');
  const places = anchors.map((anchor) => placeOf(frame, anchor));
  const first = places[0] as Place;
  const together = places.every(
    (each, i) =>
      each.paragraph.logical === first.paragraph.logical &&
      (i === 0 || (places[i - 1] as Place).gap.offset <= each.gap.offset),
  );
  if (anchors.length > 1 && together) {
    const op = {
      op: 'splitParagraphMany',
      paragraphId: first.paragraph.node,
      offsets: places.map((each) => each.gap.offset),
      ...tracked(frame, operation),
    } as TreeDocOp;
    const gaps = places.map((each) => each.gap);
    frame.apply(first.paragraph.part.name, op, split(frame, first.paragraph, first.pieces, gaps));
    return;
  }
  for (let i = anchors.length - 1; i >= 0; i--) splitOnce(frame, anchors[i] as Anchor, tailStyleId);
  const tail = frame.settled.at(-1)?.addedParagraphs[0];
  const paragraph = bag && tail ? frame.view.paragraph(tail) : null;
  if (!paragraph) return;
  const properties = bag as unknown as readonly Property[];
  frame.apply(paragraph.part.name, {
    op: 'setParagraphProperties',
    paragraphId: paragraph.node,
    properties,
  } as TreeDocOp);
}

function splitOnce(frame: Frame, anchor: Anchor, tailStyleId: JsonValue | undefined): void {
  const { paragraph, gap, pieces } = placeOf(frame, anchor);
  const at = (offset: number) =>
    ({
      op: 'splitParagraph',
      paragraphId: paragraph.node,
      offset,
      ...(tailStyleId === undefined ? {} : { tailStyleId }),
    }) as TreeDocOp;
  const offset = divisible(frame, paragraph, gap.offset, at);
  const place = offset === gap.offset ? gap : frame.view.gap(frame.view.anchorAt(paragraph, offset))?.gap;
  if (!place) throw gone('the position of the split');
  frame.apply(paragraph.part.name, at(offset), split(frame, paragraph, pieces, [place]));
}

/** The nearest offset the core can divide: a link or a field made meanwhile around the place must not stop a split. */
function divisible(
  frame: Frame,
  paragraph: Found,
  offset: number,
  at: (offset: number) => TreeDocOp,
): number {
  const refused = validateTreeOp(paragraph.part, at(offset));
  if (refused !== 'indivisible-content' && refused !== 'field-result-unsupported') return offset;
  const length = frame.view.text(paragraph).length;
  for (let distance = 1; distance <= length; distance++) {
    for (const each of [offset + distance, offset - distance])
      if (each >= 0 && each <= length && validateTreeOp(paragraph.part, at(each)) === null) return each;
  }
  return offset;
}

function joinParagraphs(frame: Frame, operation: Operation): void {
  const logical = (valuesOf(operation).second as { readonly $node?: string } | undefined)?.$node;
  if (!logical) throw malformed('a join without its paragraph');
  const view = frame.view;
  const second = view.paragraph(logical);
  if (!second) {
    if (view.gap([`^${logical}`, 0])) return;
    throw gone(`paragraph ${logical}`);
  }
  const siblings = (parentNodeOf(second.part, second.node)?.children ?? []) as readonly OoxmlNode[];
  const place = siblings.findIndex((each) => each.id === second.node);
  let firstNode: OoxmlNode | null = null;
  for (let i = place - 1; i >= 0 && !firstNode; i--) {
    const each = siblings[i] as OoxmlNode;
    if (each.kind === 'paragraph') firstNode = each;
    else if (each.kind === 'table' || each.kind === 'contentControl') break;
  }
  const first = firstNode && view.paragraphByNode(firstNode.id);
  if (!first) throw new StepRefused('target-changed', 'no paragraph stands directly before', true);
  const op = { op: 'joinParagraphs', firstId: first.node, secondId: second.node } as TreeDocOp;
  frame.apply(second.part.name, op, joined(frame, first, view.pieces(first), second, view.pieces(second)));
}

function setRunProperties(frame: Frame, operation: Operation): void {
  const delta = operation.delta ?? { set: [], remove: [] };
  const { targetRunIds, onlyIf } = valuesOf(operation);
  for (const { paragraph: known, start, end } of frame.view.intervals(rangesOf(operation))) {
    const paragraph = frame.view.paragraph(known.logical);
    if (!paragraph) continue;
    const targets = targetRunIds ? liveNodes(frame, targetRunIds) : [];
    for (const span of runSpans(frame.view, paragraph, start, end)) {
      // Formatting a field can change how much of it counts as text.
      const standing = frame.view.paragraph(known.logical);
      const length = standing ? frame.view.text(standing).length : 0;
      if (span.start >= length) break;
      const properties = applyDelta(span.bag, stillOwn(delta, onlyIf, span.bag));
      const op = {
        op: 'setRunProperties',
        paragraphId: paragraph.node,
        start: span.start,
        end: Math.min(span.end, length),
        properties,
        ...targetsOf(targets, span),
        ...tracked(frame, operation),
      } as TreeDocOp;
      frame.apply(paragraph.part.name, op);
    }
  }
}

function targetsOf(named: readonly string[], span: RunSpan): { targetRunIds?: readonly string[] } {
  if (named.length > 0) return { targetRunIds: named };
  return span.targets ? { targetRunIds: span.targets } : {};
}

function liveNodes(frame: Frame, value: JsonValue): string[] {
  return (value as readonly { readonly $node: string }[])
    .filter(({ $node }) => frame.view.node($node))
    .map(({ $node }) => frame.identity.nodeOf($node));
}

function setParagraphProperties(frame: Frame, operation: Operation): void {
  const logical = (valuesOf(operation).paragraph as { readonly $node?: string } | undefined)?.$node;
  if (!logical) throw malformed(`${operation.kind} without its paragraph`);
  const paragraph = frame.view.paragraph(logical) ?? frame.view.gap([`^${logical}`, 0])?.paragraph;
  if (!paragraph) throw gone(`paragraph ${logical}`);
  const delta: PropertyDelta = operation.delta ?? { set: [], remove: [] };
  const bag = operation.kind === 'setParagraphProperties' ? paragraphBag(paragraph) : markBag(paragraph);
  const op = {
    op: operation.kind,
    paragraphId: paragraph.node,
    properties: applyDelta(bag, stillOwn(delta, valuesOf(operation).onlyIf, bag)),
    ...tracked(frame, operation),
  } as TreeDocOp;
  frame.apply(paragraph.part.name, op);
}

/** Removes a paragraph, table, row or column together with exactly the characters its author saw in it. */
function deleteStructure(frame: Frame, operation: Operation): void {
  const ranges = rangesOf(operation);
  const { target, ...rest } = valuesOf(operation);
  const logical = (target as { readonly $node?: string } | undefined)?.$node;
  const paragraph = logical ? frame.view.paragraph(logical) : null;
  if (operation.kind === 'deleteBlock' && logical && (paragraph || !frame.view.node(logical))) {
    if (paragraph && !holdsOthers(frame, [paragraph], ranges)) {
      const op = { op: 'deleteBlock', blockId: paragraph.node } as TreeDocOp;
      if (validateTreeOp(paragraph.part, op) === null) {
        countAgain(frame, ranges);
        frame.apply(paragraph.part.name, op);
        deleteLeft(frame, ranges, operation);
        return;
      }
    }
    deleteCharacters(frame, ranges, operation);
    return;
  }
  const { value, part } = decoded(frame, rest);
  if (!part) throw malformed(`${operation.kind} without its table`);
  const op = { ...value, op: operation.kind, ...tracked(frame, operation) } as unknown as TreeDocOp;
  frame.apply(part, op, (settled) => {
    for (const each of settled) {
      const lost = each.change.removedParagraphs.map((node) => ({
        logical: frame.identity.logicalOf(node.id),
        node: node.id,
        part: each.before ?? each.after,
      }));
      if (holdsOthers(frame, lost, ranges))
        throw new StepRefused(
          'foreign-content',
          `${operation.kind} would remove what others wrote inside`,
          false,
        );
    }
  });
}

/** Whether these paragraphs hold live characters outside `ranges`. */
function holdsOthers(frame: Frame, paragraphs: readonly Found[], ranges: readonly CharacterRange[]): boolean {
  for (const paragraph of paragraphs) {
    for (const piece of frame.view.pieces(paragraph)) {
      if (piece.dead) continue;
      let covered = piece.from;
      const end = piece.from + piece.length;
      const own = ranges.filter(([run]) => run === piece.run).sort((a, b) => a[1] - b[1]);
      for (const [, from, to] of own) if (from <= covered && to > covered) covered = to;
      if (covered < end) return true;
    }
  }
  return false;
}

function setListNumbering(frame: Frame, operation: Operation): void {
  const { numId, ...rest } = valuesOf(operation);
  const list = numId as { readonly $list?: string; readonly make?: string } | null | undefined;
  const number = list?.$list
    ? (frame.overlay.listOf(list.$list) ?? makeList(frame, list.$list, list.make))
    : numId;
  if (number === undefined) throw gone('the list definition');
  const { value, part } = decoded(frame, rest);
  if (!part) throw malformed('setListNumbering without its paragraph');
  frame.apply(part, {
    ...value,
    op: 'setListNumbering',
    numId: number,
    ...tracked(frame, operation),
  } as unknown as TreeDocOp);
}

function makeList(frame: Frame, key: string, make: string | undefined): string {
  if (make !== 'bullet' && make !== 'ordered') throw gone(`list ${key}`);
  const ensured = ensureListDefinition(frame.pkg, make);
  if (!ensured) throw new StepRefused('core-refused', 'the numbering part cannot be built', true);
  frame.overlay.nameList(key, ensured.numId);
  frame.edit(() => ensured.pkg);
  return ensured.numId;
}

function setHyperlink(frame: Frame, operation: Operation): void {
  const { url, ...rest } = valuesOf(operation);
  const { value, part } = decoded(frame, rest);
  if (!part) throw malformed(`${operation.kind} without its place`);
  let relationshipId: string | undefined;
  if (typeof url === 'string') {
    const ensured = ensureHyperlinkRelationship(frame.pkg, url, part);
    if (!ensured) throw new StepRefused('core-refused', 'the link target is not allowed', true);
    relationshipId = ensured.relationshipId;
    frame.edit(() => ensured.pkg);
  }
  const op = { ...value, op: operation.kind, ...(relationshipId ? { relationshipId } : {}) };
  frame.apply(part, op as unknown as TreeDocOp);
}

function insertFragment(frame: Frame, operation: Operation): void {
  const { paragraph, gap, pieces } = placeOf(frame, operation.at);
  const { value } = decoded(frame, valuesOf(operation));
  const op = {
    ...value,
    op: 'insertFragment',
    paragraphId: paragraph.node,
    offset: gap.offset,
  } as unknown as TreeDocOp;
  frame.apply(paragraph.part.name, op, pasted(frame, paragraph, pieces, gap));
}

/** The text intent of an operation whose only position is where it inserts. */
export function insertionIntent(frame: Frame, values: JsonValue): TextIntent | undefined {
  const at = (values as { readonly $at?: Anchor; readonly $over?: unknown }).$at;
  if (!at || (values as { readonly $over?: unknown }).$over) return undefined;
  const place = frame.view.gap(at);
  return place ? inserted(frame, place.paragraph, place.pieces, place.gap) : undefined;
}

function runAddressed(frame: Frame, operation: Operation): void {
  const values = valuesOf(operation);
  const { value, part } = decoded(frame, values);
  if (Array.isArray(value.siteNodeIds) && value.siteNodeIds.length === 0) return;
  const target = part ?? operation.part ?? frame.pkg.mainDocumentPart;
  if (!frame.pkg.parts.has(target)) throw gone(`part ${target}`);
  const op = { ...value, op: operation.kind, ...tracked(frame, operation) } as unknown as TreeDocOp;
  frame.apply(target, op, insertionIntent(frame, values));
  frame.guard(operation);
}

/** Logical ids of the paragraphs inside a node, in document order. */
export function paragraphsInside(frame: Frame, logical: string): readonly Found[] {
  const root = frame.view.node(logical);
  if (!root) return [];
  const part = frame.pkg.parts.get(logical.slice(0, logical.indexOf('#')));
  if (!part) return [];
  return paragraphOrder({ ...part, root: root as typeof part.root })
    .map((node) => frame.view.paragraphByNode(node))
    .filter((each) => each !== null);
}
