import type { OoxmlElement } from '@docx-editor.dev/core/store';
import { elementsOf, isWord, type Styles, wordChild, wordValue } from '../html-look.js';
import { paragraphText, visibleChildren } from '../text.js';

/** What a story is compared by: its paragraphs and tables in order, wherever they are wrapped. */
export type Block = Paragraph | Table;

export interface Paragraph {
  readonly kind: 'paragraph';
  readonly text: string;
  /** The identity that it keeps while people edit it; null where the file gives none. */
  readonly identity: string | null;
  readonly heading: number;
  /** Everything but identities: equal for what looks and reads the same. */
  readonly look: string;
}

export interface Table {
  readonly kind: 'table';
  readonly rows: readonly Row[];
  /** All text, by which a table is found again. */
  readonly text: string;
}

export interface Row {
  readonly cells: readonly (readonly Block[])[];
  readonly text: string;
}

/** The blocks of a story; the texts of boxes are added to `boxes`, outer ones first. */
export function blocksOf(root: OoxmlElement, styles: Styles, boxes: string[][]): readonly Block[] {
  const blocks: Block[] = [];
  const visit = (element: OoxmlElement): void => {
    for (const child of visibleChildren(element)) {
      if (isWord(child, 'p')) blocks.push(paragraphOf(child, styles, boxes));
      else if (isWord(child, 'tbl')) blocks.push(tableOf(child, styles, boxes));
      else if (!isWord(child, 'sectPr')) visit(child);
    }
  };
  visit(root);
  return blocks;
}

/** A block that has nothing but text. */
export function plainParagraph(text: string): Paragraph {
  return { kind: 'paragraph', text, identity: null, heading: 0, look: text };
}

function paragraphOf(element: OoxmlElement, styles: Styles, boxes: string[][]): Paragraph {
  const properties = wordChild(element, 'pPr');
  const { heading } = styles.paragraph(wordValue(wordChild(properties, 'pStyle')));
  return {
    kind: 'paragraph',
    text: paragraphText(element, boxes),
    identity: wordValue(element, 'paraId') ?? null,
    heading,
    look: lookOf(element),
  };
}

function tableOf(element: OoxmlElement, styles: Styles, boxes: string[][]): Table {
  const rows = descendants(element, 'tr').map((row): Row => {
    const cells = descendants(row, 'tc').map((cell) => blocksOf(cell, styles, boxes));
    return { cells, text: cells.map(textOf).join('\t') };
  });
  return { kind: 'table', rows, text: rows.map(({ text }) => text).join('\n') };
}

/** The nearest elements of a name: rows and cells may stand in content controls. */
function descendants(element: OoxmlElement, name: string): readonly OoxmlElement[] {
  return visibleChildren(element).flatMap((child) =>
    isWord(child, name)
      ? [child]
      : isWord(child, 'tbl') || isWord(child, 'p')
        ? []
        : descendants(child, name),
  );
}

export function textOf(blocks: readonly Block[]): string {
  return blocks.map(({ text }) => text).join('\n');
}

/** Attributes that change without anything to see: identities and marks of editing sessions. */
const UNSEEN = /^(?:rsid\w*|paraId|textId)$/;
const UNSEEN_ELEMENTS: ReadonlySet<string> = new Set([
  ...['proofErr', 'bookmarkStart', 'bookmarkEnd', 'lastRenderedPageBreak'],
  ...['commentRangeStart', 'commentRangeEnd'],
]);

/** How a paragraph is made, run by run; neighbours of one look are one, however often they were split. */
function lookOf(paragraph: OoxmlElement): string {
  const parts: string[] = [];
  let lastRun = '';
  for (const child of elementsOf(paragraph)) {
    if (UNSEEN_ELEMENTS.has(child.localName)) continue;
    const xml = xmlOf(child);
    if (isWord(child, 'r')) {
      const properties = wordChild(child, 'rPr');
      const look = properties ? xmlOf(properties) : '';
      const content = elementsOf(child)
        .filter((each) => each !== properties && !isWord(each, 't') && !UNSEEN_ELEMENTS.has(each.localName))
        .map(xmlOf)
        .join('');
      if (look !== lastRun || content !== '') parts.push(`<r>${look}${content}`);
      lastRun = look;
    } else {
      parts.push(xml);
      lastRun = '';
    }
  }
  return parts.join('');
}

function xmlOf(element: OoxmlElement): string {
  const attributes = element.attributes
    .filter(({ localName }) => !UNSEEN.test(localName))
    .map(({ localName, value }) => ` ${localName}=${JSON.stringify(value)}`)
    .sort()
    .join('');
  // Text counts as text, not as look.
  const content = isWord(element, 't') ? '' : elementsOf(element).map(xmlOf).join('');
  return `<${element.localName}${attributes}>${content}</>`;
}
