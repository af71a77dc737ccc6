/** Just enough of a document tree to walk as the old clients do: text nodes count, white space too. */
export interface XmlNode {
  name: string;
  attributes: Readonly<Record<string, string>>;
  children: readonly (XmlNode | string)[];
}

/** A strict reader for what the face writes; throws at anything else: comments, doctypes, CDATA, stray text. */
export function parseXml(xml: string): XmlNode {
  const declaration = '<?xml version="1.0" encoding="UTF-8" ?>';
  if (!xml.startsWith(declaration)) throw new Error(`There is no declaration: ${xml.slice(0, 60)}`);
  const stack: { name: string; attributes: Record<string, string>; children: (XmlNode | string)[] }[] = [];
  let root: XmlNode | undefined;
  const add = (node: XmlNode | string) => {
    const parent = stack.at(-1);
    if (parent) parent.children.push(node);
    else if (typeof node === 'string' || root) throw new Error(`Outside the root: ${JSON.stringify(node)}`);
    else root = node;
  };
  const token = /<(\/?)([A-Za-z_][\w.-]*)((?:\s+[\w:.-]+="[^"<]*")*)\s*(\/?)>|([^<]+)/gy;
  token.lastIndex = declaration.length;
  while (token.lastIndex < xml.length) {
    const at = token.lastIndex;
    const match = token.exec(xml);
    if (!match) throw new Error(`Not well-formed at ${at}: ${xml.slice(at, at + 60)}`);
    const [, closes, name = '', attributes = '', empty, text] = match;
    if (text !== undefined) {
      add(unescapeXml(text));
    } else if (closes) {
      const open = stack.pop();
      if (open?.name !== name) throw new Error(`</${name}> closes <${open?.name}>.`);
      add(open);
    } else {
      const node = { name, attributes: readAttributes(attributes), children: [] };
      if (empty) add(node);
      else stack.push(node);
    }
  }
  if (!root || stack.length > 0) throw new Error('The document does not end.');
  return root;
}

/** The first child, which must be an element: clients cast it without looking. */
export function firstElement(node: XmlNode): XmlNode {
  const [first] = node.children;
  if (first === undefined || typeof first === 'string')
    throw new Error(`<${node.name}> begins with no element.`);
  return first;
}

/** All children, which must be elements. */
export function elements(node: XmlNode): XmlNode[] {
  return node.children.map((child) => {
    if (typeof child === 'string') throw new Error(`<${node.name}> holds the text ${JSON.stringify(child)}.`);
    return child;
  });
}

/** The text of the node, or of its child of this name. */
export function textOf(node: XmlNode, name?: string): string {
  const holder = name === undefined ? node : elements(node).find((child) => child.name === name);
  if (!holder) throw new Error(`<${node.name}> has no <${name}>.`);
  return holder.children.map((child) => (typeof child === 'string' ? child : textOf(child))).join('');
}

function readAttributes(text: string): Record<string, string> {
  const pairs = [...text.matchAll(/([\w:.-]+)="([^"]*)"/g)];
  return Object.fromEntries(pairs.map(([, name = '', value = '']) => [name, unescapeXml(value)]));
}

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

function unescapeXml(text: string): string {
  if (text.includes(']]>')) throw new Error('"]]>" stands in text.');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: XML 1.0 has no place for them
  if (/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/.test(text))
    throw new Error('Illegal character.');
  return text.replace(/&(?:#(\d+)|(\w+));|&/g, (whole, code?: string, name?: string) => {
    if (code !== undefined) return String.fromCodePoint(Number(code));
    const character = name === undefined ? undefined : ENTITIES[name];
    if (character === undefined) throw new Error(`Unknown entity ${whole}.`);
    return character;
  });
}
