import { type DefaultTreeAdapterMap, parse } from 'parse5';
import { decodeAs, decodeUtf8 } from '../kit/index.js';

/** An element of a web page, as a browser would read it; what is no part of its text is left out. */
export interface HtmlElement {
  readonly kind: 'element';
  /** Lower case. */
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly HtmlNode[];
}

export interface HtmlText {
  readonly kind: 'text';
  readonly value: string;
}

export type HtmlNode = HtmlElement | HtmlText;

export interface HtmlPage {
  readonly body: HtmlElement;
  readonly title: string;
  /** BCP 47 as the page declares it; empty when it does not. */
  readonly language: string;
  /** The text of all style sheets that stand in the page itself. */
  readonly styleSheet: string;
}

/** Beyond this depth only the text is kept: our own walks are recursive, and nobody nests like this by hand. */
const MAX_DEPTH = 150;

/** What is never shown, or would run, or would fetch. */
const LEFT_OUT: ReadonlySet<string> = new Set([
  ...['script', 'style', 'template', 'iframe', 'frame', 'frameset', 'object', 'embed', 'applet', 'param'],
  ...['audio', 'video', 'source', 'track', 'canvas', 'svg', 'map', 'area', 'head', 'title', 'link', 'meta'],
  ...['base', 'select', 'datalist', 'textarea', 'button', 'dialog', 'portal', 'slot'],
]);

/** Reads a page from bytes or text. Never throws on account of them. */
export function readHtml(html: Uint8Array | string): HtmlPage {
  const document = parse(typeof html === 'string' ? html.replace(/^\ufeff/, '') : decodeHtml(html), {
    scriptingEnabled: false,
  });
  const root = document.childNodes.find(isElement);
  const [head, body] = ['head', 'body'].map((name) =>
    root?.childNodes.filter(isElement).find((child) => child.tagName === name),
  );
  const sheets = [head, body].flatMap((part) => (part ? textsOf(part, 'style') : []));
  return {
    title: (head ? textsOf(head, 'title') : []).join(' ').replace(/\s+/g, ' ').trim(),
    language: root?.attrs.find((each) => each.name === 'lang')?.value.trim() ?? '',
    styleSheet: sheets.join('\n'),
    body: body ? convert(body, 0) : { kind: 'element', name: 'body', attributes: new Map(), children: [] },
  };
}

type Parsed = DefaultTreeAdapterMap['childNode'];
type ParsedElement = DefaultTreeAdapterMap['element'];

function convert(element: ParsedElement, depth: number): HtmlElement {
  const attributes = new Map(element.attrs.map(({ name, value }) => [name, value]));
  return {
    kind: 'element',
    name: element.tagName,
    attributes,
    children: convertChildren(element, depth + 1),
  };
}

function convertChildren(element: ParsedElement, depth: number): HtmlNode[] {
  if (depth > MAX_DEPTH) return [{ kind: 'text', value: allText(element) }];
  const nodes: HtmlNode[] = [];
  for (const child of element.childNodes) {
    if (isText(child)) nodes.push({ kind: 'text', value: child.value });
    else if (isElement(child) && !LEFT_OUT.has(child.tagName)) nodes.push(convert(child, depth));
  }
  return nodes;
}

/** Without recursion, for trees of any depth. */
function allText(root: ParsedElement): string {
  const parts: string[] = [];
  const rest: Parsed[] = [root];
  for (let node = rest.pop(); node; node = rest.pop()) {
    if (isText(node)) parts.push(node.value);
    else if (isElement(node) && !LEFT_OUT.has(node.tagName)) rest.push(...[...node.childNodes].reverse());
  }
  return parts.join('');
}

function textsOf(root: ParsedElement, name: string): string[] {
  const found: string[] = [];
  const rest: Parsed[] = [root];
  for (let node = rest.pop(); node; node = rest.pop()) {
    if (!isElement(node)) continue;
    if (node.tagName === name)
      found.push(node.childNodes.map((child) => (isText(child) ? child.value : '')).join(''));
    else rest.push(...[...node.childNodes].reverse());
  }
  return found;
}

function isElement(node: DefaultTreeAdapterMap['node']): node is ParsedElement {
  return 'tagName' in node;
}

function isText(node: DefaultTreeAdapterMap['node']): node is DefaultTreeAdapterMap['textNode'] {
  return node.nodeName === '#text';
}

/** By byte order mark, else what the page declares in its first kilobyte, else UTF-8, else Windows-1252 as browsers do. */
function decodeHtml(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return decodeAs('utf-16le', bytes) ?? '';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return decodeAs('utf-16be', bytes) ?? '';
  const head = String.fromCharCode(...bytes.subarray(0, 1024));
  const declared = /<meta[^>]+charset\s*=\s*["']?\s*([\w.:-]+)/i.exec(head)?.[1];
  const named = declared && !/^utf-?(8|16)/i.test(declared) ? decodeAs(declared, bytes) : null;
  return named ?? decodeUtf8(bytes) ?? decodeAs('windows-1252', bytes) ?? decodeAs('iso-8859-1', bytes) ?? '';
}
