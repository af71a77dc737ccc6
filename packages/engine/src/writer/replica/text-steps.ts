import {
  bodyStoryRoot,
  type OoxmlNode,
  parentNodeOf,
  storyParagraphs,
  type TreeDocOp,
  validateTreeOp,
} from '@docx-editor.dev/core/store';
import { sparingBoxes, sparingNotesOfForms } from './boxes.js';
import { behindContinuation } from './continuation.js';
import { type Frame, gone, malformed, StepRefused } from './frame.js';
import { inserted, joined, pasted, removed, split } from './intents.js';
import { besideLostReference } from './note-places.js';
import type { Anchor, CharacterRange, JsonValue, Operation, Property } from './operation.js';
import { gapAt, killAgain, liveLength, startOf } from './overlay.js';
import { keepWhatOthersWrote } from './placeholder.js';
import { canRevive, comebackOf, type Revival } from './revival.js';
import { decoded, type Place, placeOf, rangesOf, tracked, valuesOf } from './step-values.js';
import type { Found } from './view.js';

export function insertText(frame: Frame, operation: Operation): void {
  const { text, inside, textFormFieldId, bias, seen } = valuesOf(operation);
  const place = () => behindContinuation(textPlaceOf(frame, operation.at), seen);
  let { paragraph, gap, pieces } = place();
  if (typeof text !== 'string' || text === '') throw malformed('insertText without text');
  const known = operation.ranges ?? [];
  // Its author sees all there is: what goes with the prompt in their editor is named for the others.
  const mayWipe = !operation.tracked && !frame.authoring;
  const kept = mayWipe && keepWhatOthersWrote(frame, paragraph, gap.offset, known);
  if (kept) ({ paragraph, gap, pieces } = place());
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
  if (kept) deleteCharacters(frame, known, operation);
}

/** Text is never refused for its place: when even the story around it is gone, it goes to the end of the body. */
function textPlaceOf(frame: Frame, anchor: Anchor | undefined): Place {
  const meant = anchor && frame.view.gap(anchor);
  const beside = meant && besideLostReference(frame.view, meant.paragraph);
  const place = (beside && frame.view.gap(beside)) ?? meant;
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

export function deleteText(frame: Frame, operation: Operation): void {
  deleteCharacters(frame, rangesOf(operation), operation);
}

/** Deletes what is still alive of these characters, wherever it stands now; the text of others inside survives. */
export function deleteCharacters(
  frame: Frame,
  ranges: readonly CharacterRange[],
  operation: Operation,
  counts = true,
): void {
  const { view } = frame;
  const found = sparingNotesOfForms(view, view.intervals(ranges));
  const intervals = operation.tracked ? found : found.flatMap((each) => sparingBoxes(view, each, ranges));
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

/** Characters that a split carried off meanwhile go too. */
export function deleteLeft(frame: Frame, ranges: readonly CharacterRange[], operation: Operation): void {
  if (frame.view.intervals(ranges).length > 0) deleteCharacters(frame, ranges, operation, false);
}

/** What somebody else deleted before is deleted once more: it stays away when only one of the two is undone. */
export function countAgain(frame: Frame, ranges: readonly CharacterRange[]): void {
  for (const logical of frame.view.holdersOfAll(ranges)) {
    const pieces = frame.overlay.pieces(logical);
    const counted = pieces && killAgain(pieces, ranges);
    if (!counted) continue;
    frame.overlay.write(logical, counted, []);
    frame.touch();
  }
}

export function splitParagraph(frame: Frame, operation: Operation): void {
  const { at: many, tailStyleId, bag, revives, seen } = valuesOf(operation);
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
  for (let i = anchors.length - 1; i >= 0; i--)
    splitOnce(frame, anchors[i] as Anchor, { tailStyleId, revives, seen });
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

function splitOnce(
  frame: Frame,
  anchor: Anchor,
  { tailStyleId, revives, seen }: { readonly [name: string]: JsonValue | undefined },
): void {
  const { paragraph, gap, pieces } = behindContinuation(placeOf(frame, anchor), seen);
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
  const comeback = canRevive(frame.view, revives) ? comebackOf(frame, paragraph.node, revives) : undefined;
  frame.apply(paragraph.part.name, at(offset), split(frame, paragraph, pieces, [place]), comeback);
  if (!comeback) return;
  const mark = startOf((revives as unknown as Revival).paragraph);
  const left = frame.overlay.pieces(paragraph.logical) ?? [];
  frame.overlay.write(
    paragraph.logical,
    left.filter((each) => each.run !== mark),
    [],
  );
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

export function joinParagraphs(frame: Frame, operation: Operation): void {
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
  frame.expectNothingHidden(operation);
}

export function insertFragment(frame: Frame, operation: Operation): void {
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
