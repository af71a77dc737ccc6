import { DEFAULT_PACKAGE_LIMITS, decodeXml, inflateEntry, readZipDirectory } from '@officina/engine/kit';
import { type BlockLook, readStyles, type Styles, type TextLook } from './first-look-styles.js';
import { attributeOf, childOf, childrenOf, isWord, lengthOf } from './word-xml.js';

/** The beginning of a document as it can be shown before the editor is there: text with its plainest formatting. */
export interface FirstLook {
  /** In CSS pixels. */
  readonly page: {
    readonly width: number;
    readonly top: number;
    readonly left: number;
    readonly right: number;
  };
  readonly blocks: readonly FirstBlock[];
}

export interface FirstBlock {
  readonly look: BlockLook;
  readonly runs: readonly { readonly text: string; readonly look: TextLook }[];
}

/** About what the tallest window shows of a page in the smallest type. */
const MOST_BLOCKS = 60;
const MOST_CHARACTERS = 6_000;
/** The beginning of a long document's XML is enough, and the rest would take longer than the whole look. */
const XML_LIMIT = 80_000;
const LETTER = { width: 816, margin: 96 };

/**
 * Reads the first page's text from a docx, without the editor: a few milliseconds. Null where that cannot be told
 * from the beginning of the main part. Nothing here decides what the document is: the editor replaces it at once.
 */
export function readFirstLook(docx: Uint8Array, parse: (xml: string) => XMLDocument): FirstLook | null {
  const archive = readZipDirectory(docx, DEFAULT_PACKAGE_LIMITS);
  const read = (name: string): XMLDocument | null => {
    const entry = archive.entries.find((each) => each.name === name);
    const xml = entry === undefined ? null : decodeXml(inflateEntry(archive, entry));
    return xml === null ? null : parsed(xml.text, parse);
  };
  const body = childOf(read('word/document.xml')?.documentElement, 'body');
  if (body === null) return null;
  const blocks = readBlocks(body, readStyles(read('word/styles.xml')));
  return blocks.length === 0 ? null : { page: pageOf(body), blocks };
}

function parsed(xml: string, parse: (xml: string) => XMLDocument): XMLDocument | null {
  const cut = xml.length > XML_LIMIT ? xml.lastIndexOf('</w:p>', XML_LIMIT) : -1;
  // Where the cut falls inside a table the closing tags do not fit, and there is no first look.
  const whole = cut < 0 ? xml : `${xml.slice(0, cut)}</w:p></w:body></w:document>`;
  const document = parse(whole);
  return document.getElementsByTagName('parsererror').length > 0 ? null : document;
}

function readBlocks(body: Element, styles: Styles): FirstBlock[] {
  const blocks: FirstBlock[] = [];
  let characters = 0;
  for (const child of childrenOf(body)) {
    // What stands in a table, a frame or a content control is the editor's to lay out.
    if (!isWord(child, 'p') || blocks.length >= MOST_BLOCKS || characters > MOST_CHARACTERS) break;
    const properties = childOf(child, 'pPr');
    const style = styles.paragraph(attributeOf(childOf(properties, 'pStyle')));
    const look = { ...style.block, ...styles.blockLook(properties) };
    if (look.startsPage && blocks.length > 0) break;
    const { runs, endsPage } = readRuns(child, style.text, styles);
    blocks.push({ look, runs });
    characters += runs.reduce((sum, { text }) => sum + text.length, 0);
    if (endsPage || childOf(properties, 'sectPr') !== null) break;
  }
  return blocks;
}

interface Runs {
  readonly runs: { text: string; look: TextLook }[];
  endsPage: boolean;
  /** Inside the instruction of a field. */
  instruction: number;
}

function readRuns(paragraph: Element, base: TextLook, styles: Styles): Runs {
  const found: Runs = { runs: [], endsPage: false, instruction: 0 };
  const visit = (parent: Element): void => {
    for (const child of childrenOf(parent)) {
      if (found.endsPage || isWord(child, 'del') || isWord(child, 'moveFrom')) continue;
      if (isWord(child, 'r')) readRun(child, base, styles, found);
      else if (!isWord(child, 'pPr')) visit(child);
    }
  };
  visit(paragraph);
  return found;
}

function readRun(run: Element, base: TextLook, styles: Styles, found: Runs): void {
  const properties = childOf(run, 'rPr');
  const style = styles.character(attributeOf(childOf(properties, 'rStyle')));
  const look = { ...base, ...style, ...styles.textLook(properties) };
  if (look.hidden) return;
  let text = '';
  for (const child of childrenOf(run)) {
    if (isWord(child, 'fldChar')) {
      const type = attributeOf(child, 'fldCharType');
      if (type === 'begin') found.instruction += 1;
      else if (type === 'separate') found.instruction -= 1;
    } else if (found.instruction > 0) continue;
    else if (isWord(child, 't')) text += child.textContent ?? '';
    else if (isWord(child, 'tab')) text += '\t';
    else if (isWord(child, 'noBreakHyphen')) text += '\u2011';
    else if (isWord(child, 'lastRenderedPageBreak')) found.endsPage = found.runs.length > 0 || text !== '';
    else if (isWord(child, 'br')) {
      if (attributeOf(child, 'type') === 'page') found.endsPage = true;
      else text += '\n';
    }
  }
  if (text !== '') found.runs.push({ text, look });
}

function pageOf(body: Element): FirstLook['page'] {
  const section =
    childOf(body, 'sectPr') ?? body.ownerDocument.getElementsByTagNameNS('*', 'sectPr')[0] ?? null;
  const size = childOf(section, 'pgSz');
  const margins = childOf(section, 'pgMar');
  return {
    width: lengthOf(size, 'w') ?? LETTER.width,
    top: lengthOf(margins, 'top') ?? LETTER.margin,
    left: lengthOf(margins, 'left') ?? LETTER.margin,
    right: lengthOf(margins, 'right') ?? LETTER.margin,
  };
}
