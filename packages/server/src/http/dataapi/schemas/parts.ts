/** The values that answers are made of. Everything is text on the wire; these say which text. */
const TYPES = {
  id: pattern('[1-9][0-9]{0,17}'),
  version: pattern('[0-9]+\\.[0-9]'),
  urlName: pattern('[\\p{L}\\p{M}\\p{N}_\\-]+'),
  time: '<xs:restriction base="xs:long"><xs:minInclusive value="0"/></xs:restriction>',
  ago: pattern('[0-9]+ (second|minute|hour|day)s? ago'),
  flag: oneOf('true', 'false'),
  people: pattern('\\[([^\\s,\\]]+(, [^\\s,\\]]+)*)?\\]'),
  category: oneOf('owned', 'shared'),
  count: '<xs:restriction base="xs:nonNegativeInteger"/>',
  errorCode: '<xs:restriction base="xs:positiveInteger"/>',
  text: '<xs:restriction base="xs:string"/>',
} as const;
export type ValueType = keyof typeof TYPES;

export type Occurs = 'once' | 'perhaps' | 'any' | 'some';

const OCCURS: Readonly<Record<Occurs, string>> = {
  once: '',
  perhaps: ' minOccurs="0"',
  any: ' minOccurs="0" maxOccurs="unbounded"',
  some: ' maxOccurs="unbounded"',
};

/** A whole schema: an answer has either this result or an error. */
export function schemaOf(result: string): string {
  const types = Object.entries(TYPES).map(
    ([name, content]) => `<xs:simpleType name="${name}">${content}</xs:simpleType>`,
  );
  const error = element('error', sequence(value('code', 'errorCode'), value('message', 'text')));
  const response = `<xs:element name="response"><xs:complexType><xs:choice>${element('result', result)}${error}</xs:choice><xs:attribute name="uri" type="xs:string" use="required"/></xs:complexType></xs:element>`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">${types.join('')}${response}</xs:schema>\n`;
}

/** An element with elements inside. */
export function element(name: string, content: string, occurs: Occurs = 'once'): string {
  return `<xs:element name="${name}"${OCCURS[occurs]}><xs:complexType>${content}</xs:complexType></xs:element>`;
}

export function value(name: string, type: ValueType, occurs: Occurs = 'once'): string {
  return `<xs:element name="${name}" type="${type}"${OCCURS[occurs]}/>`;
}

export function sequence(...parts: readonly string[]): string {
  return `<xs:sequence>${parts.join('')}</xs:sequence>`;
}

/** A sequence that may be left out as a whole. */
export function perhaps(...parts: readonly string[]): string {
  return `<xs:sequence minOccurs="0">${parts.join('')}</xs:sequence>`;
}

export function choice(...parts: readonly string[]): string {
  return `<xs:choice>${parts.join('')}</xs:choice>`;
}

export function attribute(name: string, type: ValueType): string {
  return `<xs:attribute name="${name}" type="${type}" use="required"/>`;
}

function pattern(expression: string): string {
  return `<xs:restriction base="xs:string"><xs:pattern value="${expression}"/></xs:restriction>`;
}

function oneOf(...texts: readonly string[]): string {
  const values = texts.map((text) => `<xs:enumeration value="${text}"/>`);
  return `<xs:restriction base="xs:string">${values.join('')}</xs:restriction>`;
}
