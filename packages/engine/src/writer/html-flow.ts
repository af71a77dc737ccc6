import { type ParagraphPlace, ParagraphRuns, paragraph } from './html-runs.js';
import type { HtmlStyle } from './html-style.js';

/** What is gathered of one column of text: a document's body or a cell. */
class Column {
  readonly blocks: string[] = [];
  runs = new ParagraphRuns();
  /** The place and style of the paragraph that is being gathered. */
  open: { readonly place: ParagraphPlace; readonly style: HtmlStyle } | null = null;
  /** The number that the next paragraph of a list item gets; those after it only stand below it. */
  number: ParagraphPlace['number'] = null;
}

/** Paragraphs and tables one after the other, as a walk over a page brings their parts. */
export class HtmlFlow {
  #column = new Column();
  #marks = '';
  #breaksBefore = false;

  /** The runs of the open paragraph, or of the one that `begin` will open. */
  get runs(): ParagraphRuns {
    return this.#column.runs;
  }

  /** Whether a paragraph has begun with the number that was given last. */
  get isNumberTaken(): boolean {
    return this.#column.number === null;
  }

  numberNext(number: ParagraphPlace['number']): void {
    this.#column.number = number;
  }

  /** The next paragraph starts a page. */
  breakBefore(): void {
    this.#breaksBefore = true;
  }

  /** Bookmarks for the start of what comes next. */
  mark(marks: string): void {
    this.#marks += marks;
  }

  /** Opens a paragraph unless one is open. */
  begin(place: ParagraphPlace, style: HtmlStyle): void {
    const column = this.#column;
    if (!column.open) {
      column.open = { place: this.#placed({ ...place, number: column.number }), style };
      column.number = null;
    }
    if (this.#marks !== '') {
      column.runs.mark(this.#marks);
      this.#marks = '';
    }
  }

  /** Closes the open paragraph, if any. */
  end(): void {
    const { open, runs, blocks } = this.#column;
    if (open) blocks.push(paragraph(open.place, open.style, runs.finish()));
    this.#column.runs = new ParagraphRuns();
    this.#column.open = null;
  }

  /** A paragraph without text. */
  emptyParagraph(place: ParagraphPlace): void {
    this.#column.blocks.push(paragraph(this.#placed(place), {}, ''));
  }

  table(xml: string): void {
    const { blocks } = this.#column;
    // Two tables without anything between them would become one.
    if (blocks.at(-1)?.endsWith('</w:tbl>')) blocks.push(TIGHT_PARAGRAPH);
    blocks.push(xml);
  }

  /** What `gather` brings, as blocks of their own, apart from those around it. */
  apart(gather: () => void): string {
    const outside = this.#column;
    this.#column = new Column();
    gather();
    const blocks = this.finish();
    this.#column = outside;
    return blocks;
  }

  finish(): string {
    this.end();
    const { blocks } = this.#column;
    // A table must be followed by a paragraph (ECMA-376 17.2.2 leaves the order free; Word does not).
    const isComplete = blocks.length > 0 && blocks.at(-1)?.endsWith('</w:tbl>') !== true;
    return isComplete ? blocks.join('') : `${blocks.join('')}${TIGHT_PARAGRAPH}`;
  }

  #placed(place: ParagraphPlace): ParagraphPlace {
    const pageBreakBefore = this.#breaksBefore;
    this.#breaksBefore = false;
    return { ...place, pageBreakBefore };
  }
}

const TIGHT_PARAGRAPH = '<w:p><w:pPr><w:spacing w:after="0" w:line="240" w:lineRule="auto"/></w:pPr></w:p>';
