import {
  formsProtectionEnabled,
  type OoxmlElement,
  type OoxmlNode,
  paragraphOffsetIndex,
} from '@docx-editor.dev/core/store';
import type { CharacterRange } from './operation.js';
import { isElementNode, isParagraph } from './tree-change.js';
import { type Found, type Interval, paragraphOrder, type View } from './view.js';

/** What counts as one character and holds paragraphs of its own: a text box, the reference of a note. */
interface Box {
  readonly offset: number;
  readonly paragraphs: readonly string[];
}

/** The text boxes of a paragraph, outermost ones only, with all paragraphs in them. */
function boxesOf(view: View, paragraph: Found): readonly Box[] {
  const root = view.node(paragraph.logical);
  if (!root || !isParagraph(root)) return [];
  const found = new Map<number, string[]>();
  let index: ReturnType<typeof paragraphOffsetIndex> | null = null;
  const walk = (node: OoxmlElement, path: readonly OoxmlElement[]): void => {
    for (const child of node.children as readonly OoxmlNode[]) {
      if (!isElementNode(child)) continue;
      const inside = isParagraph(child) ? [child.id] : noteOf(view, child);
      if (inside.length > 0) {
        index ??= paragraphOffsetIndex(root);
        const span = [...path, child].map((each) => index?.spanOf(each)).find(isOneCharacter);
        if (span) found.set(span.start, [...(found.get(span.start) ?? []), ...inside]);
      }
      walk(child, [...path, child]);
    }
  };
  walk(root, []);
  return [...found].map(([offset, paragraphs]) => ({ offset, paragraphs }));
}

const isOneCharacter = (span: { readonly start: number; readonly end: number } | null | undefined): boolean =>
  span?.end === (span?.start ?? 0) + 1;

const NOTES: Readonly<Record<string, readonly [part: string, note: string]>> = {
  footnoteReference: ['footnotes', 'footnote'],
  endnoteReference: ['endnotes', 'endnote'],
};

/** The paragraphs of the note that a reference stands for; the core removes it with the reference. */
function noteOf(view: View, reference: OoxmlElement): readonly string[] {
  const [story, name] = NOTES[reference.localName] ?? [];
  if (!story || !name) return [];
  const number = idOf(reference);
  for (const part of view.pkg.parts.values()) {
    if (part.root.localName !== story) continue;
    for (const note of part.root.children as readonly OoxmlNode[])
      if (isElementNode(note) && note.localName === name && idOf(note) === number)
        return paragraphOrder({ ...part, root: note });
  }
  return [];
}

/** The paragraphs of all notes that are referred to under a node; they go with it. */
export function paragraphsOfNotes(view: View, node: OoxmlNode): readonly string[] {
  if (!isElementNode(node)) return [];
  const own = noteOf(view, node);
  const inside = (node.children as readonly OoxmlNode[]).flatMap((child) => paragraphsOfNotes(view, child));
  return own.length > 0 ? [...own, ...inside] : inside;
}

const idOf = (node: OoxmlElement): string | undefined =>
  node.attributes.find(({ localName }) => localName === 'id')?.value;

/** The characters between two offsets together with those in the text boxes among them. */
export function rangesWithin(
  view: View,
  paragraph: Found,
  start: number,
  end: number,
): readonly CharacterRange[] {
  const own = view.rangesOf(paragraph, start, end);
  const inside = boxesOf(view, paragraph)
    .filter(({ offset }) => offset >= start && offset < end)
    .flatMap(({ paragraphs }) => paragraphs)
    .flatMap((id) => {
      const inner = view.paragraphByNode(id);
      return inner ? view.rangesOf(inner, 0, view.text(inner).length) : [];
    });
  return inside.length > 0 ? [...own, ...inside] : own;
}

/** An interval without the text boxes that hold what others wrote: these stay with all that is in them. */
export function sparingBoxes(
  view: View,
  interval: Interval,
  ranges: readonly CharacterRange[],
): readonly Interval[] {
  const { paragraph, start, end } = interval;
  const spared = boxesOf(view, paragraph)
    .filter(({ offset }) => offset >= start && offset < end)
    .filter(({ paragraphs }) => holdsOthers(view, founds(view, paragraphs), ranges))
    .map(({ offset }) => offset)
    .sort((a, b) => a - b);
  if (spared.length === 0) return [interval];
  const edges = [start, ...spared.flatMap((offset) => [offset, offset + 1]), end];
  const result: Interval[] = [];
  for (let i = 0; i < edges.length; i += 2) {
    const [from, to] = [edges[i] as number, edges[i + 1] as number];
    if (from < to) result.push({ paragraph, start: from, end: to });
  }
  return result;
}

const IN_NOTES: ReadonlySet<string> = new Set(['footnotes', 'endnotes']);

/**
 * What a form that may be filled in lets go: a reference in a control goes, and the note keeps what it says, for notes
 * stand outside of all controls.
 */
export function sparingNotesOfForms(view: View, intervals: readonly Interval[]): readonly Interval[] {
  const inText = intervals.filter(({ paragraph }) => !IN_NOTES.has(paragraph.part.root.localName));
  if (inText.length === 0 || inText.length === intervals.length) return intervals;
  const settings = [...view.pkg.parts.values()].find(({ root }) => root.localName === 'settings');
  return formsProtectionEnabled(settings?.root) ? inText : intervals;
}

export const founds = (view: View, ids: readonly string[]): readonly Found[] =>
  ids.map((id) => view.paragraphByNode(id)).filter((each) => each !== null);

/** Whether these paragraphs hold live characters outside `ranges`. */
export function holdsOthers(
  view: View,
  paragraphs: readonly Found[],
  ranges: readonly CharacterRange[],
): boolean {
  for (const paragraph of paragraphs) {
    for (const piece of view.pieces(paragraph)) {
      if (piece.dead) continue;
      let covered = piece.from;
      const end = piece.from + piece.length;
      const own = ranges.filter(([run]) => run === piece.run).sort((a, b) => a[1] - b[1]);
      for (const [, from, to] of own) if (from <= covered && to > covered) covered = to;
      if (covered < end) return true;
    }
  }
  return false;
}
