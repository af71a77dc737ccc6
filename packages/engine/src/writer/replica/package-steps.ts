import type { TreeDocOp } from '@docx-editor.dev/core/store';
import { type Frame, StepRefused } from './frame.js';
import type { Operation } from './operation.js';
import { decoded, insertionIntent } from './step-values.js';
import { countAgain } from './text-steps.js';

/** Operations the core runs over several parts at once: headers and footers, notes, settings, watermark. */
export function runPackageStep(frame: Frame, operation: Operation): void {
  const values = operation.values ?? {};
  const { value } = decoded(frame, values);
  const intent = insertionIntent(frame, values);
  countAgain(frame, operation.ranges ?? []);
  const op = {
    ...value,
    op: operation.kind,
    ...(operation.tracked ? { revision: frame.revision } : {}),
  } as unknown as TreeDocOp;
  const result = frame.store.applyLifecycleOp(op, { actorId: frame.key.slice(0, frame.key.indexOf('.')) });
  if (!result.ok)
    throw new StepRefused('core-refused', `${operation.kind}: ${result.reason} ${result.detail ?? ''}`, true);
  frame.adopt(intent);
  frame.guard(operation);
}
