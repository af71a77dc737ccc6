import type { OoxmlElement, OoxmlNode, OoxmlPackage } from '@docx-editor.dev/core/store';
import { MCE, WML, WML_STRICT } from './names.js';
import { type StoryKind, storyParts } from './package.js';

/** The text of one story, a line for each paragraph: deleted text and field codes left out; tabs, line breaks and page breaks (form feeds) kept. */
export interface StoryText {
  readonly story: StoryKind;
  readonly part: string;
  readonly paragraphs: readonly string[];
}

/** Every story that has paragraphs: body first, then the other parts by name; the text boxes of a part follow it, one story each. */
export function documentText(pkg: OoxmlPackage): StoryText[] {
  return storyParts(pkg).flatMap(({ name, story }) => {
    const part = pkg.parts.get(name);
    if (!part) return [];
    const boxes: string[][] = [];
    const paragraphs: string[] = [];
    collectParagraphs(part.root, paragraphs, boxes);
    const main: StoryText[] = paragraphs.length > 0 ? [{ story, part: name, paragraphs }] : [];
    return [...main, ...boxes.map((each): StoryText => ({ story: 'textbox', part: name, paragraphs: each }))];
  });
}

function collectParagraphs(element: OoxmlElement, paragraphs: string[], boxes: string[][]): void {
  for (const child of visibleChildren(element)) {
    if (isWord(child, 'p')) paragraphs.push(paragraphText(child, boxes));
    else collectParagraphs(child, paragraphs, boxes);
  }
}

export function paragraphText(paragraph: OoxmlElement, boxes: string[][]): string {
  const out: string[] = [];
  collectText(paragraph, out, boxes);
  return out.join('');
}

function collectText(element: OoxmlElement, out: string[], boxes: string[][]): void {
  for (const child of visibleChildren(element)) {
    const known = isWordElement(child) ? child.localName : '';
    if (known === 'txbxContent') {
      const box: string[] = [];
      // The place is kept, so that boxes come in the order of their anchors, an outer one before those inside it.
      boxes.push(box);
      collectParagraphs(child, box, boxes);
    } else if (known === 't' || isFormulaText(child)) out.push(textOf(child));
    else if (known === 'br' && isPageBreak(child)) out.push('\f');
    else if (known in CHARACTERS) out.push(CHARACTERS[known] as string);
    else if (!SILENT.has(known)) collectText(child, out, boxes);
  }
}

/** ECMA-376 22.1.2.116: a formula reads as the letters and signs that it is made of. */
function isFormulaText(element: OoxmlElement): boolean {
  return element.localName === 't' && element.namespaceUri.endsWith('/math');
}

const CHARACTERS: Record<string, string> = {
  tab: '\t',
  ptab: '\t',
  br: '\n',
  cr: '\n',
  noBreakHyphen: '\u2011',
  softHyphen: '\u00ad',
};
/** Elements whose content is not text of the document as it reads now. */
const SILENT = new Set([
  'pPr',
  'rPr',
  'sdtPr',
  'instrText',
  'delText',
  'delInstrText',
  'del',
  'moveFrom',
  'rt',
]);

/** Of an `mc:AlternateContent` one branch only, for the others say the same again (ISO/IEC 29500-3, 7.6). */
export function visibleChildren(element: OoxmlElement): OoxmlElement[] {
  const children: readonly OoxmlNode[] = element.children;
  const elements = children.filter((child): child is OoxmlElement => child.kind !== 'textValue');
  return element.namespaceUri === MCE && element.localName === 'AlternateContent'
    ? elements.slice(0, 1)
    : elements;
}

function isWordElement(element: OoxmlElement): boolean {
  return element.namespaceUri === WML || element.namespaceUri === WML_STRICT;
}

function isPageBreak(element: OoxmlElement): boolean {
  return element.attributes.some((each) => each.localName === 'type' && each.value === 'page');
}

function isWord(element: OoxmlElement, localName: string): boolean {
  return element.localName === localName && isWordElement(element);
}

function textOf(node: OoxmlNode): string {
  return node.kind === 'textValue' ? node.value : node.children.map(textOf).join('');
}
