import { legalXmlText } from '../kit/index.js';
import type { HtmlElement } from './html-nodes.js';
import type { LinkTarget } from './html-runs.js';

const SAFE_LINK = /^\s*(https?|mailto|ftp|tel):/i;
const LONGEST_LINK = 2_000;

/** Where the links of a page lead: out of it, or to places in it, which become bookmarks. */
export class HtmlLinks {
  readonly #anchors: ReadonlyMap<string, string>;
  readonly #relate: (target: string) => string;
  readonly #marked = new Set<string>();

  /** `relate` gives the relationship for an address outside of the document. */
  constructor(body: HtmlElement, relate: (target: string) => string) {
    this.#anchors = anchorsIn(body);
    this.#relate = relate;
  }

  /** Null for an address that no document may lead to, and for places that are not there. */
  targetOf(address: string): LinkTarget | null {
    if (address.startsWith('#')) {
      const anchor = this.#anchors.get(address.slice(1));
      return anchor ? { anchor } : null;
    }
    const target = address.trim();
    return SAFE_LINK.test(target) && target.length <= LONGEST_LINK
      ? { relationship: this.#relate(target) }
      : null;
  }

  /** The marks for an element's start. Only places that some link leads to get one, and each only once. */
  bookmarksOf({ attributes }: HtmlElement): string {
    let marks = '';
    for (const attribute of ['id', 'name']) {
      const anchor = this.#anchors.get(attributes.get(attribute) ?? '');
      if (anchor === undefined || this.#marked.has(anchor)) continue;
      this.#marked.add(anchor);
      const id = this.#marked.size;
      marks += `<w:bookmarkStart w:id="${id}" w:name="${anchor}"/><w:bookmarkEnd w:id="${id}"/>`;
    }
    return marks;
  }
}

/** Bookmark names for the places that links of the page lead to; Word takes letters, digits and underscores, 40 at most. */
function anchorsIn(body: HtmlElement): ReadonlyMap<string, string> {
  const wanted = new Map<string, string>();
  const visit = (element: HtmlElement): void => {
    const href = element.name === 'a' ? element.attributes.get('href') : undefined;
    if (href?.startsWith('#') && href.length > 1 && !wanted.has(href.slice(1))) {
      const plain = legalXmlText(href.slice(1))
        .replace(/[^A-Za-z0-9_]/g, '_')
        .slice(0, 30);
      wanted.set(href.slice(1), `h${wanted.size + 1}_${plain}`);
    }
    for (const child of element.children) if (child.kind === 'element') visit(child);
  };
  visit(body);
  return wanted;
}
