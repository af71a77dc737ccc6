import {
  attributeOf,
  childElements,
  escapeAttribute,
  legalXmlText,
  type SourceElement,
} from '../kit/index.js';

/** A piece of a part's text that gives way to another. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** The text with the edits made, which must not overlap. */
export function rewrite(text: string, edits: readonly Edit[]): string {
  let out = '';
  let from = 0;
  for (const edit of [...edits].sort((a, b) => a.start - b.start)) {
    out += text.slice(from, edit.start) + edit.text;
    from = edit.end;
  }
  return out + text.slice(from);
}

export function append(parent: SourceElement, xml: string): Edit {
  if (!isEmptyTag(parent)) return { start: parent.closeStart, end: parent.closeStart, text: xml };
  return { start: parent.openEnd - 2, end: parent.openEnd, text: `>${xml}</${parent.name}>` };
}

export function prepend(parent: SourceElement, xml: string): Edit {
  return isEmptyTag(parent) ? append(parent, xml) : { start: parent.openEnd, end: parent.openEnd, text: xml };
}

/** Puts the element behind the last child of these names, or first where there is none. */
export function insertBehind(parent: SourceElement, names: ReadonlySet<string>, xml: string): Edit {
  const last = childElements<SourceElement>(parent)
    .filter((child) => names.has(child.local) && child.namespace === parent.namespace)
    .at(-1);
  return last ? { start: last.end, end: last.end, text: xml } : prepend(parent, xml);
}

/** Puts the element before the first child of these names, or last where there is none. */
export function insertBefore(parent: SourceElement, names: ReadonlySet<string>, xml: string): Edit {
  const first = childElements<SourceElement>(parent).find((child) => names.has(child.local));
  return first ? { start: first.start, end: first.start, text: xml } : append(parent, xml);
}

/** An empty element of the same vocabulary as `like`, attributes too. */
export function emptyElement(
  like: SourceElement,
  local: string,
  attributes: Readonly<Record<string, string>> = {},
): string {
  const written = Object.entries(attributes);
  if (written.length === 0) return `<${nameLike(like, local)}/>`;
  const { prefix, declaration } = attributePrefix(like);
  const pairs = written.map(([name, value]) => attribute(`${prefix}:${name}`, value));
  return `<${nameLike(like, local)}${declaration}${pairs.join('')}/>`;
}

export function wrap(like: SourceElement, local: string, inner: string): string {
  const name = nameLike(like, local);
  return `<${name}>${inner}</${name}>`;
}

/** Sets attributes of the element's own vocabulary and leaves the others as they are; no edits when they say so already. */
export function setAttributes(element: SourceElement, wanted: Readonly<Record<string, string>>): Edit[] {
  const { namespace } = element;
  const isSame = Object.entries(wanted).every(
    ([local, value]) => attributeOf(element, namespace, local) === value,
  );
  if (isSame) return [];
  const { prefix, declaration } = attributePrefix(element);
  const kept = element.attributes.filter(
    (each) => !(each.namespace === namespace && wanted[each.local] !== undefined),
  );
  const pairs = [
    ...Object.entries(wanted).map(([local, value]) => attribute(`${prefix}:${local}`, value)),
    ...kept.map(({ name, value }) => attribute(name, value)),
  ];
  return [
    { start: element.start, end: element.end, text: `<${element.name}${declaration}${pairs.join('')}/>` },
  ];
}

export function isNamed(element: SourceElement, like: SourceElement, local: string): boolean {
  return element.local === local && element.namespace === like.namespace;
}

function isEmptyTag(element: SourceElement): boolean {
  return element.end === element.openEnd;
}

function nameLike(like: SourceElement, local: string): string {
  const colon = like.name.indexOf(':');
  return colon < 0 ? local : `${like.name.slice(0, colon)}:${local}`;
}

function attribute(name: string, value: string): string {
  return ` ${name}="${escapeAttribute(legalXmlText(value))}"`;
}

/** Attributes need a prefix even where the default namespace serves the elements. */
function attributePrefix(element: SourceElement): { prefix: string; declaration: string } {
  for (const [prefix, namespace] of element.scope) {
    if (prefix !== '' && namespace === element.namespace) return { prefix, declaration: '' };
  }
  return { prefix: 'w', declaration: ` xmlns:w="${escapeAttribute(element.namespace)}"` };
}
