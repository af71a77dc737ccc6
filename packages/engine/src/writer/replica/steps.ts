import type { TreeDocOp } from '@docx-editor.dev/core/store';
import { addressAt } from './decisions.js';
import { keepingFieldsWhole } from './field-runs.js';
import { setListNumbering, setParagraphProperties, setRunProperties } from './format-steps.js';
import { type Frame, gone } from './frame.js';
import { changeHyperlink, insertHyperlink } from './link-steps.js';
import type { Operation, OperationKind } from './operation.js';
import { decoded, insertionIntent, tracked, valuesOf } from './step-values.js';
import { deleteStructure } from './structure-steps.js';
import {
  countAgain,
  deleteText,
  insertFragment,
  insertText,
  joinParagraphs,
  splitParagraph,
} from './text-steps.js';

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
  insertHyperlink,
  setHyperlinkTarget: changeHyperlink,
  removeHyperlink: changeHyperlink,
  insertFragment,
};

function runAddressed(frame: Frame, operation: Operation): void {
  const values = valuesOf(operation);
  const { value, part } = decoded(frame, values);
  // A change is the one at these nodes, whatever number and time it carries by now.
  if (values.revision !== undefined)
    value.revision = addressAt(frame.view, values.siteNodeIds) ?? value.revision;
  if (Array.isArray(value.siteNodeIds) && value.siteNodeIds.length === 0) return;
  const target = part ?? operation.part ?? frame.pkg.mainDocumentPart;
  if (!frame.pkg.parts.has(target)) throw gone(`part ${target}`);
  countAgain(frame, operation.ranges ?? []);
  const op = { ...value, op: operation.kind, ...tracked(frame, operation) } as unknown as TreeDocOp;
  const whole = keepingFieldsWhole(frame, operation, target, value.paragraphId);
  frame.apply(target, op, insertionIntent(frame, values), whole);
  frame.guard(operation);
}
