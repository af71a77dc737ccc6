import { type TreeDocOp, validateTreeOp } from '@docx-editor.dev/core/store';
import { founds, holdsOthers, paragraphsOfNotes } from './boxes.js';
import { type Frame, malformed, StepRefused } from './frame.js';
import type { Operation } from './operation.js';
import { decoded, rangesOf, tracked, valuesOf } from './step-values.js';
import { countAgain, deleteCharacters, deleteLeft } from './text-steps.js';
import { isElementNode } from './tree-change.js';
import { type Found, paragraphOrder } from './view.js';

/** Removes a paragraph, table, row or column together with exactly the characters its author saw in it. */
export function deleteStructure(frame: Frame, operation: Operation): void {
  const ranges = rangesOf(operation);
  const { target, ...rest } = valuesOf(operation);
  const logical = (target as { readonly $node?: string } | undefined)?.$node;
  const paragraph = logical ? frame.view.paragraph(logical) : null;
  if (operation.kind === 'deleteBlock' && logical && (paragraph || !frame.view.node(logical))) {
    if (paragraph && !holdsOthers(frame.view, paragraphsIn(frame, paragraph), ranges)) {
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
  if (!operation.tracked) countAgain(frame, ranges);
  frame.apply(part, op, (settled) => {
    for (const each of settled) {
      const lost = each.change.removedParagraphs.map((node) => ({
        logical: frame.identity.logicalOf(node.id),
        node: node.id,
        part: each.before ?? each.after,
      }));
      const notes = each.change.removedParagraphs.flatMap((node) => paragraphsOfNotes(frame.view, node));
      if (holdsOthers(frame.view, [...lost, ...founds(frame.view, notes)], ranges))
        throw new StepRefused(
          'foreign-content',
          `${operation.kind} would remove what others wrote inside`,
          false,
        );
    }
  });
}

/** A paragraph and those of the text boxes and notes in it. */
function paragraphsIn(frame: Frame, paragraph: Found): readonly Found[] {
  const root = frame.view.node(paragraph.logical);
  if (!root || !isElementNode(root)) return [paragraph];
  const inside = [...paragraphOrder({ ...paragraph.part, root }), ...paragraphsOfNotes(frame.view, root)];
  return founds(frame.view, inside);
}
