import { type OoxmlPart, parentNodeOf } from '@docx-editor.dev/core/store';
import type { Identity } from './identity.js';
import type { Anchor } from './operation.js';
import { anchorOf, gapAt, implicitPieces, liveLength, type Overlay } from './overlay.js';
import type { SettledPart } from './settled-part.js';
import { modelText, paragraphOrder } from './view.js';

/** Where text goes that was meant for a paragraph which is not there. */

/**
 * The nearest paragraph to a place in `order`, of those that are `present`: in the same container, else what came into it
 * `instead`, else in one around it, and before the place rather than behind it. A control, a cell or a text box that the
 * place was outside of comes last: it may be locked, and what stood beside it is no part of it.
 */
export function neighbour(
  part: OoxmlPart,
  order: readonly string[],
  place: number,
  container: string | undefined,
  present: ReadonlySet<string>,
  instead: readonly string[] = [],
): string | null {
  const around = container === undefined ? [] : [container, ...ancestorsOf(part, container)];
  const chain = new Set(around);
  const nearest = (fits: (node: string) => boolean): string | undefined => {
    const is = (node: string) => present.has(node) && fits(node);
    return order.slice(0, Math.max(place, 0)).findLast(is) ?? order.slice(place + 1).find(is);
  };
  const anywhere = () => nearest(() => true) ?? null;
  if (container === undefined) return anywhere();
  return (
    nearest((node) => parentNodeOf(part, node)?.id === container) ??
    instead.find((node) => ancestorsOf(part, node).includes(container)) ??
    nearest((node) => ancestorsOf(part, node).every((each) => chain.has(each))) ??
    anywhere()
  );
}

function ancestorsOf(part: OoxmlPart, node: string): readonly string[] {
  const found: string[] = [];
  for (let at = parentNodeOf(part, node); at; at = parentNodeOf(part, at.id)) found.push(at.id);
  return found;
}

/** Where the text of a new paragraph lands if it is never made: beside it. */
export function fallbackFor(settled: SettledPart, overlay: Overlay, identity: Identity): Anchor | null {
  const { before, after, addedParagraphs } = settled;
  const first = addedParagraphs[0];
  if (!before || !first) return null;
  const order = paragraphOrder(after);
  const node = identity.nodeOf(first);
  const place = order.indexOf(node);
  const host = neighbour(after, order, place, parentNodeOf(after, node)?.id, new Set(paragraphOrder(before)));
  if (!host) return null;
  const logical = identity.logicalOf(host);
  const length = modelText(after, host).length;
  const pieces = overlay.pieces(logical) ?? implicitPieces(logical, length);
  return anchorOf(pieces, gapAt(logical, pieces, order.indexOf(host) > place ? 0 : liveLength(pieces)));
}

/** What stands left of the first of these characters, which a comparison named: elsewhere there may be fewer, or none. */
export function fallbackBeside(
  { change }: SettledPart,
  isNew: (run: string) => boolean,
  overlay: Overlay,
  identity: Identity,
): Anchor | null {
  for (const [, { id }] of change.changedParagraphs) {
    const logical = identity.logicalOf(id);
    const pieces = overlay.pieces(logical);
    const index = pieces ? pieces.findIndex((piece) => isNew(piece.run)) : -1;
    if (!pieces || index < 0) continue;
    const inside = pieces[index - 1]?.length ?? 0;
    return anchorOf(pieces, { paragraph: logical, index: index - 1, inside, offset: 0 });
  }
  return null;
}
