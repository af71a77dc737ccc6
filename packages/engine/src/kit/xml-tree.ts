/** An element with its namespaces resolved. */
export interface XmlElement {
  readonly kind: 'element';
  /** As written, prefix included. */
  readonly name: string;
  readonly namespace: string;
  readonly local: string;
  /** Without namespace declarations; those are in the scope. */
  readonly attributes: readonly XmlAttribute[];
  readonly children: readonly XmlNode[];
  readonly scope: XmlScope;
  readonly parentScope: XmlScope;
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
export const ROOT_SCOPE: XmlScope = new Map([['xml', XML_NAMESPACE]]);

export function childElements<Element extends XmlElement>(element: {
  readonly children: readonly (Element | XmlText)[];
}): Element[] {
  return element.children.filter((child): child is Element => child.kind === 'element');
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
