import { type DefaultTreeAdapterMap, parse } from 'parse5';
import { contentOf, rawEntries } from '../corpus/judge.js';
import { STORIES, storiesOfDocx, textOfPage } from './stories.js';
import { type Agreement, compareWords, wordsOf } from './words.js';

/** What can be counted on a page and in the document that was made of it. */
export const SHAPES = [
  'headings',
  'list items',
  'tables',
  'cells',
  'links',
  'pictures',
  'bold',
  'italic',
] as const;
export type Shape = (typeof SHAPES)[number];
export type ShapeCounts = Readonly<Record<Shape, number>>;

export interface ImportedPage {
  readonly words: Agreement;
  readonly shapes: ShapeCounts;
}

/** One page as it is, as our import reads it and as LibreOffice's does; null where that one could not. */
export interface PageImports {
  readonly page: ShapeCounts;
  readonly ours: ImportedPage;
  readonly office: ImportedPage | null;
}

export function comparePage(html: string, ours: Uint8Array, office: Uint8Array | null): PageImports {
  const wanted = wordsOf(textOfPage(html));
  const read = (docx: Uint8Array): ImportedPage => {
    const texts = storiesOfDocx(docx);
    const found = wordsOf(STORIES.map((story) => texts[story]).join('\n'));
    return { words: compareWords(wanted, found), shapes: shapesOfDocx(docx) };
  };
  return { page: shapesOfPage(html), ours: read(ours), office: office && read(office) };
}

/** Bold and italic are counted in words, since every program cuts its runs in its own way. */
function shapesOfPage(html: string): ShapeCounts {
  const counts = emptyCounts();
  const visit = (node: DefaultTreeAdapterMap['node'], look: { bold: boolean; italic: boolean }): void => {
    if (node.nodeName === '#text' && 'value' in node) {
      const words = wordsOf(node.value).length;
      if (look.bold) counts.bold += words;
      if (look.italic) counts.italic += words;
    }
    if (!('childNodes' in node) || node.nodeName === 'head') return;
    const name = node.nodeName;
    const has = (attribute: string) => 'attrs' in node && node.attrs.some((each) => each.name === attribute);
    if (/^h[1-6]$/.test(name) && wordsOf(textWithin(node)).length > 0) counts.headings += 1;
    if (name === 'li') counts['list items'] += 1;
    if (name === 'table') counts.tables += 1;
    if (name === 'td' || name === 'th') counts.cells += 1;
    if (name === 'a' && has('href') && textWithin(node).trim() !== '') counts.links += 1;
    if (name === 'img') counts.pictures += 1;
    const inner = {
      bold: look.bold || name === 'b' || name === 'strong',
      italic: look.italic || name === 'i' || name === 'em',
    };
    for (const child of node.childNodes) visit(child, inner);
  };
  visit(parse(html), { bold: false, italic: false });
  return counts;
}

function textWithin(node: DefaultTreeAdapterMap['node']): string {
  if (node.nodeName === '#text' && 'value' in node) return node.value;
  return 'childNodes' in node ? node.childNodes.map(textWithin).join('') : '';
}

/** By tags alone; what the styles of paragraphs make bold is not counted, nor is it on the page. */
function shapesOfDocx(docx: Uint8Array): ShapeCounts {
  const counts = emptyCounts();
  const entry = rawEntries(docx).find(({ name }) => name === 'word/document.xml');
  const xml = entry ? contentOf(entry).toString('utf8') : '';
  for (const [paragraph] of xml.matchAll(/<w:p[ >](?:(?!<w:p[ >]).)*?<\/w:p>/gs)) {
    const hasWords = wordsOf(plain(paragraph)).length > 0;
    if (hasWords && /<w:pStyle w:val="(?:Heading\d|berschrift\d)"/.test(paragraph)) counts.headings += 1;
    if (/<w:numPr>(?:(?!<w:numId w:val="0").)*?<\/w:numPr>/s.test(paragraph) && !/Heading\d/.test(paragraph))
      counts['list items'] += 1;
  }
  for (const [run] of xml.matchAll(/<w:r[ >](?:(?!<w:r[ >]).)*?<\/w:r>/gs)) {
    const words = wordsOf(plain(run)).length;
    if (/<w:b(?: w:val="(?:true|1|on)")?\s*\/>/.test(run)) counts.bold += words;
    if (/<w:i(?: w:val="(?:true|1|on)")?\s*\/>/.test(run)) counts.italic += words;
  }
  const many = (pattern: RegExp) => xml.match(pattern)?.length ?? 0;
  counts.tables = many(/<w:tbl>/g);
  counts.cells = many(/<w:tc>/g);
  counts.links = new Set([...xml.matchAll(/<w:hyperlink [^>]*>/g)].map((match) => `${match.index}`)).size;
  counts.pictures = many(/<pic:pic[ >]/g);
  return counts;
}

function plain(xml: string): string {
  return [...xml.matchAll(/<w:t(?: [^>]*)?>([^<]*)<\/w:t>/g)].map((match) => match[1]).join('');
}

function emptyCounts(): Record<Shape, number> {
  return Object.fromEntries(SHAPES.map((shape) => [shape, 0])) as Record<Shape, number>;
}
