import { ROOT_SCOPE, type XmlAttribute, type XmlElement, type XmlScope, type XmlText } from './xml-tree.js';

/**
 * An element that remembers where it stands in its text. Children and attributes are read when they are first asked for, so a large
 * part costs one light pass over its tags. For text that `vetXml` has passed: only what is needed to be safe is checked here.
 * Comments and processing instructions are no nodes; they lie in the gaps between the nodes.
 */
export class SourceElement implements XmlElement {
  readonly kind = 'element';
  readonly #text: string;
  #extent: { readonly closeStart: number; readonly end: number } | undefined;
  #children: readonly (SourceElement | XmlText)[] | undefined;
  #tag: { readonly attributes: readonly XmlAttribute[]; readonly scope: XmlScope } | undefined;

  /** `extent` is known when the parent was scanned; the root finds its own. */
  constructor(
    text: string,
    readonly name: string,
    readonly parentScope: XmlScope,
    /** Offset of the "<", and that after the start tag's ">". */
    readonly start: number,
    readonly openEnd: number,
    extent?: { readonly closeStart: number; readonly end: number },
  ) {
    this.#text = text;
    this.#extent = extent;
  }

  get attributes(): readonly XmlAttribute[] {
    this.#tag ??= readAttributes(
      this.#text,
      this.start + 1 + this.name.length,
      this.openEnd,
      this.parentScope,
    );
    return this.#tag.attributes;
  }

  get scope(): XmlScope {
    this.#tag ??= readAttributes(
      this.#text,
      this.start + 1 + this.name.length,
      this.openEnd,
      this.parentScope,
    );
    return this.#tag.scope;
  }

  get namespace(): string {
    const colon = this.name.indexOf(':');
    return colon < 0 ? (this.scope.get('') ?? '') : resolve(this.scope, this.name.slice(0, colon));
  }

  get local(): string {
    return this.name.slice(this.name.indexOf(':') + 1);
  }

  get children(): readonly (SourceElement | XmlText)[] {
    if (!this.#children) this.#scan();
    return this.#children ?? [];
  }

  /** Offset of the end tag's "<"; that of the end of the start tag for `<x/>`. */
  get closeStart(): number {
    if (!this.#extent) this.#scan();
    return this.#extent?.closeStart ?? this.openEnd;
  }

  /** Offset after the element. */
  get end(): number {
    if (!this.#extent) this.#scan();
    return this.#extent?.end ?? this.openEnd;
  }

  #scan(): void {
    if (this.#text.charCodeAt(this.openEnd - 2) === SLASH) {
      this.#children = [];
      this.#extent = { closeStart: this.openEnd, end: this.openEnd };
      return;
    }
    const { children, closeStart, end } = scanContent(this.#text, this.openEnd, this.scope);
    this.#children = children;
    this.#extent = { closeStart, end };
  }
}

/** The root element. Throws a plain `Error` where the text is not well formed, at the latest when that place is read. */
export function parseXmlTree(text: string): SourceElement {
  let at = 0;
  for (;;) {
    const tag = find(text, '<', at);
    const next = text.charCodeAt(tag + 1);
    if (next !== BANG && next !== QUESTION) {
      return new SourceElement(text, tagName(text, tag), ROOT_SCOPE, tag, tagEnd(text, tag));
    }
    at = specialEnd(text, tag);
  }
}

const SLASH = 0x2f;
const BANG = 0x21;
const QUESTION = 0x3f;
const GREATER = 0x3e;
const DOUBLE_QUOTE = 0x22;
const SINGLE_QUOTE = 0x27;

interface Content {
  readonly children: readonly (SourceElement | XmlText)[];
  readonly closeStart: number;
  readonly end: number;
}

function scanContent(text: string, from: number, scope: XmlScope): Content {
  const children: (SourceElement | XmlText)[] = [];
  let pending = '';
  let at = from;
  const flush = (): void => {
    if (pending !== '') children.push({ kind: 'text', value: pending });
    pending = '';
  };
  for (;;) {
    const tag = find(text, '<', at);
    if (tag > at) pending += decodeEntities(text.slice(at, tag));
    const next = text.charCodeAt(tag + 1);
    if (next === SLASH) {
      flush();
      return { children, closeStart: tag, end: find(text, '>', tag) + 1 };
    }
    if (next === BANG || next === QUESTION) {
      at = specialEnd(text, tag);
      if (text.startsWith(CDATA, tag)) pending += normalizeLines(text.slice(tag + CDATA.length, at - 3));
      continue;
    }
    flush();
    const openEnd = tagEnd(text, tag);
    const extent = skipElement(text, openEnd);
    children.push(new SourceElement(text, tagName(text, tag), scope, tag, openEnd, extent));
    at = extent.end;
  }
}

/** Where the element ends whose start tag ends at `openEnd`, without looking closer at what is in it. */
function skipElement(text: string, openEnd: number): { closeStart: number; end: number } {
  if (text.charCodeAt(openEnd - 2) === SLASH) return { closeStart: openEnd, end: openEnd };
  let at = openEnd;
  for (let depth = 1; ; ) {
    const tag = find(text, '<', at);
    const next = text.charCodeAt(tag + 1);
    if (next === BANG || next === QUESTION) at = specialEnd(text, tag);
    else if (next === SLASH) {
      at = find(text, '>', tag) + 1;
      depth -= 1;
      if (depth === 0) return { closeStart: tag, end: at };
    } else {
      at = tagEnd(text, tag);
      if (text.charCodeAt(at - 2) !== SLASH) depth += 1;
    }
  }
}

function tagName(text: string, tag: number): string {
  TAG_NAME.lastIndex = tag + 1;
  const name = TAG_NAME.exec(text)?.[0];
  if (name === undefined) throw new Error('a start tag has no name');
  return name;
}

/** The offset after the ">" that ends a start tag; a ">" between quotes does not. */
function tagEnd(text: string, tag: number): number {
  let quote = 0;
  for (let at = tag + 1; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (quote !== 0) {
      if (code === quote) quote = 0;
    } else if (code === GREATER) return at + 1;
    else if (code === DOUBLE_QUOTE || code === SINGLE_QUOTE) quote = code;
  }
  throw new Error('the XML ends in a start tag');
}

const CDATA = '<![CDATA[';

function specialEnd(text: string, tag: number): number {
  if (text.startsWith('<!--', tag)) return find(text, '-->', tag + 4) + 3;
  if (text.startsWith(CDATA, tag)) return find(text, ']]>', tag) + 3;
  if (text.startsWith('<?', tag)) return find(text, '?>', tag) + 2;
  throw new Error('a declaration is not allowed here');
}

function find(text: string, what: string, from: number): number {
  const index = text.indexOf(what, from);
  if (index < 0) throw new Error('the XML ends too early');
  return index;
}

const TAG_NAME = /[^\s/>]+/y;
const ATTRIBUTE = /\s*([^\s=/>]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/y;

function readAttributes(
  text: string,
  from: number,
  end: number,
  parentScope: XmlScope,
): { attributes: XmlAttribute[]; scope: XmlScope } {
  const raw: [string, string][] = [];
  let own: Map<string, string> | undefined;
  for (let at = from; at < end; at = ATTRIBUTE.lastIndex) {
    ATTRIBUTE.lastIndex = at;
    const match = ATTRIBUTE.exec(text);
    if (!match) break;
    const key = match[1] as string;
    const value = decodeAttribute((match[2] ?? match[3]) as string);
    if (key === 'xmlns' || key.startsWith('xmlns:')) {
      own ??= new Map(parentScope);
      own.set(key === 'xmlns' ? '' : key.slice(6), value);
    } else raw.push([key, value]);
  }
  const scope = own ?? parentScope;
  const attributes = raw.map(([key, value]): XmlAttribute => {
    const colon = key.indexOf(':');
    if (colon < 0) return { name: key, namespace: '', local: key, value };
    return { name: key, namespace: resolve(scope, key.slice(0, colon)), local: key.slice(colon + 1), value };
  });
  return { attributes, scope };
}

function resolve(scope: XmlScope, prefix: string): string {
  const namespace = scope.get(prefix);
  if (namespace === undefined) throw new Error(`the prefix ${prefix} is not declared`);
  return namespace;
}

const ENTITIES: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

function decodeEntities(raw: string): string {
  const text = normalizeLines(raw);
  if (!text.includes('&')) return text;
  return text.replace(/&(#x?[0-9A-Fa-f]+|[a-z]+);/g, (whole, name: string) => {
    if (name.startsWith('#x')) return String.fromCodePoint(Number.parseInt(name.slice(2), 16));
    if (name.startsWith('#')) return String.fromCodePoint(Number.parseInt(name.slice(1), 10));
    return ENTITIES[name] ?? whole;
  });
}

/** Line ends are one "\n" whatever the file has (XML 1.0, 2.11). */
function normalizeLines(text: string): string {
  return text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text;
}

function decodeAttribute(raw: string): string {
  return decodeEntities(/[\r\n\t]/.test(raw) ? raw.replace(/\r\n|[\r\n\t]/g, ' ') : raw);
}
