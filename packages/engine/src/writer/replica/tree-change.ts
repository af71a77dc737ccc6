import type { OoxmlElement, OoxmlNode } from '@docx-editor.dev/core/store';

/** What one operation did to a part's tree, found by comparing references: unchanged subtrees are skipped. */
export interface TreeChange {
  /** Nodes that were not there before, in document order. */
  readonly added: readonly OoxmlNode[];
  /** Same id, different content: `[before, after]`, outer before inner, in document order. */
  readonly changedParagraphs: readonly (readonly [OoxmlElement, OoxmlElement])[];
  readonly addedParagraphs: readonly OoxmlElement[];
  readonly removedParagraphs: readonly OoxmlElement[];
  /** By the id of a removed paragraph: the innermost node around it that is still there. */
  readonly removedFrom: ReadonlyMap<string, string>;
  /** Ids of the nodes to rewrite so that all added nodes are covered, none inside another. */
  readonly rewriteRoots: readonly string[];
}

export const isElementNode = (node: OoxmlNode): node is OoxmlElement => node.kind !== 'textValue';
export const isParagraph = (node: OoxmlNode): node is OoxmlElement & { kind: 'paragraph' } =>
  node.kind === 'paragraph';

export function compareTrees(before: OoxmlElement, after: OoxmlElement): TreeChange {
  const gone = new Map<string, OoxmlNode>();
  const come = new Map<string, OoxmlNode>();
  const goneFrom = new Map<string, string>();
  const changed: (readonly [OoxmlElement, OoxmlElement])[] = [];
  /** Added subtrees with the outermost changed paragraph they stand in. */
  const fresh: { node: OoxmlNode; host: string | null }[] = [];

  const compare = (old: OoxmlNode, now: OoxmlNode, outer: string | null): void => {
    if (!isElementNode(old) || !isElementNode(now)) return;
    let host = outer;
    if (isParagraph(now)) {
      changed.push([old, now]);
      host ??= now.id;
    }
    const a = old.children as readonly OoxmlNode[];
    const b = now.children as readonly OoxmlNode[];
    let start = 0;
    while (start < a.length && start < b.length && a[start] === b[start]) start++;
    let endA = a.length;
    let endB = b.length;
    while (endA > start && endB > start && a[endA - 1] === b[endB - 1]) {
      endA--;
      endB--;
    }
    const olds = new Map<string, OoxmlNode>();
    for (let i = start; i < endA; i++) olds.set((a[i] as OoxmlNode).id, a[i] as OoxmlNode);
    for (let i = start; i < endB; i++) {
      const child = b[i] as OoxmlNode;
      const same = olds.get(child.id);
      // A paragraph that gave its name to something else is gone, and its characters with it.
      if (same && isParagraph(same) === isParagraph(child)) {
        olds.delete(child.id);
        if (same !== child) compare(same, child, host);
      } else fresh.push({ node: child, host });
    }
    for (const child of olds.values())
      collect(child, gone, (node) => {
        if (isParagraph(node)) goneFrom.set(node.id, now.id);
      });
  };
  compare(before, after, null);
  for (const { node } of fresh) collect(node, come);

  const added: OoxmlNode[] = [];
  const addedParagraphs: OoxmlElement[] = [];
  const roots = new Set<string>();
  for (const { node, host } of fresh) {
    const subtree = new Map<string, OoxmlNode>();
    collect(node, subtree);
    let any = false;
    for (const [id, each] of subtree) {
      const old = gone.get(id);
      if (!old || isParagraph(old) !== isParagraph(each)) {
        any = true;
        added.push(each);
        if (isParagraph(each)) addedParagraphs.push(each);
      } else if (old !== each && isParagraph(each)) changed.push([old as OoxmlElement, each]);
    }
    if (any) roots.add(host ?? node.id);
  }
  const removedParagraphs: OoxmlElement[] = [];
  for (const [id, node] of gone) {
    const now = come.get(id);
    if (isParagraph(node) && !(now && isParagraph(now))) removedParagraphs.push(node);
  }
  return {
    added,
    changedParagraphs: changed,
    addedParagraphs,
    removedParagraphs,
    removedFrom: goneFrom,
    rewriteRoots: [...roots],
  };
}

function collect(node: OoxmlNode, into: Map<string, OoxmlNode>, each?: (node: OoxmlNode) => void): void {
  into.set(node.id, node);
  each?.(node);
  if (isElementNode(node))
    for (const child of node.children as readonly OoxmlNode[]) collect(child, into, each);
}
