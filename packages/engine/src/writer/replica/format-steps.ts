import { ensureListDefinition, type TreeDocOp } from '@docx-editor.dev/core/store';
import { type Frame, gone, malformed, StepRefused } from './frame.js';
import { stillOwn } from './inverse.js';
import type { JsonValue, Operation, PropertyDelta } from './operation.js';
import { applyDelta, markBag, paragraphBag, type RunSpan, runSpans } from './properties.js';
import { decoded, rangesOf, tracked, valuesOf } from './step-values.js';

export function setRunProperties(frame: Frame, operation: Operation): void {
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
      const own = stillOwn(delta, onlyIf, span.bag);
      // Taking back nothing must not cut a run: it would look like a change, and nothing could take that back.
      if (onlyIf && own.set.length + own.remove.length === 0) continue;
      const properties = applyDelta(span.bag, own);
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
  frame.expectNothingHidden(operation);
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

export function setParagraphProperties(frame: Frame, operation: Operation): void {
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

export function setListNumbering(frame: Frame, operation: Operation): void {
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
