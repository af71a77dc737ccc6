import {
  findNode,
  mintParaId,
  type OoxmlElement,
  type OoxmlNode,
  type OoxmlPackage,
  paraIdOf,
  parentNodeOf,
  replaceNode,
  usedParaIds,
  withPart,
} from '@docx-editor.dev/core/store';
import type { Comeback, Frame } from './frame.js';
import { partOf } from './identity.js';
import type { JsonValue, LogicalId } from './operation.js';
import type { View } from './view.js';

/** The paragraph that a split makes is one that was there before: it gets its old name back. */
export interface Revival {
  readonly paragraph: LogicalId;
  readonly paraId?: string;
}

const W14 = 'http://schemas.microsoft.com/office/word/2010/wordml';

/** What a paragraph about to be joined away needs to come back as itself. */
export function revivalOf(view: View, paragraph: LogicalId): Revival {
  const node = view.node(paragraph);
  const paraId = node?.kind === 'paragraph' ? paraIdOf(node) : null;
  return paraId ? { paragraph, paraId } : { paragraph };
}

/** Only a paragraph that was there and is gone can come back: no name is taken from what somebody may still make. */
export function canRevive(view: View, revives: JsonValue | undefined): revives is JsonValue & Revival {
  const logical = (revives as Revival | undefined)?.paragraph;
  return typeof logical === 'string' && view.overlay.pieces(logical) === null && view.node(logical) === null;
}

/** Names the paragraph right behind `head` as the one that comes back. */
export function comebackOf(frame: Frame, head: string, revival: Revival): Comeback | undefined {
  const { paragraph, paraId } = revival;
  const part = partOf(paragraph);
  if (partOf(head) !== part) return undefined;
  const id = frame.identity.nodeOf(paragraph);
  const before = frame.pkg.parts.get(part);
  const named = (pkg: OoxmlPackage): OoxmlPackage => {
    const current = pkg.parts.get(part);
    const siblings = (current && parentNodeOf(current, head)?.children) as readonly OoxmlNode[] | undefined;
    const made = siblings?.[siblings.findIndex((each) => each.id === head) + 1];
    if (!current || made?.kind !== 'paragraph' || (before && findNode(before, made.id))) return pkg;
    const used = before ? usedParaIds(before.root) : new Set<string>();
    const value = paraId && !used.has(paraId.toUpperCase()) ? paraId : mintParaId(paragraph, used);
    const renamed = replaceNode(current, made.id, withName(made, id, value), { deferValidation: true });
    return renamed.ok ? withPart(pkg, renamed.part) : pkg;
  };
  return { named, kept: new Set([id]) };
}

function withName(node: OoxmlElement, id: string, paraId: string): OoxmlElement {
  const attributes = node.attributes.map((each) =>
    each.namespaceUri === W14 && each.localName === 'paraId'
      ? Object.freeze({ ...each, value: paraId })
      : each,
  );
  return Object.freeze({ ...node, id, attributes: Object.freeze(attributes) }) as OoxmlElement;
}
