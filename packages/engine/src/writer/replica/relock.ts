import { findNode, type OoxmlElement, type OoxmlNode } from '@docx-editor.dev/core/store';
import { fingerprint } from './block-content.js';
import { partOf } from './identity.js';
import type { JsonValue } from './operation.js';
import { isElementNode } from './tree-change.js';
import type { View } from './view.js';

/** What a replacement locks, as far as it is renewed here. */
interface Locks {
  readonly parts: readonly {
    readonly segments: readonly {
      readonly remove: readonly { readonly id: string; readonly print: string }[];
    }[];
  }[];
}

/**
 * The locks of an older replacement, renewed where a block still says what it said: taking later steps back leaves
 * the same words in other runs.
 */
export function relocked(
  values: Record<string, JsonValue>,
  left: View['pkg'],
  view: View,
): Record<string, JsonValue> {
  const { parts } = values as unknown as Locks;
  const renewed = parts.map((each) => ({
    ...each,
    segments: each.segments.map((segment) => ({
      ...segment,
      remove: segment.remove.map(({ id, print }) => {
        const then = left.parts.get(partOf(id));
        const old = then && findNode(then, view.identity.nodeOf(id));
        const now = view.node(id);
        return { id, print: old && now && saysOf(old) === saysOf(now) ? fingerprint(now) : print };
      }),
    })),
  }));
  return { ...values, parts: renewed as unknown as JsonValue };
}

/** Attributes that say when and where something was written, not what. */
const MARKS = /^(?:paraId|textId|rsid\w*|date)$/;
/** The namespace in which `id` names a relationship: where a link goes. */
const R = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const EMPTY_BAGS: ReadonlySet<string> = new Set(['rPr', 'pPr']);

/** Elements around runs that a cut through them doubles: two that say the same side by side are one. */
const WRAPPERS: ReadonlySet<string> = new Set(['ins', 'del', 'moveFrom', 'moveTo', 'hyperlink', 'smartTag']);

/** What a block says, however its text is cut into runs, and these into proposals and links. */
function saysOf(node: OoxmlNode): string {
  if (!isElementNode(node)) return JSON.stringify(node.value);
  const parts: string[] = [];
  let last: string | null = null;
  const walk = (children: readonly OoxmlNode[], around: string): void => {
    for (const child of children) {
      if (isElementNode(child) && WRAPPERS.has(child.localName) && child.children.length > 0) {
        walk(child.children as readonly OoxmlNode[], `${around}${tagOf(child, NUMBER)}`);
        continue;
      }
      if (isElementNode(child) && child.localName === 'r') {
        const { bag, content } = runOf(child);
        if (content === '') continue;
        const kind = `${around}<r ${bag}>`;
        if (kind !== last) parts.push(kind);
        last = kind;
        parts.push(content);
        continue;
      }
      const says = saysOf(child);
      if (says === '') continue;
      last = null;
      parts.push(around, says);
    }
  };
  walk(node.children as readonly OoxmlNode[], '');
  if (parts.join('') === '' && EMPTY_BAGS.has(node.localName)) return '';
  return `${tagOf(node, NOTHING)}${parts.join('')}</>`;
}

const NOTHING: ReadonlySet<string> = new Set();
/** A cut gives the second half of a proposal a number of its own. */
const NUMBER: ReadonlySet<string> = new Set(['id']);

function tagOf(node: OoxmlElement, apart: ReadonlySet<string>): string {
  const attributes = node.attributes
    .filter((each) => !MARKS.test(each.localName) && !(apart.has(each.localName) && each.namespaceUri !== R))
    .map((each) => `${each.namespaceUri} ${each.localName}=${JSON.stringify(each.value)}`);
  return `<${node.namespaceUri} ${node.localName} ${attributes.sort().join(' ')}>`;
}

function runOf(run: OoxmlNode & { readonly children: readonly OoxmlNode[] }): {
  bag: string;
  content: string;
} {
  let bag = '';
  let content = '';
  for (const child of run.children) {
    if (!isElementNode(child)) continue;
    if (child.localName === 'rPr') bag = saysOf(child);
    else if (child.localName === 't' || child.localName === 'delText')
      for (const each of child.children as readonly OoxmlNode[])
        content += isElementNode(each) ? saysOf(each) : JSON.stringify(each.value).slice(1, -1);
    else content += saysOf(child);
  }
  return { bag, content };
}
