import type { OoxmlAttribute, OoxmlElement, OoxmlNode } from '@docx-editor.dev/core/store';
import {
  ROOT_SCOPE,
  XML_NAMESPACE,
  type XmlAttribute,
  type XmlElement,
  type XmlNode,
  type XmlScope,
} from '../kit/index.js';
import { W14 } from './names.js';

/** The core's tree seen as plain XML, as the core's own writer would put it; read when it is asked for. */
export class CoreElement implements XmlElement {
  readonly kind = 'element';
  readonly name: string;
  readonly scope: XmlScope;
  #attributes: readonly XmlAttribute[] | undefined;
  #children: readonly XmlNode[] | undefined;

  constructor(
    readonly node: OoxmlElement,
    readonly parentScope: XmlScope = ROOT_SCOPE,
  ) {
    this.name = qualified(node.prefix, node.localName);
    this.scope = extended(parentScope, node);
  }

  get namespace(): string {
    return this.node.namespaceUri;
  }

  get local(): string {
    return this.node.localName;
  }

  get attributes(): readonly XmlAttribute[] {
    // Sorted, so that a tree that was written and read again gives the same text as the one it was made from.
    this.#attributes ??= [...writtenAttributes(this.node)].sort(byName).map((each) => ({
      name: qualified(each.prefix, each.localName),
      namespace: each.namespaceUri,
      local: each.localName,
      value: each.value,
    }));
    return this.#attributes;
  }

  get children(): readonly XmlNode[] {
    this.#children ??= writtenChildren(this.node).map((child): XmlNode => {
      if (typeof child === 'string') return { kind: 'text', value: child };
      return new CoreElement(child, this.scope);
    });
    return this.#children;
  }
}

/** Whether two of the core's trees say the same; ids, prefixes, attribute order and the cutting of text into nodes do not count. */
export function sameCoreTree(a: OoxmlNode, b: OoxmlNode): boolean {
  if (a === b) return true;
  if (a.kind === 'textValue') return b.kind === 'textValue' && a.value === b.value;
  if (b.kind === 'textValue') return false;
  if (a.kind !== 'paragraph') return sameElement(a, b);
  // Paragraphs are met again at every level that a splice descends through; the answer never changes, for nodes never do.
  const known = answers.get(a);
  if (known && known.other === b) return known.isSame;
  const isSame = sameElement(a, b);
  answers.set(a, { other: b, isSame });
  return isSame;
}

const answers = new WeakMap<OoxmlElement, { readonly other: OoxmlElement; readonly isSame: boolean }>();

/** The paragraph identities in the subtree. */
export function coreIdentities(element: OoxmlElement, found = new Set<string>()): Set<string> {
  for (const { localName, namespaceUri, value } of element.attributes) {
    if (localName === 'paraId' && namespaceUri === W14) found.add(value);
  }
  for (const child of element.children) if (child.kind !== 'textValue') coreIdentities(child, found);
  return found;
}

function sameElement(a: OoxmlElement, b: OoxmlElement): boolean {
  if (a.localName !== b.localName || a.namespaceUri !== b.namespaceUri) return false;
  return sameWritten(writtenAttributes(a), writtenAttributes(b)) && sameChildren(a, b);
}

function sameWritten(a: readonly OoxmlAttribute[], b: readonly OoxmlAttribute[]): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let index = 0; index < a.length; index += 1) {
    const one = a[index] as OoxmlAttribute;
    const straight = b[index] as OoxmlAttribute;
    const other = isSameName(one, straight) ? straight : b.find((each) => isSameName(one, each));
    if (other?.value !== one.value) return false;
  }
  return true;
}

function byName(a: OoxmlAttribute, b: OoxmlAttribute): number {
  if (a.namespaceUri !== b.namespaceUri) return a.namespaceUri < b.namespaceUri ? -1 : 1;
  return a.localName < b.localName ? -1 : a.localName > b.localName ? 1 : 0;
}

function isSameName(a: OoxmlAttribute, b: OoxmlAttribute): boolean {
  return a.localName === b.localName && a.namespaceUri === b.namespaceUri;
}

function sameChildren(a: OoxmlElement, b: OoxmlElement): boolean {
  const left: readonly OoxmlNode[] = a.children;
  const right: readonly OoxmlNode[] = b.children;
  if (left.length === right.length) {
    let index = 0;
    while (index < left.length && sameCoreTree(left[index] as OoxmlNode, right[index] as OoxmlNode))
      index += 1;
    if (index === left.length) return true;
  }
  if (left.every(isElement) && right.every(isElement)) return false;
  const joined = writtenChildren(a);
  const other = writtenChildren(b);
  return joined.length === other.length && joined.every((child, index) => sameJoined(child, other[index]));
}

function sameJoined(a: OoxmlElement | string, b: OoxmlElement | string | undefined): boolean {
  if (b === undefined || typeof a === 'string' || typeof b === 'string') return a === b;
  return sameCoreTree(a, b);
}

/** Texts joined, without the blanks between elements: the core's writer leaves those out, so they come and go. */
function writtenChildren(element: OoxmlElement): readonly (OoxmlElement | string)[] {
  const nodes: readonly OoxmlNode[] = element.children;
  if (nodes.every(isElement)) return nodes;
  const joined: (OoxmlElement | string)[] = [];
  for (const node of nodes) {
    const last = joined.at(-1);
    if (node.kind !== 'textValue') joined.push(node);
    else if (node.value === '') continue;
    else if (typeof last === 'string') joined[joined.length - 1] = last + node.value;
    else joined.push(node.value);
  }
  const elements = joined.filter((child) => typeof child !== 'string');
  const isMixed = joined.some((child) => typeof child === 'string' && /\S/.test(child));
  return elements.length > 0 && !isMixed ? elements : joined;
}

function isElement(node: OoxmlNode): node is OoxmlElement {
  return node.kind !== 'textValue';
}

/** The core decides about `xml:space` when it writes: it is there when the text begins or ends with a blank or holds a tab. */
function writtenAttributes(node: OoxmlElement): readonly OoxmlAttribute[] {
  if (node.kind !== 'text' && node.kind !== 'deletedText' && node.kind !== 'instrText')
    return node.attributes;
  const attributes: readonly OoxmlAttribute[] = node.attributes;
  const others = attributes.some(isSpace) ? attributes.filter((each) => !isSpace(each)) : attributes;
  if (!needsPreserve(node)) return others;
  return others.length === 0 ? ONLY_PRESERVE : [...others, PRESERVE];
}

function isSpace(attribute: OoxmlAttribute): boolean {
  return attribute.localName === 'space' && attribute.namespaceUri === XML_NAMESPACE;
}

function needsPreserve(node: OoxmlElement): boolean {
  const only: OoxmlNode | undefined = node.children[0];
  const isSingle = node.children.length === 1 && only?.kind === 'textValue';
  return /^\s|\s$|\t/.test(isSingle ? only.value : writtenChildren(node).join(''));
}

const PRESERVE: OoxmlAttribute = {
  kind: 'xmlSpace',
  namespaceUri: XML_NAMESPACE,
  localName: 'space',
  prefix: 'xml',
  value: 'preserve',
};

const ONLY_PRESERVE: readonly OoxmlAttribute[] = [PRESERVE];

function qualified(prefix: string | undefined, local: string): string {
  return prefix ? `${prefix}:${local}` : local;
}

function extended(scope: XmlScope, node: OoxmlElement): XmlScope {
  if (node.namespaceBindings.length === 0) return scope;
  const own = new Map(scope);
  for (const { prefix, namespaceUri } of node.namespaceBindings) own.set(prefix, namespaceUri);
  return own;
}
