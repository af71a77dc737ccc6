import {
  childElements,
  escapeText,
  parseXmlTree,
  type SourceElement,
  type XmlAttribute,
  type XmlElement,
} from '../kit/index.js';
import { CoreElement, coreIdentities } from './core-view.js';
import { W14 } from './names.js';
import { alignChildren } from './splice-align.js';
import {
  canonicalValue,
  holdsText,
  paragraphIdentity,
  sameAttributes,
  sameName,
  sameXml,
  valueForm,
} from './splice-compare.js';
import {
  emitElement,
  emitStartTag,
  extendScope,
  ignorableNamespaces,
  type NeededNamespace,
  noteAttribute,
  respellAttribute,
  type Target,
} from './splice-emit.js';

export interface SpliceInput {
  /** The part as the user's file has it. */
  readonly original: string;
  /** The same part as it was before any edit, and as it is now. */
  readonly base: XmlElement;
  readonly current: XmlElement;
  /** Paragraph identities that another part refers to: these are written even where import had to invent them. */
  readonly referredIdentities: ReadonlySet<string>;
}

/**
 * The original text with only those pieces replaced in which `current` differs from `base`: a merge of three trees, whose untouched
 * pieces are copied character by character. Equal `base` and `current` give `original` itself.
 */
export function spliceXml({ original, base, current, referredIdentities }: SpliceInput): string {
  if (sameXml(base, current)) return original;
  const source = parseXmlTree(original);
  const known = new Set(
    [...original.matchAll(/[\s:]paraId\s*=\s*["']([^"']*)["']/g)].map((match) => match[1]),
  );
  const injected = new Set([...identitiesIn(base)].filter((identity) => !known.has(identity)));
  const bindsIdentity = [...source.scope.values()].includes(W14);
  const context: Context = {
    text: original,
    ignorable: ignorableNamespaces(source),
    sourceIgnorable: ignorableNamespaces(current),
    keepsIdentity: (identity) =>
      referredIdentities.has(identity) || (bindsIdentity && !injected.has(identity)),
  };
  return (
    original.slice(0, source.start) +
    spliceElement(context, source, base, current) +
    original.slice(source.end)
  );
}

type Context = { readonly text: string } & Omit<Target, 'scope'>;

function spliceElement(
  context: Context,
  source: SourceElement,
  before: XmlElement,
  after: XmlElement,
): string {
  const { text } = context;
  if (sameXml(before, after)) return text.slice(source.start, source.end);
  const kids = childElements(source);
  const kidsBefore = childElements(before);
  const linesUp =
    sameName(source, before) &&
    kids.length === kidsBefore.length &&
    kids.every((kid, index) => sameName(kid, kidsBefore[index] as XmlElement));
  if (!linesUp || !sameName(before, after))
    return emitElement(after, { ...context, scope: source.parentScope });
  const open = openingTag(context, source, before, after);
  const content = [source, before, after].some(holdsText)
    ? contentOf(context, source, after)
    : spliceChildren(context, source, alignChildren(kidsBefore, childElements(after)), kids, kidsBefore);
  const close = text.slice(source.closeStart, source.end);
  // What had no end tag gets one only with content.
  if (close === '') return content === '' ? open.replace(/>$/, '/>') : `${open}${content}</${source.name}>`;
  return `${open}${content}${close}`;
}

function spliceChildren(
  context: Context,
  source: SourceElement,
  steps: ReturnType<typeof alignChildren>,
  kids: readonly SourceElement[],
  kidsBefore: readonly XmlElement[],
): string {
  const { text } = context;
  const out: string[] = [];
  let at = source.openEnd;
  for (const step of steps) {
    if (step.kind === 'insert') {
      out.push(emitElement(step.to, { ...context, scope: source.scope }));
      continue;
    }
    const kid = kids[step.from] as SourceElement;
    const gap = text.slice(at, kid.start);
    at = kid.end;
    if (step.kind === 'keep') out.push(gap, text.slice(kid.start, kid.end));
    else if (step.kind === 'change') {
      out.push(gap, spliceElement(context, kid, kidsBefore[step.from] as XmlElement, step.to));
    } else if (/\S/.test(gap)) out.push(gap);
  }
  out.push(text.slice(at, source.closeStart));
  return out.join('');
}

/** Text, or text mixed with elements: small, and its blanks count, so it is written anew as a whole. */
function contentOf(context: Context, source: SourceElement, after: XmlElement): string {
  return after.children
    .map((child) =>
      child.kind === 'text'
        ? escapeText(child.value)
        : emitElement(child, { ...context, scope: source.scope }),
    )
    .join('');
}

/** The start tag, never self-closing: as it stands in the source, or with the attributes merged. */
function openingTag(context: Context, source: SourceElement, before: XmlElement, after: XmlElement): string {
  const asWritten = context.text.slice(source.start, source.openEnd);
  if (sameAttributes(before, after)) return asWritten.replace(/\s*\/>$/, '>');
  const merged = mergeAttributes(source, before, after);
  const needed = new Map<string, NeededNamespace>();
  for (const { element, attribute } of merged)
    if (element === after) noteAttribute(needed, element, attribute);
  const { scope, declarations } = extendScope(needed, { ...context, scope: source.scope });
  const attributes = merged
    .map(({ element, attribute }) =>
      element === source
        ? { name: attribute.name, value: attribute.value }
        : respellAttribute(element, attribute, { ...context, scope }),
    )
    .filter((each) => each !== null);
  return emitStartTag(source.name, attributes, `${ownDeclarations(asWritten)}${declarations}`, false);
}

function ownDeclarations(startTag: string): string {
  return (startTag.match(/\sxmlns(?::[^\s=]+)?\s*=\s*(?:"[^"]*"|'[^']*')/g) ?? []).join('');
}

interface Authored {
  readonly element: XmlElement;
  readonly attribute: XmlAttribute;
}

/** What the edit left alone stays as the source has it, also where import had to change it; what the edit set or removed prevails. */
function mergeAttributes(source: SourceElement, before: XmlElement, after: XmlElement): Authored[] {
  const merged: Authored[] = [];
  for (const attribute of source.attributes) {
    const was = matching(before, attribute);
    const is = matching(after, attribute);
    const isUntouched = was && is ? canonicalValue(before, was) === canonicalValue(after, is) : was === is;
    if (isUntouched) merged.push({ element: source, attribute });
    else if (is && was && valueForm(source, attribute) === 'prefixes') {
      merged.push({ element: after, attribute: mergedPrefixes(source, attribute, before, was, after, is) });
    } else if (is) merged.push({ element: after, attribute: is });
  }
  for (const attribute of after.attributes) {
    if (matching(source, attribute)) continue;
    const was = matching(before, attribute);
    if (!was || canonicalValue(before, was) !== canonicalValue(after, attribute))
      merged.push({ element: after, attribute });
  }
  return merged;
}

/** A list of prefixes (`mc:Ignorable`), spelt with the prefixes of `after`: the source's own, plus and minus what the edit changed. */
function mergedPrefixes(
  source: SourceElement,
  attribute: XmlAttribute,
  before: XmlElement,
  was: XmlAttribute,
  after: XmlElement,
  is: XmlAttribute,
): XmlAttribute {
  const namespaces = (element: XmlElement, value: string): string[] =>
    value
      .split(/\s+/)
      .filter(Boolean)
      .map((prefix) => element.scope.get(prefix) ?? prefix);
  const old = new Set(namespaces(before, was.value));
  const now = namespaces(after, is.value);
  const kept = namespaces(source, attribute.value).filter((each) => !old.has(each) || now.includes(each));
  const all = [...kept, ...now.filter((each) => !old.has(each) && !kept.includes(each))];
  const prefixes = all.map(
    (each) => [...after.scope].find(([prefix, uri]) => uri === each && prefix !== '')?.[0],
  );
  return { ...is, value: prefixes.filter((prefix) => prefix !== undefined).join(' ') };
}

function matching(element: XmlElement, attribute: XmlAttribute): XmlAttribute | undefined {
  return element.attributes.find(
    (each) => each.local === attribute.local && each.namespace === attribute.namespace,
  );
}

function identitiesIn(element: XmlElement, found = new Set<string>()): Set<string> {
  if (element instanceof CoreElement) return coreIdentities(element.node, found);
  const identity = paragraphIdentity(element);
  if (identity !== undefined) found.add(identity);
  for (const child of element.children) if (child.kind === 'element') identitiesIn(child, found);
  return found;
}
