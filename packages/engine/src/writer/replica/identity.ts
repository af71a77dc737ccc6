import {
  fnv1a32,
  mintParaId,
  type OoxmlElement,
  type OoxmlNode,
  type OoxmlPart,
  replaceNode,
  usedParaIds,
} from '@docx-editor.dev/core/store';
import type { LogicalId } from './operation.js';
import { isElementNode, type TreeChange } from './tree-change.js';

const W14 = 'http://schemas.microsoft.com/office/word/2010/wordml';

/**
 * Names of nodes. On most replicas the node id is the logical id; on the replica of a person who edits, the
 * editor's own ids of what that person created stay as node ids for the whole session, so that the paragraph
 * under the caret is never renamed.
 */
export class Identity {
  private readonly toNodeId = new Map<LogicalId, string>();
  private readonly toLogicalId = new Map<string, LogicalId>();
  private expected: string[] = [];
  private given: LogicalId[] = [];

  alias(logical: LogicalId, node: string): void {
    if (logical === node) return;
    this.toNodeId.set(logical, node);
    this.toLogicalId.set(node, logical);
  }

  /** The next new paragraphs get these ids at once: the editor's own, in the order it reports them. */
  expect(ids: readonly string[]): void {
    this.expected = ids.slice();
    this.given = [];
  }

  /** Ends the expectation; `keep` is false when what was named is dropped again. */
  endExpectation(keep: boolean): void {
    this.expected = [];
    if (!keep) {
      for (const logical of this.given) {
        this.toLogicalId.delete(this.nodeOf(logical));
        this.toNodeId.delete(logical);
      }
    }
    this.given = [];
  }

  /** The node id for a new node. */
  claim(logical: LogicalId, isParagraphNode: boolean): string {
    const id = isParagraphNode ? this.expected.shift() : undefined;
    if (id === undefined) return this.nodeOf(logical);
    this.alias(logical, id);
    this.given.push(logical);
    return id;
  }

  nodeOf(logical: LogicalId): string {
    return this.toNodeId.get(logical) ?? logical;
  }

  logicalOf(node: string): LogicalId {
    return this.toLogicalId.get(node) ?? node;
  }
}

/** The part a node or logical id belongs to. */
export function partOf(id: string): string {
  const cut = id.indexOf('#');
  return cut < 0 ? id : id.slice(0, cut);
}

/** `client.n.step` of a logical id or a run, or null for what the file held. */
export function stepKeyOf(address: string): string | null {
  const id = address.startsWith('^') || address.startsWith('@') ? address.slice(1) : address;
  const local = id.slice(id.indexOf('#') + 1);
  return /^([A-Za-z][A-Za-z0-9_-]*\.\d+\.\d+)(?:\.|$)/.exec(local)?.[1] ?? null;
}

/**
 * New ids for added nodes, except those that come back under the name they had (`kept`):
 * `part#key.localName+ordinal`, ordinals per name in document order. */
export function nameAdded(
  part: string,
  key: string,
  added: readonly OoxmlNode[],
  counts: Map<string, number>,
  identity: Identity,
  kept: ReadonlySet<string>,
): Map<string, string> {
  const names = new Map<string, string>();
  for (const node of added) {
    if (kept.has(node.id)) continue;
    const kind = isElementNode(node) ? node.localName : 'v';
    const slot = `${part} ${kind}`;
    const ordinal = counts.get(slot) ?? 0;
    counts.set(slot, ordinal + 1);
    names.set(node.id, identity.claim(`${part}#${key}.${kind}${ordinal}`, node.kind === 'paragraph'));
  }
  return names;
}

/** Gives the added nodes their names and the new paragraphs a `w14:paraId` derived from them. */
export function renameAdded(
  part: OoxmlPart,
  before: OoxmlPart | undefined,
  change: TreeChange,
  names: ReadonlyMap<string, string>,
  identity: Identity,
): OoxmlPart {
  const used = before && change.addedParagraphs.length > 0 ? usedParaIds(before.root) : new Set<string>();
  const minted = new Set<string>();
  const rename = (node: OoxmlNode, parent = ''): OoxmlNode => {
    const id = names.get(node.id) ?? node.id;
    if (!isElementNode(node)) return id === node.id ? node : Object.freeze({ ...node, id });
    const olds = node.children as readonly OoxmlNode[];
    let children: OoxmlNode[] | null = null;
    for (let i = 0; i < olds.length; i++) {
      const child = olds[i] as OoxmlNode;
      const renamed = rename(child, node.localName);
      if (renamed !== child) {
        children ??= olds.slice();
        children[i] = renamed;
      }
    }
    let attributes: readonly unknown[] | null = null;
    if (node.kind === 'paragraph' && names.has(node.id)) {
      const value = mintParaId(
        identity.logicalOf(id),
        minted.size === 0 ? used : new Set([...used, ...minted]),
      );
      attributes = withParagraphId(node, value);
      if (attributes) minted.add(value);
    }
    // The core draws the number of some controls at random.
    if (parent === 'sdtPr' && node.localName === 'id' && names.has(node.id))
      attributes = withNumber(node, fnv1a32(identity.logicalOf(id)) >>> 1);
    if (id === node.id && !children && !attributes) return node;
    return Object.freeze({
      ...node,
      id,
      ...(children ? { children: Object.freeze(children) } : {}),
      ...(attributes ? { attributes: Object.freeze(attributes) } : {}),
    }) as OoxmlNode;
  };
  let current = part;
  for (const root of change.rewriteRoots) {
    const node = findIn(change, root, current);
    if (!node) throw new Error(`The changed node ${root} is not in ${part.name}.`);
    const result = replaceNode(current, root, rename(node), { deferValidation: true });
    if (!result.ok)
      throw new Error(`Renaming the new nodes of ${part.name} failed: ${JSON.stringify(result.issues)}`);
    current = result.part;
  }
  return current;
}

function withNumber(node: OoxmlElement, value: number): readonly unknown[] {
  return node.attributes.map((each) =>
    each.localName === 'val' ? Object.freeze({ ...each, value: String(Math.max(value, 1)) }) : each,
  );
}

function withParagraphId(node: OoxmlElement, value: string): readonly unknown[] | null {
  let any = false;
  const attributes = node.attributes.map((attribute) => {
    const identity =
      attribute.namespaceUri === W14 &&
      (attribute.localName === 'paraId' || attribute.localName === 'textId');
    if (!identity) return attribute;
    any = true;
    return Object.freeze({ ...attribute, value });
  });
  return any ? attributes : null;
}

function findIn(change: TreeChange, id: string, part: OoxmlPart): OoxmlNode | null {
  for (const node of change.added) if (node.id === id) return node;
  for (const [, after] of change.changedParagraphs) if (after.id === id) return after;
  return part.root.id === id ? part.root : null;
}
