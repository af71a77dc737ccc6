import type { OoxmlElement, OoxmlNode, OoxmlPart } from '@docx-editor.dev/core/store';
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
