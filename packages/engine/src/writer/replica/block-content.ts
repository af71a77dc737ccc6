import { fnv1a32, type OoxmlElement, type OoxmlNode, type OoxmlPart } from '@docx-editor.dev/core/store';
import { isElementNode } from './tree-change.js';

/** Times of tracked changes: the author's echo and the server's differ, and they lock nothing. */
const TIMES = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[.\d]*Z?/g;

/** A short print of what a subtree or part says: two replicas that hold the same get the same print. */
export function fingerprint(value: OoxmlNode | OoxmlPart): string {
  const text = contentOf('root' in value ? value.root : value).replace(TIMES, '');
  return `${text.length.toString(36)}.${fnv1a32(text).toString(36)}.${fnv1a32(`${text.length}${text}`).toString(36)}`;
}

const contents = new WeakMap<OoxmlNode, string>();

/** What a subtree says, without ids, prefixes and attribute order. */
function contentOf(node: OoxmlNode): string {
  if (!isElementNode(node)) return JSON.stringify(node.value);
  const known = contents.get(node);
  if (known !== undefined) return known;
  const children = (node.children as readonly OoxmlNode[]).map(contentOf);
  const text = `<${node.namespaceUri} ${node.localName} ${attributesOf(node)}>${children.join('')}</>`;
  contents.set(node, text);
  return text;
}

/** What only names a paragraph: an editor names its own new ones in a way of its own. */
const NAMES: ReadonlySet<string> = new Set(['paraId', 'textId']);

/**
 * Whether two subtrees say the same, `unnamed` but for the names of paragraphs; what they share is not walked, so
 * that two states of a long document are quick.
 */
export function sameContent(x: OoxmlNode, y: OoxmlNode, unnamed = false): boolean {
  if (x === y) return true;
  if (!isElementNode(x) || !isElementNode(y))
    return !isElementNode(x) && !isElementNode(y) && x.value === y.value;
  if (x.localName !== y.localName || x.namespaceUri !== y.namespaceUri) return false;
  if (x.children.length !== y.children.length || attributesOf(x, unnamed) !== attributesOf(y, unnamed))
    return false;
  return (x.children as readonly OoxmlNode[]).every((child, at) =>
    sameContent(child, y.children[at] as OoxmlNode, unnamed),
  );
}

export const attributesOf = ({ attributes }: OoxmlElement, unnamed = false): string =>
  attributes
    .filter((each) => !unnamed || !NAMES.has(each.localName))
    .map((each) => `${each.namespaceUri} ${each.localName}=${JSON.stringify(each.value)}`)
    .sort()
    .join(' ');
