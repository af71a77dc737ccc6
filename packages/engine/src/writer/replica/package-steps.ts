import { collectSectionPropertyNodes, type StoryScope, type TreeDocOp } from '@docx-editor.dev/core/store';
import { type Frame, StepRefused } from './frame.js';
import type { Anchor, Operation } from './operation.js';
import { partOfScope } from './scope.js';
import { decoded, insertionIntent } from './step-values.js';
import { countAgain } from './text-steps.js';
import { isElementNode } from './tree-change.js';
import { paragraphOrder } from './view.js';

/** Where text meant for a header goes that somebody else made first: into theirs. */
export function bandMadeBefore(frame: Frame, operation: Operation): Anchor | null {
  if (operation.kind !== 'createHeaderFooter') return null;
  const { sectionIndex, kind, variant } = decoded(frame, operation.values ?? {}).value;
  const main = frame.pkg.parts.get(frame.pkg.mainDocumentPart);
  const section = main && collectSectionPropertyNodes(main.root)[Number(sectionIndex)];
  const reference = section?.children.find(
    (each) =>
      isElementNode(each) &&
      each.localName === `${kind}Reference` &&
      each.attributes.some(({ localName, value }) => localName === 'type' && value === variant),
  );
  if (!reference || !isElementNode(reference)) return null;
  const rId = reference.attributes.find(({ localName }) => localName === 'id')?.value;
  const part =
    rId && frame.pkg.parts.get(partOfScope(frame.pkg, { kind: 'headerFooter', rId } as StoryScope));
  const [first] = part ? paragraphOrder(part) : [];
  return first ? [`^${frame.identity.logicalOf(first)}`, 0] : null;
}

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
