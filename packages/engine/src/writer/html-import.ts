import { type BlankDefaults, composeDocx } from './blank.js';
import { BLOCKS, ROOMY } from './html-blocks.js';
import { HtmlFlow } from './html-flow.js';
import { HtmlLinks } from './html-links.js';
import { listKind } from './html-lists.js';
import { type HtmlElement, type HtmlNode, readHtml } from './html-nodes.js';
import { HtmlParts, LIST_INDENT } from './html-parts.js';
import { readPicture } from './html-pictures.js';
import type { LinkTarget, ParagraphPlace } from './html-runs.js';
import type { HtmlPaper, HtmlSpacing } from './html-spacing.js';
import {
  boxOf,
  type HtmlBox,
  type HtmlStyle,
  readLengthTwips,
  readStyleRules,
  type StyleRules,
  styleOf,
} from './html-style.js';
import { type HtmlCell, isRuled, layTable, readCellPadding, tableXml } from './html-table.js';

export interface HtmlImport {
  readonly docx: Uint8Array;
  /** What was left out of the page. */
  readonly warnings: readonly string[];
}

/**
 * A web page as a document. Only what the file itself holds is taken over: scripts, frames and whatever would have to be fetched are left
 * out. Never throws on account of the bytes.
 */
export function importHtml(html: Uint8Array | string): HtmlImport {
  const page = readHtml(html);
  const rules = readStyleRules(page.styleSheet);
  const walk = new HtmlWalk(rules, page.body);
  const blocks = walk.blocks();
  const language = /^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$/.test(page.language) ? page.language : null;
  const docx = composeDocx(
    blocks,
    {
      ...(page.title === '' ? {} : { title: page.title }),
      ...(language ? { language } : {}),
      ...BROWSER_LOOK,
      ...(rules.paper ? sheetOf(rules.paper) : {}),
    },
    walk.parts.extras(),
  );
  const { lostPictures } = walk;
  const warnings =
    lostPictures === 0 ? [] : [`${lostPictures} pictures were left out: the page only names where they are.`];
  return { docx, warnings };
}

/** What browsers give a page that says nothing of it: room of one line below its paragraphs. */
const BROWSER_LOOK = { fontName: 'Times New Roman', paragraphs: { after: 240, line: 240 } } as const;

function sheetOf({ width, height, margin }: HtmlPaper): BlankDefaults {
  const sides = Object.entries(margin).map(([side, twips]) => [side, `${twips / 20}pt`]);
  return {
    pageTwips: [width, height],
    orientation: width > height ? 'landscape' : 'portrait',
    margin: Object.fromEntries(sides),
  };
}

const QUOTE_INDENT = 720;
const MAX_LEVEL = 8;

/** Where the walk stands; everything here is inherited. */
interface Scope {
  readonly style: HtmlStyle;
  readonly link: LinkTarget | null;
  readonly place: ParagraphPlace;
  /** Depth of lists, from 0; -1 outside of any. */
  readonly listLevel: number;
  readonly isCell: boolean;
}

/** Around text that stands in none of the blocks that have room. */
const NO_ROOM: HtmlSpacing = { before: 0, after: 0 };

/** Styles of tables take the room away from paragraphs; browsers do not. */
function roomOf({ name }: HtmlElement, outer: Scope): HtmlSpacing {
  if (!ROOMY.has(name)) return NO_ROOM;
  return outer.isCell && name === 'p' ? { after: BROWSER_LOOK.paragraphs.after } : {};
}

const PLAIN: ParagraphPlace = {
  style: null,
  number: null,
  indent: 0,
  spacing: NO_ROOM,
  pageBreakBefore: false,
  fill: null,
  ruled: false,
};

class HtmlWalk {
  readonly parts: HtmlParts;
  lostPictures = 0;
  readonly #rules: StyleRules;
  /** Twentieths of a point between the margins of the page. */
  readonly #textWidth: number;
  readonly #body: HtmlElement;
  readonly #links: HtmlLinks;
  readonly #flow = new HtmlFlow();

  constructor(rules: StyleRules, body: HtmlElement) {
    this.#rules = rules;
    this.#textWidth = textWidthOf(rules.paper);
    this.parts = new HtmlParts(this.#textWidth);
    this.#body = body;
    this.#links = new HtmlLinks(body, (target) => this.parts.link(target));
  }

  blocks(): string {
    this.#element(this.#body, { style: {}, link: null, place: PLAIN, listLevel: -1, isCell: false });
    return this.#flow.finish();
  }

  #node(node: HtmlNode, scope: Scope): void {
    if (node.kind === 'text') {
      if (!scope.style.preserved && !/[^ \t\n\r\f]/.test(node.value) && this.#flow.runs.isEmpty) return;
      this.#flow.begin(scope.place, scope.style);
      this.#flow.runs.text(node.value, scope.style, scope.link);
    } else this.#element(node, scope);
  }

  #element(element: HtmlElement, outer: Scope): void {
    const declarations = this.#rules.of(element);
    const box = boxOf(element, declarations);
    if (box.hidden) return;
    const style = styleOf(element, declarations, outer.style);
    const isBlock = BLOCKS.has(element.name) || declarations.get('display') === 'block';
    if (!isBlock) {
      this.#inline(element, { ...outer, style: inlineOnly(style, outer.style) });
      return;
    }
    this.#flow.end();
    if (box.pageBreakBefore) this.#flow.breakBefore();
    this.#flow.mark(this.#links.bookmarksOf(element));
    // The colour of a block's ground belongs to its paragraphs.
    const { background: _ground, ...own } = style;
    const inherited =
      outer.style.background === undefined ? own : { ...own, background: outer.style.background };
    const indent = outer.place.indent + (box.indentLeft ?? 0);
    const fill = box.fill ?? outer.place.fill;
    const spacing = { ...roomOf(element, outer), ...box.spacing };
    const place = { ...outer.place, indent, fill, spacing };
    this.#block(element, box, { ...outer, style: inherited, place });
    this.#flow.end();
    if (box.pageBreakAfter) this.#flow.breakBefore();
  }

  #block(element: HtmlElement, box: HtmlBox, scope: Scope): void {
    const { place } = scope;
    const heading = /^h([1-6])$/.exec(element.name);
    if (heading) {
      this.#children(element, { ...scope, place: { ...place, style: `Heading${heading[1]}` } });
      return;
    }
    switch (element.name) {
      case 'ul':
      case 'ol':
      case 'menu':
      case 'dir':
        this.#list(element, box, scope);
        return;
      case 'li':
        this.#item(element, scope, null);
        return;
      case 'dd':
        this.#children(element, {
          ...scope,
          place: { ...place, indent: place.indent + QUOTE_INDENT },
        });
        return;
      case 'blockquote':
        this.#children(element, {
          ...scope,
          place: { ...place, style: 'Quote', indent: place.indent + QUOTE_INDENT },
        });
        return;
      case 'hr':
        this.#flow.emptyParagraph({ ...PLAIN, indent: place.indent, ruled: true });
        return;
      case 'table':
        this.#table(element, box, scope);
        return;
      case 'pre':
      case 'listing':
      case 'xmp':
        this.#children(withoutFirstLineEnd(element), scope);
        return;
      default:
        this.#children(element, scope);
        return;
    }
  }

  #inline(element: HtmlElement, scope: Scope): void {
    switch (element.name) {
      case 'br':
        this.#flow.begin(scope.place, scope.style);
        this.#flow.runs.break();
        return;
      case 'wbr':
        return;
      case 'img':
      case 'image':
        this.#picture(element, scope);
        return;
      case 'input':
        this.#input(element, scope);
        return;
      case 'a': {
        this.#flow.mark(this.#links.bookmarksOf(element));
        const link = this.#links.targetOf(element.attributes.get('href') ?? '');
        this.#children(element, { ...scope, link: link ?? scope.link });
        return;
      }
      case 'q':
        this.#children({ ...element, children: [QUOTE_OPEN, ...element.children, QUOTE_CLOSE] }, scope);
        return;
      default:
        this.#flow.mark(this.#links.bookmarksOf(element));
        this.#children(element, scope);
        return;
    }
  }

  #children(element: HtmlElement, scope: Scope): void {
    for (const child of element.children) this.#node(child, scope);
  }

  #list(element: HtmlElement, box: HtmlBox, scope: Scope): void {
    const level = Math.min(scope.listLevel + 1, MAX_LEVEL);
    const start = Math.max(
      0,
      Math.min(Number.parseInt(element.attributes.get('start') ?? '1', 10) || 1, 30_000),
    );
    const id = this.parts.list(listKind(element, box), level, start);
    const inner: Scope = { ...scope, listLevel: level, place: { ...scope.place, style: 'ListParagraph' } };
    for (const child of element.children) {
      if (child.kind === 'element' && child.name === 'li') {
        const declarations = this.#rules.of(child);
        const itemBox = boxOf(child, declarations);
        if (itemBox.hidden) continue;
        this.#flow.end();
        this.#flow.mark(this.#links.bookmarksOf(child));
        this.#item(child, { ...inner, style: styleOf(child, declarations, inner.style) }, { id, level });
        this.#flow.end();
      } else this.#node(child, inner);
    }
  }

  #item(element: HtmlElement, scope: Scope, number: ParagraphPlace['number']): void {
    const indent = LIST_INDENT * (Math.max(0, scope.listLevel) + 1);
    this.#flow.numberNext(number);
    this.#children(element, { ...scope, place: { ...scope.place, style: 'ListParagraph', indent } });
    // An item without content is still an item.
    if (!this.#flow.isNumberTaken) this.#flow.begin({ ...scope.place, indent }, scope.style);
    this.#flow.end();
  }

  #table(element: HtmlElement, box: HtmlBox, scope: Scope): void {
    for (const caption of element.children) {
      if (caption.kind === 'element' && caption.name === 'caption') this.#element(caption, scope);
    }
    const cell = (source: HtmlElement): HtmlCell => {
      const declarations = this.#rules.of(source);
      const own = boxOf(source, declarations);
      const style = styleOf(source, declarations, scope.style);
      const { background: _ground, ...inherited } = style;
      return {
        blocks: this.#cell(source, { ...scope, style: inherited, place: PLAIN, listLevel: -1, isCell: true }),
        fill: own.fill ?? null,
        borders: own.borders,
        padding: own.padding,
        widthTwips: readLengthTwips(`${own.width ?? ''}${/^\d+$/.test(own.width ?? '') ? 'px' : ''}`),
        widthPercent: Number(/^\s*(\d+(?:\.\d+)?)%/.exec(own.width ?? '')?.[1] ?? 0),
      };
    };
    const laid = layTable(element, cell);
    if (!laid) return;
    const { indent } = scope.place;
    const look = {
      ...{ isRuled: isRuled(element), borders: box.borders, indent },
      ...{ padding: readCellPadding(element), textWidth: this.#textWidth },
      rightToLeft: scope.style.rightToLeft === true,
    };
    this.#flow.table(tableXml(laid, look));
  }

  #cell(element: HtmlElement, scope: Scope): string {
    return this.#flow.apart(() => {
      this.#flow.mark(this.#links.bookmarksOf(element));
      this.#children(element, scope);
    });
  }

  #picture(element: HtmlElement, scope: Scope): void {
    const { attributes } = element;
    const picture = readPicture(attributes.get('src') ?? '');
    const words = attributes.get('alt')?.trim() ?? '';
    if (!picture || picture.widthPx < 1 || picture.heightPx < 1) {
      this.lostPictures += 1;
      if (words !== '') this.#node({ kind: 'text', value: `[${words}]` }, scope);
      return;
    }
    const declared = this.#rules.of(element);
    const [width, height] = ['width', 'height'].map((side) => {
      const text = declared.get(side) ?? attributes.get(side) ?? '';
      const px = /^\s*\d+(\.\d+)?\s*$/.test(text) ? Number(text) : readLengthTwips(text) / 15;
      return px >= 1 && px <= 10_000 ? px : null;
    });
    const ratio = picture.widthPx / picture.heightPx;
    const widthPx = width ?? (height ? height * ratio : picture.widthPx);
    const heightPx = height ?? widthPx / ratio;
    this.#flow.begin(scope.place, scope.style);
    this.#flow.runs.object(this.parts.drawing(picture, { widthPx, heightPx }, words), {}, scope.link);
  }

  #input(element: HtmlElement, scope: Scope): void {
    const type = element.attributes.get('type')?.toLowerCase();
    if (type !== 'checkbox' && type !== 'radio') return;
    this.#node({ kind: 'text', value: element.attributes.has('checked') ? '☒' : '☐' }, scope);
  }
}

function textWidthOf(paper: HtmlPaper | null): number {
  return paper ? paper.width - paper.margin.left - paper.margin.right : LETTER_TEXT_WIDTH;
}

/** Between margins of an inch, in twentieths of a point. */
const LETTER_TEXT_WIDTH = 9_360;

const QUOTE_OPEN: HtmlNode = { kind: 'text', value: '“' };
const QUOTE_CLOSE: HtmlNode = { kind: 'text', value: '”' };

/** Alignment and direction belong to blocks. */
function inlineOnly(style: HtmlStyle, outer: HtmlStyle): HtmlStyle {
  const { align: _align, ...own } = style;
  return outer.align === undefined ? own : { ...own, align: outer.align };
}

/** The line end right after `<pre>` is no part of its text; parse5 has dropped it for elements that it knows. */
function withoutFirstLineEnd(element: HtmlElement): HtmlElement {
  const last = element.children.at(-1);
  if (last?.kind !== 'text' || !last.value.endsWith('\n')) return element;
  return {
    ...element,
    children: [...element.children.slice(0, -1), { kind: 'text', value: last.value.slice(0, -1) }],
  };
}
