import type { OoxmlNode } from '@docx-editor.dev/core/store';
import { expectNowhereElse, type Standing } from './comeback.js';
import { type Frame, StepRefused } from './frame.js';
import type { LogicalId } from './operation.js';
import { isElementNode } from './tree-change.js';

/** What a replacement takes away and brings, as far as something could stand twice afterwards. */
interface Exchange {
  readonly parts: readonly {
    readonly segments: readonly {
      readonly remove: readonly { readonly id: LogicalId }[];
      readonly insert: readonly OoxmlNode[];
    }[];
  }[];
  readonly whole: readonly unknown[];
  readonly standing?: readonly Standing[];
}

/** Refuses to bring back what still stands: a deletion that was refused has nothing to undo. */
export function expectAbsence(frame: Frame, { parts, whole, standing = [] }: Exchange): void {
  const segments = parts.flatMap((each) => each.segments);
  const leaving = new Set(
    segments.flatMap(({ remove }) => remove.flatMap(({ id }) => idsUnder(frame.view.node(id)))),
  );
  const coming = segments.flatMap(({ insert }) => insert);
  for (const { id } of coming)
    if (frame.view.node(id) && !leaving.has(frame.identity.nodeOf(id)))
      throw new StepRefused('target-changed', `block ${id} stands already`, true);
  if (whole.length > 0) return;
  const back = new Set(coming.flatMap(idsUnder));
  expectNowhereElse(
    frame,
    standing.filter(([paragraph]) => back.has(paragraph)),
    leaving,
  );
}

function idsUnder(node: OoxmlNode | null): readonly string[] {
  if (!node) return [];
  return isElementNode(node)
    ? [node.id, ...(node.children as readonly OoxmlNode[]).flatMap(idsUnder)]
    : [node.id];
}
