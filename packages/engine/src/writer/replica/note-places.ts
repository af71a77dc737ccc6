import {
  type OoxmlElement,
  type OoxmlNode,
  type OoxmlParagraphNode,
  paragraphOffsetIndex,
  parentNodeOf,
} from '@docx-editor.dev/core/store';
import type { Anchor, LogicalId } from './operation.js';
import { type Gap, gapAfter, type Overlay, type Piece, rangesBetween } from './overlay.js';
import type { SettledPart } from './settled-part.js';
import { isElementNode } from './tree-change.js';
import { type Found, paragraphOrder, type View } from './view.js';

/**
 * A note whose reference is gone stands in a part that nobody reads. What is typed into it too late goes where the
 * reference stood.
 */

const STORY_OF: ReadonlyMap<string, string> = new Map([
  ['footnoteReference', 'footnotes'],
  ['endnoteReference', 'endnotes'],
]);
const NOTES: ReadonlySet<string> = new Set(STORY_OF.values());

const keyOf = (story: string, note: OoxmlElement): string =>
  `${story}#${note.attributes.find(({ localName }) => localName === 'id')?.value}`;

function referencesIn(paragraph: OoxmlNode, into = new Map<string, OoxmlElement>()) {
  if (!isElementNode(paragraph)) return into;
  const story = STORY_OF.get(paragraph.localName);
  if (story) into.set(keyOf(story, paragraph), paragraph);
  for (const child of paragraph.children as readonly OoxmlNode[]) referencesIn(child, into);
  return into;
}

/** Where the references stood that a step took away, by their notes. To be asked before the step's addresses change. */
export function referencesLeft(
  { change, after, addedParagraphs }: SettledPart,
  piecesOf: (paragraph: OoxmlElement) => readonly Piece[],
): readonly (readonly [note: string, anchor: Anchor])[] {
  const before = [...change.changedParagraphs.map(([old]) => old), ...change.removedParagraphs];
  const gone = before.flatMap((paragraph) =>
    [...referencesIn(paragraph)].map(([note, reference]) => ({ note, reference, paragraph })),
  );
  if (gone.length === 0) return [];
  const left = new Map<string, OoxmlElement>();
  for (const [, now] of change.changedParagraphs) referencesIn(now, left);
  if (addedParagraphs.length > 0) for (const node of change.added) referencesIn(node, left);
  return gone
    .filter(({ note }) => !left.has(note) && !referencesIn(after.root).has(note))
    .flatMap(({ note, reference, paragraph }) => {
      const span = paragraphOffsetIndex(paragraph as OoxmlParagraphNode).spanOf(reference);
      const [range] = span ? rangesBetween(piecesOf(paragraph), span.start, span.start + 1) : [];
      return range ? [[note, [range[0], range[1]]] as const] : [];
    });
}

/** Remembers it: what is typed into the note goes there. */
export const leaveNote = (overlay: Overlay, [note, anchor]: readonly [string, Anchor]): void =>
  overlay.forward(`note ${note}`, anchor);

/** Where the reference of a note stood that is gone with this paragraph of it. */
export function placeOfLostNote(
  overlay: Overlay,
  { before }: SettledPart,
  paragraph: string,
): { readonly gap: Gap; readonly pieces: readonly Piece[] } | null {
  if (!before || !NOTES.has(before.root.localName)) return null;
  const note = (before.root.children as readonly OoxmlNode[])
    .filter(isElementNode)
    .find((each) => paragraphOrder({ ...before, root: each }).includes(paragraph));
  const anchor = note && overlay.forwardOf(`note ${keyOf(before.root.localName, note)}`);
  for (const holder of anchor ? holdersOf(overlay, anchor[0]) : []) {
    const pieces = overlay.pieces(holder);
    const gap = pieces && anchor ? gapAfter(holder, pieces, anchor) : null;
    if (pieces && gap) return { gap, pieces };
  }
  return null;
}

function holdersOf(overlay: Overlay, run: string): readonly LogicalId[] {
  return run.startsWith('@') ? [run.slice(1), ...overlay.holdersOf(run)] : overlay.holdersOf(run);
}

/** Where text goes that was meant for a paragraph of a note which nothing refers to any more; null for every other one. */
export function besideLostReference(view: View, { part, node }: Found): Anchor | null {
  if (!NOTES.has(part.root.localName)) return null;
  let note = parentNodeOf(part, node);
  while (note && parentNodeOf(part, note.id)?.id !== part.root.id) note = parentNodeOf(part, note.id);
  if (!note || !isElementNode(note)) return null;
  const key = keyOf(part.root.localName, note);
  const anchor = view.overlay.forwardOf(`note ${key}`);
  const main = view.pkg.parts.get(view.pkg.mainDocumentPart);
  return anchor && main && !referencesIn(main.root).has(key) ? anchor : null;
}
