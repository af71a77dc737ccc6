import {
  findNode,
  type OoxmlElement,
  type OoxmlNode,
  type OoxmlParagraphNode,
  type OoxmlPart,
  paragraphOffsetIndex,
} from '@docx-editor.dev/core/store';
import type { JsonValue } from './operation.js';
import { isElementNode } from './tree-change.js';
import type { View } from './view.js';

/** A tracked change as the core addresses it. Number and time in it are this replica's, until the order is known. */
interface RevisionAddress {
  readonly id: string;
  readonly author: string;
  readonly date?: string;
}

const attributeOf = (node: OoxmlElement, name: string): string | undefined =>
  node.attributes.find((each) => each.localName === name)?.value;

/** The nodes that carry a tracked change, for an operation that names it by its attributes only. */
export function sitesOf(part: OoxmlPart, { id, author }: RevisionAddress): readonly string[] {
  const found: string[] = [];
  const walk = (node: OoxmlNode): void => {
    if (!isElementNode(node)) return;
    const own = attributeOf(node, 'author') === author && attributeOf(node, 'id') === id;
    if (own && node.kind !== 'comment') found.push(node.id);
    for (const child of node.children as readonly OoxmlNode[]) walk(child);
  };
  walk(part.root);
  return found;
}

/** Where a tracked change stands: characters of one paragraph, by its node in this replica. */
export interface ChangePlace {
  readonly nodeId: string;
  readonly start: number;
  readonly end: number;
}

/** Elements around text that is proposed or struck. */
const AROUND_TEXT: ReadonlySet<string> = new Set(['ins', 'del', 'moveFrom', 'moveTo']);

/**
 * The nodes that carry somebody's tracked change of these characters. An editor numbers what was typed in it in a way of
 * its own, so that until it is confirmed only its place says which one is meant.
 */
export function sitesWithin(view: View, author: string, places: readonly ChangePlace[]): readonly string[] {
  return places.flatMap(({ nodeId, start, end }) => {
    const found = view.paragraphByNode(nodeId);
    const paragraph = found && findNode(found.part, found.node);
    if (paragraph?.kind !== 'paragraph') return [];
    const index = paragraphOffsetIndex(paragraph as OoxmlParagraphNode);
    const sites: string[] = [];
    const walk = (node: OoxmlNode): void => {
      if (!isElementNode(node)) return;
      const span = AROUND_TEXT.has(node.localName) ? index.spanOf(node) : null;
      const isMeant = span !== null && span.start < end && span.end > start;
      if (isMeant && attributeOf(node, 'author') === author) sites.push(node.id);
      for (const child of node.children as readonly OoxmlNode[]) walk(child);
    };
    walk(paragraph);
    return sites;
  });
}

/** How the tracked change at these sites is addressed on this replica now; null when none of them stands any more. */
export function addressAt(view: View, sites: JsonValue | undefined): RevisionAddress | null {
  for (const site of (sites ?? []) as unknown as readonly { readonly $node: string }[]) {
    const node = view.node(site.$node);
    if (!node || !isElementNode(node)) continue;
    const [id, author, date] = ['id', 'author', 'date'].map((name) => attributeOf(node, name));
    if (id !== undefined && author !== undefined)
      return { id, author, ...(date === undefined ? {} : { date }) };
  }
  return null;
}
