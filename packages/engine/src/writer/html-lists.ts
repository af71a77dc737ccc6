import type { HtmlElement } from './html-nodes.js';
import type { ListKind } from './html-parts.js';
import type { HtmlBox } from './html-style.js';

/** What stands before the items of a list. */
export function listKind(element: HtmlElement, box: HtmlBox): ListKind {
  const named =
    LIST_KINDS[box.listStyle?.split(/\s/)[0] ?? ''] ?? LIST_KINDS[element.attributes.get('type') ?? ''];
  return named ?? (element.name === 'ol' ? 'decimal' : 'bullet');
}

const LIST_KINDS: Readonly<Record<string, ListKind>> = {
  '1': 'decimal',
  a: 'lowerLetter',
  A: 'upperLetter',
  i: 'lowerRoman',
  I: 'upperRoman',
  decimal: 'decimal',
  'lower-alpha': 'lowerLetter',
  'lower-latin': 'lowerLetter',
  'upper-alpha': 'upperLetter',
  'upper-latin': 'upperLetter',
  'lower-roman': 'lowerRoman',
  'upper-roman': 'upperRoman',
  none: 'none',
  disc: 'bullet',
  circle: 'bullet',
  square: 'bullet',
};
