import { escapeAttribute, escapeText } from './xml.js';

export type Dialect = 'xml' | 'json';

/** A name that differs from dialect to dialect. */
export type WireName = string | Readonly<Record<Dialect, string>>;

/** What an answer holds, in the order in which it is written. */
export type WireFields = readonly (readonly [name: WireName, value: WireValue])[];

export type WireValue = string | WireFields | Attributes | Many;

/** An XML element with attributes only; in JSON an object, whose numbers stay numbers. */
export interface Attributes {
  attributes: Readonly<Record<string, string | number>>;
}

/** A repeated element; in JSON an array, or the value itself when there is one and the dialect writes it so. */
export interface Many {
  many: readonly (string | WireFields | Attributes)[];
  isBareAlone?: boolean;
}

export function writeXml(fields: WireFields): string {
  return fields.map(([name, value]) => writeElement(nameIn('xml', name), value)).join('');
}

/** Strings and arrays of strings all the way down, but for numbers in `Attributes`. */
export function writeJson(fields: WireFields): string {
  return JSON.stringify(toJson(fields));
}

/** Most values: as they are between quotes. */
const UNQUOTABLE = /[^ !#-[\]-~]/;

/** A text in JSON. */
export function quote(text: string): string {
  return UNQUOTABLE.test(text) ? JSON.stringify(text) : `"${text}"`;
}

export const XML_DECLARATION = '<?xml version="1.0" encoding="UTF-8" ?>';

/** What stands around an answer: no white space anywhere, because clients walk from first child to first child. */
export function envelope(dialect: Dialect, uri: string, part: 'result' | 'error'): [string, string] {
  return dialect === 'xml'
    ? [`${XML_DECLARATION}<response uri="${escapeAttribute(uri)}"><${part}>`, `</${part}></response>`]
    : [`{"response":{"uri":${JSON.stringify(uri)},"${part}":`, '}}'];
}

export function writeAnswer(
  dialect: Dialect,
  uri: string,
  fields: WireFields,
  part: 'result' | 'error' = 'result',
): string {
  const [before, after] = envelope(dialect, uri, part);
  return `${before}${dialect === 'xml' ? writeXml(fields) : writeJson(fields)}${after}`;
}

function writeElement(name: string, value: WireValue): string {
  if (typeof value === 'string') return `<${name}>${escapeText(value)}</${name}>`;
  if ('many' in value) return value.many.map((one) => writeElement(name, one)).join('');
  if ('attributes' in value) {
    const attributes = Object.entries(value.attributes).map(
      ([key, text]) => ` ${key}="${escapeAttribute(String(text))}"`,
    );
    return `<${name}${attributes.join('')}/>`;
  }
  const content = writeXml(value);
  return content === '' ? `<${name}/>` : `<${name}>${content}</${name}>`;
}

function toJson(value: WireValue): unknown {
  if (typeof value === 'string') return value;
  if ('many' in value) {
    const [first] = value.many;
    return value.isBareAlone && value.many.length === 1 && first !== undefined
      ? toJson(first)
      : value.many.map(toJson);
  }
  if ('attributes' in value) return value.attributes;
  return Object.fromEntries(value.map(([name, field]) => [nameIn('json', name), toJson(field)]));
}

function nameIn(dialect: Dialect, name: WireName): string {
  return typeof name === 'string' ? name : name[dialect];
}
