import type { OoxmlElement } from '@docx-editor.dev/core/store';
import { openReplica } from '@officina/engine/writer/replica';
import { type Action, spotOf } from './actions.js';
import { all, children } from './structure-actions.js';
import { workshop } from './workshop.js';

/** Blocks of the workshop document that hold what few documents have: form fields, equations, a gallery to choose from. */
function blocksWorthBringing(): readonly OoxmlElement[] {
  const { parts, mainDocumentPart } = openReplica({ base: workshop() }).package;
  const [body] = parts.get(mainDocumentPart)?.root.children ?? [];
  const held = /^(?:fldChar|oMath|docPartList)$/;
  const blocks = body ? (children(body) as readonly OoxmlElement[]) : [];
  return blocks.filter((block) => all(block, ({ localName }) => held.test(localName)).length > 0);
}

let known: readonly OoxmlElement[] | null = null;

/** Somebody pastes one of them, so that every kind finds something to be tried on in every document. */
export const bring: Action = (stage) => {
  known ??= blocksWorthBringing();
  const spot = spotOf(stage);
  if (!spot) return false;
  const block = stage.random.pick(known);
  const blank = { ...(known[0] as OoxmlElement), children: [] } as unknown as OoxmlElement;
  const at = { paragraphId: spot.id, offset: stage.random.pick([0, spot.text.length]) };
  return stage.person.edit([{ op: 'insertFragment', ...at, blocks: [block, blank] }]);
};
