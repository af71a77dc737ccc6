import {
  attributeOf,
  childElements,
  escapeAttribute,
  parseXmlTree,
  type SourceElement,
  type XmlAttribute,
} from '../kit/index.js';
import { MCE, W14, WML } from './names.js';

/**
 * The XML of a story with a valid and unique `w14:paraId` on every paragraph; what has one already keeps it, the text is otherwise as it
 * was. Equal input gives equal output ([MS-DOCX] 2.2.4; the core's `normalizeParagraphIdentity` finds nothing left to do).
 */
export function identifyParagraphs(text: string, seed: string): string {
  const root = parseXmlTree(text);
  const paragraphs: SourceElement[] = [];
  collectParagraphs(root, paragraphs);
  const used = new Set<string>();
  const unidentified: SourceElement[] = [];
  for (const paragraph of paragraphs) {
    const identity = attributeOf(paragraph, W14, 'paraId')?.toUpperCase();
    if (identity !== undefined && isValid(identity) && !used.has(identity)) used.add(identity);
    else unidentified.push(paragraph);
  }
  const bound = rootPrefix(text, root);
  if (unidentified.length === 0 && (bound !== null || used.size === 0)) return text;
  const prefix = bound ?? freePrefix(text);
  const out: string[] = [
    text.slice(0, root.start),
    bound === null ? withBinding(text, root, prefix) : openingTag(text, root),
  ];
  let at = root.openEnd;
  unidentified.forEach((paragraph, index) => {
    const identity = mint(`${seed}:${index}`, used);
    out.push(text.slice(at, paragraph.start), withIdentity(text, paragraph, prefix, identity));
    at = paragraph.openEnd;
  });
  out.push(text.slice(at));
  return out.join('');
}

function collectParagraphs(element: SourceElement, found: SourceElement[]): void {
  for (const child of childElements(element)) {
    if (child.local === 'p' && child.namespace === WML) found.push(child);
    collectParagraphs(child, found);
  }
}

/** Eight hexadecimal digits, neither zero nor above 7FFFFFFF ([MS-DOCX] 2.2.4). */
function isValid(identity: string): boolean {
  return /^[0-7][0-9A-F]{7}$/.test(identity) && identity !== '00000000';
}

/** FNV-1a over the seed, the next free value from there on. */
function mint(seed: string, used: Set<string>): string {
  let hash = 2166136261;
  for (let index = 0; index < seed.length; index += 1)
    hash = Math.imul(hash ^ seed.charCodeAt(index), 16777619);
  for (let value = hash & 0x7fffffff; ; value = (value % 0x7fffffff) + 1) {
    const identity = value.toString(16).toUpperCase().padStart(8, '0');
    if (value === 0 || used.has(identity)) continue;
    used.add(identity);
    return identity;
  }
}

/** A prefix that stands for the identities' namespace everywhere in the text; null when the root binds none. */
function rootPrefix(text: string, root: SourceElement): string | null {
  for (const [prefix, namespace] of root.scope) {
    if (namespace === W14 && prefix !== '' && bindings(text, prefix).every((each) => each === W14))
      return prefix;
  }
  return null;
}

function freePrefix(text: string): string {
  for (let count = 0; ; count += 1) {
    const prefix = count === 0 ? 'w14' : `w14x${count}`;
    if (bindings(text, prefix).every((each) => each === W14)) return prefix;
  }
}

function bindings(text: string, prefix: string): string[] {
  const pattern = new RegExp(
    `\\sxmlns:${prefix.replace(/[.]/g, '\\.')}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`,
    'g',
  );
  return [...text.matchAll(pattern)].map((match) => match[1] ?? match[2] ?? '');
}

function openingTag(text: string, element: SourceElement): string {
  return text.slice(element.start, element.openEnd);
}

/** The root's start tag with the prefix bound and, where the root has such a list, ignorable for programs that do not know it. */
function withBinding(text: string, root: SourceElement, prefix: string): string {
  const tag = openingTag(text, root);
  const ignorable = root.attributes.find((each) => each.local === 'Ignorable' && each.namespace === MCE);
  const listed = ignorable ? replaceAttribute(tag, ignorable, `${ignorable.value} ${prefix}`.trim()) : tag;
  return listed.replace(/^<[^\s/>]+/, (start) => `${start} xmlns:${prefix}="${W14}"`);
}

function withIdentity(text: string, paragraph: SourceElement, prefix: string, identity: string): string {
  let tag = openingTag(text, paragraph);
  for (const attribute of paragraph.attributes) {
    const isIdentity =
      attribute.namespace === W14 && (attribute.local === 'paraId' || attribute.local === 'textId');
    if (isIdentity) tag = replaceAttribute(tag, attribute, null);
  }
  return tag.replace(
    /^<[^\s/>]+/,
    (start) => `${start} ${prefix}:paraId="${identity}" ${prefix}:textId="${identity}"`,
  );
}

function replaceAttribute(tag: string, attribute: XmlAttribute, value: string | null): string {
  const name = attribute.name.replace(/[.]/g, '\\.');
  const pattern = new RegExp(`\\s+${name}\\s*=\\s*(?:"[^"]*"|'[^']*')`);
  return tag.replace(pattern, () => (value === null ? '' : ` ${attribute.name}="${escapeAttribute(value)}"`));
}
