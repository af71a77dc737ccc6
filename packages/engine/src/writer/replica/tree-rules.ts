import { isValidXmlText, type OoxmlNode, WML_NAMESPACE_URI } from '@docx-editor.dev/core/store';
import type { JsonValue } from './operation.js';
import { isAddress, type Rule } from './shape-rules.js';

/** Readers stop at 256 levels; what one operation brings must leave room for where it goes. */
const TREE_DEPTH_LIMIT = 96;

const NAME = /^[\p{L}_][\p{L}\p{N}_.-]*$/u;

/** Parts and programs that another file or machine decides about. */
const ACTIVE_ELEMENTS: ReadonlySet<string> = new Set([
  'altChunk',
  'control',
  'OLEObject',
  'objectEmbed',
  'objectLink',
  'subDoc',
  'script',
  'movie',
]);

/** Fields that fetch, run or embed something from outside (ECMA-376 17.16.5 and the vendors' additions). */
const ACTIVE_FIELD =
  /^\s*(?:DDE|DDEAUTO|INCLUDETEXT|INCLUDEPICTURE|INCLUDE|IMPORT|LINK|EMBED|DATABASE|MACROBUTTON|RD|HTMLACTIVEX)\b/i;

/** The words of a field code that a document may get from somebody. */
export const fieldCode: Rule = (value) =>
  typeof value === 'string' && value.length <= 8192 && isValidXmlText(value) && !ACTIVE_FIELD.test(value);

type Json = { readonly [key: string]: JsonValue };

const isObject = (value: JsonValue | undefined): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isOptionalName = (value: JsonValue | undefined): boolean =>
  value === undefined || value === '' || (typeof value === 'string' && NAME.test(value));

const isNamespace = (value: JsonValue | undefined): boolean =>
  typeof value === 'string' && value.length <= 1024 && isValidXmlText(value);

/** A tree of the core as it travels: every name and text fit for XML, nothing active in it. */
export const tree: Rule = (value) => isTree(value, 0) && !hasActiveField(value as Json);

export const element: Rule = (value) => isObject(value) && value.kind !== 'textValue' && tree(value);

export const part: Rule = (value) =>
  isObject(value) &&
  isAddress(value.name) &&
  isAddress(value.id) &&
  typeof value.contentType === 'string' &&
  element(value.root);

export const binding: Rule = (value) =>
  isObject(value) && isOptionalName(value.prefix) && isNamespace(value.namespaceUri);

/** Whether a tree holds something that runs, or that fetches from outside. */
export function isActive(node: OoxmlNode): boolean {
  const holds = (each: OoxmlNode): boolean =>
    each.kind !== 'textValue' &&
    (ACTIVE_ELEMENTS.has(each.localName) || (each.children as readonly OoxmlNode[]).some(holds));
  return holds(node) || hasActiveField(node as unknown as Json);
}

function isTree(value: JsonValue | undefined, depth: number): boolean {
  if (!isObject(value) || depth > TREE_DEPTH_LIMIT || !isAddress(value.id)) return false;
  if (value.kind === 'textValue') return typeof value.value === 'string' && isValidXmlText(value.value);
  const { kind, localName, prefix, namespaceUri, attributes, namespaceBindings, children } = value;
  if (typeof kind !== 'string' || typeof localName !== 'string' || !NAME.test(localName)) return false;
  if (!isOptionalName(prefix) || !isNamespace(namespaceUri) || ACTIVE_ELEMENTS.has(localName)) return false;
  // What the core takes for a paragraph, a run or a table must be one in the file, too.
  if (kind === 'paragraph' && (localName !== 'p' || namespaceUri !== WML_NAMESPACE_URI)) return false;
  return (
    Array.isArray(attributes) &&
    attributes.every(isAttribute) &&
    Array.isArray(namespaceBindings) &&
    namespaceBindings.every((each) => binding(each)) &&
    Array.isArray(children) &&
    children.every((each) => isTree(each, depth + 1))
  );
}

function isAttribute(value: JsonValue): boolean {
  return (
    isObject(value) &&
    typeof value.kind === 'string' &&
    typeof value.localName === 'string' &&
    NAME.test(value.localName) &&
    isOptionalName(value.prefix) &&
    isNamespace(value.namespaceUri) &&
    typeof value.value === 'string' &&
    isValidXmlText(value.value)
  );
}

/** A code may be cut over several elements: it is read from one `begin` to the next thing that ends it. */
function hasActiveField(root: Json): boolean {
  let code: string | null = null;
  const walk = (node: Json): boolean => {
    if (node.kind === 'textValue') return false;
    if (node.localName === 'fldChar') {
      const found = code !== null && ACTIVE_FIELD.test(code);
      code = '';
      return found;
    }
    if (node.localName === 'instrText') code = (code ?? '') + wordsIn(node);
    if (node.localName === 'fldSimple' && ACTIVE_FIELD.test(attributeOf(node, 'instr'))) return true;
    return (node.children as unknown as readonly Json[]).some(walk);
  };
  return walk(root) || ACTIVE_FIELD.test(code ?? '');
}

function wordsIn(node: Json): string {
  if (node.kind === 'textValue') return node.value as string;
  return (node.children as unknown as readonly Json[]).map(wordsIn).join('');
}

function attributeOf(node: Json, name: string): string {
  const found = (node.attributes as unknown as readonly Json[]).find((each) => each.localName === name);
  return typeof found?.value === 'string' ? found.value : '';
}
