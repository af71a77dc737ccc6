import type { OoxmlElement, OoxmlNode, OoxmlPackage } from '@docx-editor.dev/core/store';
import { strToU8 } from 'fflate';
import { attributesOf } from './block-content.js';
import { hexDigest } from './snapshot.js';
import { isElementNode } from './tree-change.js';

/** Depth below a part's root at which blocks stand: `w:document` holds `w:body`, and that the paragraphs and tables. */
const BLOCK_DEPTH = 2;

/** By the trees they were taken of, which never change: an edit leaves most blocks of a document as they are. */
const digests = new WeakMap<OoxmlElement, string>();

/**
 * A digest of everything a package holds, for the comparison of replicas. It stands for what the XML says, without
 * prefixes and the order of attributes, and takes time only for what was edited since it was last taken.
 */
export function digestOf(pkg: OoxmlPackage): string {
  const lines: string[] = [];
  for (const [name, part] of pkg.parts) lines.push(`${name} ${digestOfElement(part.root, 0)}`);
  for (const [name, bytes] of pkg.partBytes) if (!pkg.parts.has(name)) lines.push(`${name} ${bytes.length}`);
  for (const [owner, records] of pkg.relationships) lines.push(`${owner} ${JSON.stringify(records)}`);
  return hexDigest([strToU8(lines.sort().join('\n'))]);
}

function digestOfElement(element: OoxmlElement, depth: number): string {
  const known = digests.get(element);
  if (known !== undefined) return known;
  const children = (element.children as readonly OoxmlNode[]).map((child) =>
    depth < BLOCK_DEPTH && isElementNode(child) ? digestOfElement(child, depth + 1) : print(child),
  );
  const digest = hexDigest([strToU8(`${tag(element)}${children.join('')}`)]);
  digests.set(element, digest);
  return digest;
}

/** Text stands unquoted, so that it does not matter into how many nodes it is cut. */
function print(node: OoxmlNode): string {
  if (!isElementNode(node)) return node.value.replaceAll('<', '<<');
  return `${tag(node)}${(node.children as readonly OoxmlNode[]).map(print).join('')}</>`;
}

function tag(element: OoxmlElement): string {
  return `<${element.namespaceUri} ${element.localName} ${attributesOf(element)}>`;
}
