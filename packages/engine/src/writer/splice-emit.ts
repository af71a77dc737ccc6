import {
  attributeOf,
  escapeAttribute,
  escapeText,
  XML_NAMESPACE,
  type XmlAttribute,
  type XmlElement,
  type XmlScope,
} from '../kit/index.js';
import { MCE, W14 } from './names.js';
import { valueForm } from './splice-compare.js';

/** What a block that comes from elsewhere must know about the text it is put into. */
export interface Target {
  readonly scope: XmlScope;
  /** Namespaces that the text's root names as ignorable. */
  readonly ignorable: ReadonlySet<string>;
  /** Namespaces that the block's own root names as ignorable. */
  readonly sourceIgnorable: ReadonlySet<string>;
  /** False for an identity that must stay out of the file. */
  readonly keepsIdentity: (identity: string) => boolean;
}

export interface NeededNamespace {
  /** The prefix it has where it comes from. */
  readonly wish: string;
  /** Attributes and values cannot use the default namespace. */
  readonly inAttribute: boolean;
}

/** The namespaces which a root element's `mc:Ignorable` stands for. */
export function ignorableNamespaces(root: XmlElement): Set<string> {
  const prefixes = attributeOf(root, MCE, 'Ignorable')?.split(/\s+/).filter(Boolean) ?? [];
  return new Set(prefixes.map((prefix) => root.scope.get(prefix) ?? prefix));
}

/**
 * The element as text that means the same in the target's scope: prefixes bound there are used, missing ones are declared on the
 * element itself, with a local `mc:Ignorable` where the source's root had declared them ignorable.
 */
export function emitElement(element: XmlElement, target: Target): string {
  const { scope, declarations } = extendScope(namespacesIn(element, target), target);
  return emit(element, { ...target, scope }, declarations);
}

/** A start tag with these attributes; `declarations` are ready-made attributes to go with them. */
export function emitStartTag(
  name: string,
  attributes: readonly { readonly name: string; readonly value: string }[],
  declarations: string,
  isEmpty: boolean,
): string {
  const written = attributes.map((each) => ` ${each.name}="${escapeAttribute(each.value)}"`).join('');
  return `<${name}${declarations}${written}${isEmpty ? '/>' : '>'}`;
}

/** Name and value of an attribute, respelt for another scope. Null for an identity that stays out. */
export function respellAttribute(
  element: XmlElement,
  attribute: XmlAttribute,
  target: Target,
): { name: string; value: string } | null {
  if (isIdentity(attribute) && !target.keepsIdentity(identityOf(element))) return null;
  const name =
    attribute.namespace === ''
      ? attribute.local
      : `${prefixFor(attribute.namespace, attribute.name, target.scope, true)}:${attribute.local}`;
  return { name, value: respellValue(element, attribute, target.scope) };
}

/** The scope with every needed namespace bound to some prefix, and the attributes that do so. */
export function extendScope(
  needed: ReadonlyMap<string, NeededNamespace>,
  target: Target,
): { scope: XmlScope; declarations: string } {
  const scope = new Map(target.scope);
  const written: string[] = [];
  const ignorable: string[] = [];
  const declare = (namespace: string, wish: string): string => {
    let prefix = wish === '' ? 'ns' : wish;
    for (let count = 0; scope.has(prefix); count += 1) prefix = `${wish === '' ? 'ns' : wish}${count}`;
    scope.set(prefix, namespace);
    written.push(` xmlns:${prefix}="${escapeAttribute(namespace)}"`);
    return prefix;
  };
  for (const [namespace, { wish, inAttribute }] of needed) {
    if (namespace === XML_NAMESPACE || isBound(scope, namespace, inAttribute)) continue;
    const prefix = declare(namespace, wish);
    if (target.sourceIgnorable.has(namespace) && !target.ignorable.has(namespace)) ignorable.push(prefix);
  }
  if (ignorable.length > 0) {
    const mce =
      [...scope].find(([prefix, namespace]) => namespace === MCE && prefix !== '')?.[0] ?? declare(MCE, 'mc');
    written.push(` ${mce}:Ignorable="${ignorable.join(' ')}"`);
  }
  return { scope, declarations: written.join('') };
}

/** Every namespace the subtree uses. */
function namespacesIn(
  element: XmlElement,
  target: Target,
  found = new Map<string, NeededNamespace>(),
): Map<string, NeededNamespace> {
  noteNamespace(found, element.namespace, element.name, false);
  for (const attribute of element.attributes) {
    if (isIdentity(attribute) && !target.keepsIdentity(identityOf(element))) continue;
    noteAttribute(found, element, attribute);
  }
  for (const child of element.children) if (child.kind === 'element') namespacesIn(child, target, found);
  return found;
}

/** Adds the namespaces needed by one attribute: its own and those its value names. */
export function noteAttribute(
  found: Map<string, NeededNamespace>,
  element: XmlElement,
  attribute: XmlAttribute,
): void {
  noteNamespace(found, attribute.namespace, attribute.name, true);
  const form = valueForm(element, attribute);
  if (form === 'plain') return;
  for (const token of attribute.value.split(/\s+/).filter(Boolean)) {
    const prefix =
      form === 'prefixes' ? token : token.includes(':') ? token.slice(0, token.indexOf(':')) : '';
    noteNamespace(found, element.scope.get(prefix) ?? '', `${prefix}:`, true);
  }
}

function noteNamespace(
  found: Map<string, NeededNamespace>,
  namespace: string,
  name: string,
  inAttribute: boolean,
): void {
  if (namespace === '') return;
  const known = found.get(namespace);
  const colon = name.indexOf(':');
  const wish = known?.wish || (colon < 0 ? '' : name.slice(0, colon));
  if (known?.wish === wish && (known.inAttribute || !inAttribute)) return;
  found.set(namespace, { wish, inAttribute: inAttribute || (known?.inAttribute ?? false) });
}

function emit(element: XmlElement, outer: Target, declarations: string): string {
  const { name, target, own } = nameHere(element, outer);
  const attributes = element.attributes
    .map((attribute) => respellAttribute(element, attribute, target))
    .filter((each) => each !== null);
  const isEmpty = element.children.length === 0;
  const open = emitStartTag(name, attributes, `${declarations}${own}`, isEmpty);
  if (isEmpty) return open;
  const content = element.children.map((child) =>
    child.kind === 'text' ? escapeText(child.value) : emit(child, target, ''),
  );
  return `${open}${content.join('')}</${name}>`;
}

/** The element's name in the target's scope; only names without prefix ever need a declaration of their own here. */
function nameHere(element: XmlElement, target: Target): { name: string; target: Target; own: string } {
  const { namespace, local } = element;
  const inherited = target.scope.get('') ?? '';
  if (namespace === inherited || (namespace !== '' && isBound(target.scope, namespace, true))) {
    const prefix = namespace === '' ? '' : prefixFor(namespace, element.name, target.scope, false);
    return { name: prefix === '' ? local : `${prefix}:${local}`, target, own: '' };
  }
  const scope = new Map(target.scope).set('', namespace);
  return { name: local, target: { ...target, scope }, own: ` xmlns="${escapeAttribute(namespace)}"` };
}

/** The authored prefix when it means the same here, else any that does. `extendScope` has made sure there is one. */
function prefixFor(namespace: string, name: string, scope: XmlScope, isAttribute: boolean): string {
  if (namespace === XML_NAMESPACE) return 'xml';
  const colon = name.indexOf(':');
  const authored = colon < 0 ? '' : name.slice(0, colon);
  if (scope.get(authored) === namespace && !(isAttribute && authored === '')) return authored;
  let fallback: string | undefined;
  for (const [prefix, uri] of scope) {
    if (uri !== namespace) continue;
    if (prefix !== '') return prefix;
    fallback = prefix;
  }
  if (fallback === undefined || isAttribute) throw new Error(`no prefix for the namespace ${namespace}`);
  return fallback;
}

function isBound(scope: XmlScope, namespace: string, needsPrefix: boolean): boolean {
  for (const [prefix, uri] of scope) if (uri === namespace && (prefix !== '' || !needsPrefix)) return true;
  return false;
}

function respellValue(element: XmlElement, attribute: XmlAttribute, scope: XmlScope): string {
  const form = valueForm(element, attribute);
  if (form === 'plain') return attribute.value;
  return attribute.value
    .split(/\s+/)
    .filter(Boolean)
    .map((token) => {
      const colon = token.indexOf(':');
      const prefix = form === 'prefixes' ? token : colon < 0 ? '' : token.slice(0, colon);
      const namespace = element.scope.get(prefix);
      if (!namespace) return token;
      const here = prefixFor(namespace, `${prefix}:`, scope, true);
      return form === 'prefixes' ? here : `${here}:${token.slice(colon + 1)}`;
    })
    .join(' ');
}

function isIdentity(attribute: XmlAttribute): boolean {
  return attribute.namespace === W14 && (attribute.local === 'paraId' || attribute.local === 'textId');
}

function identityOf(element: XmlElement): string {
  return attributeOf(element, W14, 'paraId') ?? '';
}
