/**
 * A small XML tree that remembers where everything stands in the text. For parts that `vetXml` has passed: it checks only what it
 * needs to be safe, and keeps no comments or processing instructions (they lie in the gaps between the nodes).
 */
export interface XmlElement {
  readonly kind: 'element';
  /** As written, prefix included. */
  readonly name: string;
  readonly namespace: string;
  readonly local: string;
  attributes: readonly XmlAttribute[];
  children: readonly XmlNode[];
  readonly scope: XmlScope;
  readonly parentScope: XmlScope;
  /** Offsets of "<", after the start tag's ">", of the end tag's "<" and after its ">". The last two are equal for `<x/>`. */
  readonly start: number;
  readonly openEnd: number;
  closeStart: number;
  end: number;
}

export interface XmlText {
  readonly kind: 'text';
  readonly value: string;
}

export type XmlNode = XmlElement | XmlText;

export interface XmlAttribute {
  readonly name: string;
  readonly namespace: string;
  readonly local: string;
  readonly value: string;
}

/** Prefix → namespace, inherited; "" is the default namespace. */
export type XmlScope = ReadonlyMap<string, string>;

export const XML_NAMESPACE = 'http://www.w3.org/XML/1998/namespace';
const ROOT_SCOPE: XmlScope = new Map([['xml', XML_NAMESPACE]]);

/** The root element. Throws a plain `Error` on text that is not well formed. */
export function parseXmlTree(text: string): XmlElement {
  let at = 0;
  let root: XmlElement | undefined;
  const open: { element: XmlElement; children: XmlNode[] }[] = [];
  let pending = '';
  const flushText = (): void => {
    if (pending !== '') open.at(-1)?.children.push({ kind: 'text', value: pending });
    pending = '';
  };
  while (at < text.length) {
    const tag = text.indexOf('<', at);
    const textEnd = tag < 0 ? text.length : tag;
    if (textEnd > at && open.length > 0) pending += decodeEntities(text.slice(at, textEnd));
    if (tag < 0) break;
    const next = text.charCodeAt(tag + 1);
    if (next === 0x21 || next === 0x3f) {
      at = skipSpecial(text, tag, (value) => {
        pending += value;
      });
    } else if (next === 0x2f) {
      flushText();
      const top = open.pop();
      if (!top) throw new Error('an end tag without a start');
      const close = find(text, '>', tag);
      top.element.closeStart = tag;
      top.element.end = close + 1;
      top.element.children = top.children;
      at = close + 1;
    } else {
      flushText();
      const parentScope = open.at(-1)?.element.scope ?? ROOT_SCOPE;
      const opened = readStartTag(text, tag, parentScope);
      if (open.length > 0) open.at(-1)?.children.push(opened.element);
      else root ??= opened.element;
      if (!opened.isEmpty) open.push({ element: opened.element, children: [] });
      at = opened.element.openEnd;
    }
  }
  if (!root || open.length > 0) throw new Error('the XML ends too early');
  return root;
}

export function childElements(element: XmlElement): XmlElement[] {
  return element.children.filter((child): child is XmlElement => child.kind === 'element');
}

/** Value of the attribute with this namespace ("" for none) and local name. */
export function attributeOf(element: XmlElement, namespace: string, local: string): string | undefined {
  return element.attributes.find((each) => each.local === local && each.namespace === namespace)?.value;
}

export function escapeText(value: string): string {
  return value.replace(/[&<>\r]/g, (character) => ESCAPES[character] as string);
}

export function escapeAttribute(value: string): string {
  return value.replace(/[&<>"\n\r\t]/g, (character) => ESCAPES[character] as string);
}

/** The text without what XML 1.0 (2.2) has no place for: control characters, lone surrogates, U+FFFE and U+FFFF. */
export function legalXmlText(text: string): string {
  return text.replace(
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is removed
    /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g,
    '',
  );
}

const ESCAPES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\n': '&#10;',
  '\r': '&#13;',
  '\t': '&#9;',
};

const ENTITIES: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

function decodeEntities(raw: string): string {
  // Line ends are one "\n" whatever the file has (XML 1.0, 2.11); references come after that.
  const text = raw.includes('\r') ? raw.replace(/\r\n?/g, '\n') : raw;
  if (!text.includes('&')) return text;
  return text.replace(/&(#x?[0-9A-Fa-f]+|[a-z]+);/g, (whole, name: string) => {
    if (name.startsWith('#x')) return String.fromCodePoint(Number.parseInt(name.slice(2), 16));
    if (name.startsWith('#')) return String.fromCodePoint(Number.parseInt(name.slice(1), 10));
    return ENTITIES[name] ?? whole;
  });
}

function skipSpecial(text: string, tag: number, onCharacters: (value: string) => void): number {
  if (text.startsWith('<!--', tag)) return find(text, '-->', tag + 4) + 3;
  if (text.startsWith('<![CDATA[', tag)) {
    const end = find(text, ']]>', tag);
    onCharacters(text.slice(tag + 9, end).replace(/\r\n?/g, '\n'));
    return end + 3;
  }
  if (text.startsWith('<?', tag)) return find(text, '?>', tag) + 2;
  throw new Error('a declaration is not allowed here');
}

function find(text: string, what: string, from: number): number {
  const index = text.indexOf(what, from);
  if (index < 0) throw new Error('the XML ends too early');
  return index;
}

const ATTRIBUTE = /\s*([^\s=/>]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/y;
const TAG_NAME = /[^\s/>]+/y;
const TAG_END = /\s*(\/?)>/y;

function readStartTag(
  text: string,
  tag: number,
  parentScope: XmlScope,
): { element: XmlElement; isEmpty: boolean } {
  TAG_NAME.lastIndex = tag + 1;
  const name = TAG_NAME.exec(text)?.[0];
  if (name === undefined) throw new Error('a start tag has no name');
  let at = TAG_NAME.lastIndex;
  const raw: [string, string][] = [];
  let scope = parentScope;
  let own: Map<string, string> | undefined;
  for (;;) {
    ATTRIBUTE.lastIndex = at;
    const match = ATTRIBUTE.exec(text);
    if (!match) break;
    at = ATTRIBUTE.lastIndex;
    const key = match[1] as string;
    const value = decodeAttribute((match[2] ?? match[3]) as string);
    if (key === 'xmlns' || key.startsWith('xmlns:')) {
      own ??= new Map(parentScope);
      own.set(key === 'xmlns' ? '' : key.slice(6), value);
      scope = own;
    } else raw.push([key, value]);
  }
  TAG_END.lastIndex = at;
  const end = TAG_END.exec(text);
  if (!end) throw new Error(`the tag ${name} does not end`);
  const openEnd = TAG_END.lastIndex;
  const attributes = raw.map(([key, value]): XmlAttribute => {
    const colon = key.indexOf(':');
    if (colon < 0) return { name: key, namespace: '', local: key, value };
    return { name: key, namespace: resolve(scope, key.slice(0, colon)), local: key.slice(colon + 1), value };
  });
  const colon = name.indexOf(':');
  const element: XmlElement = {
    kind: 'element',
    name,
    namespace: colon < 0 ? (scope.get('') ?? '') : resolve(scope, name.slice(0, colon)),
    local: colon < 0 ? name : name.slice(colon + 1),
    attributes,
    children: [],
    scope,
    parentScope,
    start: tag,
    openEnd,
    closeStart: openEnd,
    end: openEnd,
  };
  return { element, isEmpty: end[1] === '/' };
}

function resolve(scope: XmlScope, prefix: string): string {
  const namespace = scope.get(prefix);
  if (namespace === undefined) throw new Error(`the prefix ${prefix} is not declared`);
  return namespace;
}

function decodeAttribute(raw: string): string {
  return decodeEntities(/[\r\n\t]/.test(raw) ? raw.replace(/\r\n|[\r\n\t]/g, ' ') : raw);
}
