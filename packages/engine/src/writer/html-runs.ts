import { escapeAttribute, escapeText, legalXmlText } from '../kit/index.js';
import type { HtmlSpacing } from './html-spacing.js';
import type { HtmlStyle } from './html-style.js';

/** A link that runs stand in: an address elsewhere, or a place in the document itself. */
export type LinkTarget = { readonly relationship: string } | { readonly anchor: string };

/** Where a paragraph stands. */
export interface ParagraphPlace {
  readonly style: string | null;
  readonly number: { readonly id: number; readonly level: number } | null;
  readonly indent: number;
  readonly spacing: HtmlSpacing;
  readonly pageBreakBefore: boolean;
  readonly fill: string | null;
  readonly ruled: boolean;
}

/** Gathers the runs of one paragraph as browsers lay text out: blanks collapse, breaks at the end vanish. */
export class ParagraphRuns {
  readonly #pieces: string[] = [];
  #pendingSpace: string | null = null;
  #breaks = 0;
  /** Whether a blank at this place would be seen. */
  #takesSpace = false;

  get isEmpty(): boolean {
    return this.#pieces.length === 0 && this.#breaks === 0;
  }

  text(value: string, style: HtmlStyle, link: LinkTarget | null): void {
    if (style.preserved) {
      this.#flush();
      this.#pieces.push(preserved(value, style, link));
      this.#takesSpace = true;
      return;
    }
    // A no-break space is a character like others.
    const words = value.replace(/[ \t\n\r\f]+/g, ' ');
    if (words === '') return;
    const starts = words.startsWith(' ');
    const core = words.slice(starts ? 1 : 0);
    if (starts && this.#takesSpace) this.#pendingSpace ??= run(space(), style, link);
    if (core === '') return;
    const ends = core.endsWith(' ');
    this.#flush();
    this.#pieces.push(run(textOf(ends ? core.slice(0, -1) : core), style, link));
    this.#takesSpace = true;
    if (ends) this.#pendingSpace = run(space(), style, link);
  }

  break(): void {
    this.#pendingSpace = null;
    this.#breaks += 1;
    this.#takesSpace = false;
  }

  /** Something that stands in the line, as its content in a run. */
  object(content: string, style: HtmlStyle, link: LinkTarget | null): void {
    this.#flush();
    this.#pieces.push(run(content, style, link));
    this.#takesSpace = true;
  }

  /** Something of no width: a bookmark. */
  mark(xml: string): void {
    this.#pieces.push(xml);
  }

  /** The runs; the last break of a line only ends it. */
  finish(): string {
    const breaks = Math.max(0, this.#breaks - 1);
    return `${this.#pieces.join('')}${`<w:r><w:br/></w:r>`.repeat(breaks)}`;
  }

  #flush(): void {
    if (this.#breaks > 0) this.#pieces.push('<w:r><w:br/></w:r>'.repeat(this.#breaks));
    if (this.#pendingSpace) this.#pieces.push(this.#pendingSpace);
    this.#breaks = 0;
    this.#pendingSpace = null;
  }
}

export function paragraph(place: ParagraphPlace, style: HtmlStyle, runs: string): string {
  const properties = [
    place.style === null ? '' : `<w:pStyle w:val="${place.style}"/>`,
    place.pageBreakBefore ? '<w:pageBreakBefore/>' : '',
    place.number
      ? `<w:numPr><w:ilvl w:val="${place.number.level}"/><w:numId w:val="${place.number.id}"/></w:numPr>`
      : '',
    place.ruled ? '<w:pBdr><w:bottom w:val="single" w:sz="6" w:space="1" w:color="auto"/></w:pBdr>' : '',
    place.fill === null ? '' : `<w:shd w:val="clear" w:color="auto" w:fill="${place.fill}"/>`,
    style.rightToLeft ? '<w:bidi/>' : '',
    spacingXml(place.spacing, style),
    indentXml(place),
    // Paragraphs of one list lose the room between them, unless they ask for it.
    place.style === 'ListParagraph' && place.spacing.after ? '<w:contextualSpacing w:val="0"/>' : '',
    style.align ? `<w:jc w:val="${style.align}"/>` : '',
  ].join('');
  return `<w:p>${properties === '' ? '' : `<w:pPr>${properties}</w:pPr>`}${runs}</w:p>`;
}

function spacingXml({ before, after }: HtmlSpacing, { line }: HtmlStyle): string {
  const words = [
    before === undefined ? '' : ` w:before="${before}"`,
    after === undefined ? '' : ` w:after="${after}"`,
    line === undefined ? '' : ` w:line="${line.value}" w:lineRule="${line.rule}"`,
  ].join('');
  return words === '' ? '' : `<w:spacing${words}/>`;
}

/** The first line of an item belongs to its number. */
function indentXml({ indent, number, spacing: { right = 0, firstLine = 0 } }: ParagraphPlace): string {
  const first = number ? 0 : firstLine;
  const words = [
    indent > 0 && !number ? ` w:left="${indent}"` : '',
    right > 0 ? ` w:right="${right}"` : '',
    first > 0 ? ` w:firstLine="${first}"` : first < 0 ? ` w:hanging="${-first}"` : '',
  ].join('');
  return words === '' ? '' : `<w:ind${words}/>`;
}

function run(content: string, style: HtmlStyle, link: LinkTarget | null): string {
  if (content === '') return '';
  const properties = runProperties(style, link !== null);
  const xml = `<w:r>${properties}${content}</w:r>`;
  if (!link) return xml;
  const target =
    'anchor' in link ? `w:anchor="${escapeAttribute(link.anchor)}"` : `r:id="${link.relationship}"`;
  return `<w:hyperlink ${target}>${xml}</w:hyperlink>`;
}

function runProperties(style: HtmlStyle, isLink: boolean): string {
  const font = style.font === undefined ? '' : escapeAttribute(legalXmlText(style.font));
  const properties = [
    isLink ? '<w:rStyle w:val="Hyperlink"/>' : '',
    font === '' ? '' : `<w:rFonts w:ascii="${font}" w:hAnsi="${font}" w:eastAsia="${font}" w:cs="${font}"/>`,
    toggle('b', style.bold),
    toggle('bCs', style.bold),
    toggle('i', style.italic),
    toggle('iCs', style.italic),
    toggle('caps', style.caps),
    style.strike ? '<w:strike/>' : '',
    style.color === undefined ? '' : `<w:color w:val="${style.color}"/>`,
    style.halfPoints === undefined
      ? ''
      : `<w:sz w:val="${style.halfPoints}"/><w:szCs w:val="${style.halfPoints}"/>`,
    style.underline && !isLink ? '<w:u w:val="single"/>' : '',
    style.background === undefined
      ? ''
      : `<w:shd w:val="clear" w:color="auto" w:fill="${style.background}"/>`,
    style.vertical === undefined ? '' : `<w:vertAlign w:val="${style.vertical}"/>`,
    style.rightToLeft ? '<w:rtl/>' : '',
  ].join('');
  return properties === '' ? '' : `<w:rPr>${properties}</w:rPr>`;
}

/** `false` is written too: a heading may hold text that is expressly not bold. */
function toggle(name: string, value: boolean | undefined): string {
  if (value === undefined) return '';
  return value ? `<w:${name}/>` : `<w:${name} w:val="0"/>`;
}

function space(): string {
  return '<w:t xml:space="preserve"> </w:t>';
}

function textOf(value: string): string {
  const text = legalXmlText(value);
  return text === '' ? '' : `<w:t xml:space="preserve">${escapeText(text)}</w:t>`;
}

function preserved(value: string, style: HtmlStyle, link: LinkTarget | null): string {
  const content = value
    .replace(/\r\n?/g, '\n')
    .split(/([\n\t])/)
    .map((piece) => (piece === '\n' ? '<w:br/>' : piece === '\t' ? '<w:tab/>' : textOf(piece)))
    .join('');
  return run(content, style, link);
}
