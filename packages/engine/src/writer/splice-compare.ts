import {
  attributeOf,
  type XmlAttribute,
  type XmlElement,
  type XmlNode,
  type XmlScope,
} from '../kit/index.js';
import { CoreElement, sameCoreTree } from './core-view.js';
import { MCE, W14, XSI } from './names.js';

/** How an attribute's value names namespaces: not at all, as a list of prefixes, or as a list of qualified names. */
export type ValueForm = 'plain' | 'prefixes' | 'names';

/** ISO/IEC 29500-3 (Markup Compatibility) and XML Schema instances put prefixes into values. */
export function valueForm(element: XmlElement, attribute: XmlAttribute): ValueForm {
  if (attribute.namespace === MCE) {
    if (attribute.local === 'Ignorable' || attribute.local === 'MustUnderstand') return 'prefixes';
    if (attribute.local === 'ProcessContent' || attribute.local.startsWith('Preserve')) return 'names';
  }
  if (element.namespace === MCE && element.local === 'Choice' && attribute.name === 'Requires')
    return 'prefixes';
  return attribute.namespace === XSI && attribute.local === 'type' ? 'names' : 'plain';
}

/** The value with prefixes replaced by what they stand for, so that two spellings of one thing compare equal. */
export function canonicalValue(element: XmlElement, attribute: XmlAttribute): string {
  const form = valueForm(element, attribute);
  if (form === 'plain') return attribute.value;
  const tokens = attribute.value.split(/\s+/).filter(Boolean);
  return tokens
    .map((token) =>
      form === 'prefixes' ? (element.scope.get(token) ?? token) : expandName(token, element.scope),
    )
    .sort()
    .join(' ');
}

function expandName(token: string, scope: XmlScope): string {
  const colon = token.indexOf(':');
  if (colon < 0) return `{${scope.get('') ?? ''}}${token}`;
  return `{${scope.get(token.slice(0, colon)) ?? token.slice(0, colon)}}${token.slice(colon + 1)}`;
}

export function sameName(a: XmlElement, b: XmlElement): boolean {
  return a.local === b.local && a.namespace === b.namespace;
}

export function sameAttributes(a: XmlElement, b: XmlElement): boolean {
  if (a.attributes.length !== b.attributes.length) return false;
  return a.attributes.every((one, index) => {
    const straight = b.attributes[index] as XmlAttribute;
    const other =
      straight.local === one.local && straight.namespace === one.namespace
        ? straight
        : b.attributes.find((each) => each.local === one.local && each.namespace === one.namespace);
    if (!other) return false;
    return canonicalValue(a, one) === canonicalValue(b, other);
  });
}

/** Equal as XML with namespaces: prefixes, attribute order and positions do not count, text and everything else does. */
export function sameXml(a: XmlNode, b: XmlNode): boolean {
  if (a.kind === 'text') return b.kind === 'text' && a.value === b.value;
  if (b.kind === 'text') return false;
  // A plain walk over the core's trees settles nearly every pair; only other prefixes in values need the long way.
  if (a instanceof CoreElement && b instanceof CoreElement && sameCoreTree(a.node, b.node)) return true;
  if (!sameName(a, b) || a.children.length !== b.children.length || !sameAttributes(a, b)) return false;
  return a.children.every((child, index) => sameXml(child, b.children[index] as XmlNode));
}

/** A text that is equal exactly when `sameXml` holds; the key under which a block is found again after it moved. */
export function contentKey(node: XmlNode): string {
  if (node.kind === 'text') return JSON.stringify(node.value);
  const attributes = node.attributes
    .map((each) => `{${each.namespace}}${each.local}=${JSON.stringify(canonicalValue(node, each))}`)
    .sort();
  return `<{${node.namespace}}${node.local} ${attributes.join(' ')}>${node.children.map(contentKey).join('')}</>`;
}

export function paragraphIdentity(element: XmlElement): string | undefined {
  return attributeOf(element, W14, 'paraId');
}

/** Whether the element holds characters of its own, so that the blanks in it mean something. */
export function holdsText(element: XmlElement): boolean {
  const hasElements = element.children.some((child) => child.kind === 'element');
  return element.children.some((child) => child.kind === 'text' && (!hasElements || /\S/.test(child.value)));
}
