import type { OoxmlElement, OoxmlNode, OoxmlPackage } from '@docx-editor.dev/core/store';
import { escapeAttribute, escapeText } from '../kit/index.js';
import {
  classAttribute,
  elementsOf,
  hexColor,
  isOn,
  isWord,
  lookCss,
  paragraphCss,
  Styles,
  wordChild,
  wordValue,
} from './html-look.js';
import { Numberings, OpenLists } from './html-numbering.js';
import { MCE } from './names.js';

export interface HtmlExport {
  readonly html: string;
  /** Files that the page shows, by the names that it calls them by. */
  readonly pictures: readonly { readonly name: string; readonly bytes: Uint8Array }[];
}

const SAFE_LINK = /^(https?|mailto|ftp|tel):/i;
const SHOWN_PICTURE = /\.(png|jpe?g|gif|bmp|webp|svg)$/i;
const EMU_PER_PX = 9525;
/** The picture folder beside the page. */
const FOLDER = 'images';

/**
 * The document as a web page: body, tables, pictures, notes and comments. Tracked changes show as `ins` and `del`; headers and footers, which
 * belong to paper, are left out.
 */
export function exportHtml(pkg: OoxmlPackage, title: string): HtmlExport {
  return new HtmlWriter(pkg).write(title);
}

interface Notes {
  readonly anchor: string;
  readonly blocks: ReadonlyMap<string, OoxmlElement>;
  readonly used: string[];
}

class HtmlWriter {
  readonly #pkg: OoxmlPackage;
  readonly #styles: Styles;
  readonly #numberings: Numberings;
  readonly #pictures = new Map<string, string>();
  readonly #notes: Readonly<Record<string, Notes>>;
  #part: string;
  /** Boxes that hang on the paragraph which is being written; they follow it. */
  #boxes: string[] = [];
  /** Fields whose result has not begun: their text is an instruction. */
  readonly #fields: { inResult: boolean }[] = [];

  constructor(pkg: OoxmlPackage) {
    this.#pkg = pkg;
    this.#part = pkg.mainDocumentPart;
    this.#styles = new Styles(pkg);
    this.#numberings = new Numberings(pkg);
    this.#notes = {
      footnote: notesOf(pkg, 'footnotes', 'footnote'),
      endnote: notesOf(pkg, 'endnotes', 'endnote'),
      comment: notesOf(pkg, 'comments', 'comment'),
    };
  }

  write(title: string): HtmlExport {
    const root = this.#pkg.parts.get(this.#pkg.mainDocumentPart)?.root;
    // The root, because some programs have written several bodies.
    const content = root ? this.#blocks(root) : '';
    const notes = Object.values(this.#notes)
      .map((each) => this.#notesHtml(each))
      .join('');
    const html =
      '<!DOCTYPE html>\n<html>\n<head>\n<meta charset="utf-8">\n' +
      `<title>${escapeText(title)}</title>\n<style>\n${this.#styles.sheet()}</style>\n</head>\n<body>${content}${notes}\n</body>\n</html>\n`;
    const pictures = [...this.#pictures].map(([part, name]) => ({
      name,
      bytes: this.#pkg.partBytes.get(part) ?? new Uint8Array(),
    }));
    return { html, pictures };
  }

  #blocks(container: OoxmlElement): string {
    const lists = new OpenLists();
    const parts: string[] = [];
    const visit = (element: OoxmlElement): void => {
      for (const child of visible(element)) {
        if (isWord(child, 'p')) parts.push(this.#paragraph(child, lists));
        else if (isWord(child, 'tbl')) parts.push(lists.close(), this.#table(child));
        else if (!isProperties(child)) visit(child);
      }
    };
    visit(container);
    return `${parts.join('')}${lists.close()}`;
  }

  #paragraph(paragraph: OoxmlElement, lists: OpenLists): string {
    const properties = wordChild(paragraph, 'pPr');
    const style = this.#styles.paragraph(wordValue(wordChild(properties, 'pStyle')));
    const place = this.#numberings.placeOf(wordChild(properties, 'numPr') ?? style.numbering);
    const outer = this.#boxes;
    this.#boxes = [];
    const content = this.#inline(paragraph);
    const boxes = this.#boxes.join('');
    this.#boxes = outer;
    const css = paragraphCss(properties);
    const direction = isOn(properties, 'bidi') ? ' dir="rtl"' : '';
    const words = `${classAttribute(style.id)}${css === '' ? '' : ` style="${escapeAttribute(css)}"`}${direction}`;
    if (style.heading > 0) {
      const tag = `h${style.heading}`;
      return `${lists.close()}\n<${tag}${words}>${content}</${tag}>${boxes}`;
    }
    const before = place ? lists.item(place) : `${lists.close()}\n`;
    // A paragraph without anything in it would have no height.
    return `${before}<p${words}>${content === '' ? '<br>' : content}</p>${boxes}`;
  }

  #inline(element: OoxmlElement): string {
    return visible(element)
      .map((child) => this.#inlineElement(child))
      .join('');
  }

  #inlineElement(element: OoxmlElement): string {
    if (isWord(element, 'r')) return this.#run(element);
    if (isWord(element, 'hyperlink')) return this.#hyperlink(element);
    if (isWord(element, 'ins') || isWord(element, 'moveTo')) return wrap('ins', this.#inline(element));
    if (isWord(element, 'del') || isWord(element, 'moveFrom')) return wrap('del', this.#inline(element));
    if (isWord(element, 'bookmarkStart')) {
      const name = wordValue(element, 'name') ?? '';
      return name === '' || name === '_GoBack' ? '' : `<a id="${escapeAttribute(name)}"></a>`;
    }
    if (isProperties(element)) return '';
    if (element.localName === 't' && element.namespaceUri.endsWith('/math'))
      return escapeText(textOf(element));
    return this.#inline(element);
  }

  #run(run: OoxmlElement): string {
    const properties = wordChild(run, 'rPr');
    if (isOn(properties, 'vanish')) return '';
    const content = visible(run)
      .map((child) => this.#runContent(child))
      .join('');
    if (content === '') return '';
    let html = content;
    const vertical = wordValue(wordChild(properties, 'vertAlign'));
    if (vertical === 'superscript') html = `<sup>${html}</sup>`;
    if (vertical === 'subscript') html = `<sub>${html}</sub>`;
    if (isOn(properties, 'strike') || isOn(properties, 'dstrike')) html = `<s>${html}</s>`;
    const underline = wordChild(properties, 'u');
    if (underline && isOn(properties, 'u')) html = `<u>${html}</u>`;
    if (isOn(properties, 'i')) html = `<i>${html}</i>`;
    if (isOn(properties, 'b')) html = `<b>${html}</b>`;
    const styled = this.#styles.character(wordValue(wordChild(properties, 'rStyle')));
    const css = [styled, lookCss(properties)].filter((each) => each !== '').join('');
    return css === '' ? html : `<span style="${escapeAttribute(css)}">${html}</span>`;
  }

  #runContent(child: OoxmlElement): string {
    if (this.#isField(child)) return this.#field(child);
    if (this.#fields.some((field) => !field.inResult)) return '';
    switch (child.localName) {
      case 't':
      case 'delText':
        return keepBlanks(escapeText(textOf(child)));
      case 'br':
        return wordValue(child, 'type') === 'page' ? '<br style="page-break-before:always">' : '<br>';
      case 'cr':
        return '<br>';
      case 'tab':
      case 'ptab':
        return '&#9;';
      case 'noBreakHyphen':
        return '\u2011';
      case 'softHyphen':
        return '&shy;';
      case 'sym':
        return escapeText(symbolOf(child));
      case 'footnoteReference':
      case 'endnoteReference':
      case 'commentReference':
        return this.#noteReference(child.localName.replace('Reference', ''), wordValue(child, 'id') ?? '');
      case 'drawing':
      case 'pict':
      case 'object':
      case 'AlternateContent':
        return this.#drawing(child);
      default:
        return '';
    }
  }

  #isField(child: OoxmlElement): boolean {
    return isWord(child, 'fldChar') || isWord(child, 'instrText');
  }

  /** Complex fields (ECMA-376 17.16.18): the instruction is not text, the result is. */
  #field(child: OoxmlElement): string {
    const current = this.#fields.at(-1);
    if (isWord(child, 'instrText')) return '';
    switch (wordValue(child, 'fldCharType')) {
      case 'begin':
        this.#fields.push({ inResult: false });
        return '';
      case 'separate':
        if (!current) return '';
        current.inResult = true;
        return '';
      default:
        this.#fields.pop();
        return '';
    }
  }

  #hyperlink(element: OoxmlElement): string {
    const content = this.#inline(element);
    const anchor = wordValue(element, 'anchor');
    const address = this.#externalOf(wordValue(element, 'id'));
    const href = address && SAFE_LINK.test(address) ? address : anchor ? `#${anchor}` : null;
    return href === null || content === '' ? content : `<a href="${escapeAttribute(href)}">${content}</a>`;
  }

  #externalOf(id: string | undefined): string | undefined {
    return this.#pkg.externalTargets.find((each) => each.ownerPart === this.#part && each.id === id)
      ?.rawTarget;
  }

  #drawing(element: OoxmlElement): string {
    const boxes = descendants(element, 'txbxContent');
    for (const box of boxes) {
      const css = 'border:1px solid #808080;padding:4pt';
      this.#boxes.push(`\n<div style="${css}">${this.#blocks(box)}\n</div>`);
    }
    if (boxes.length > 0) return '';
    return [...descendants(element, 'blip'), ...descendants(element, 'imagedata')]
      .map((blip) => this.#picture(element, wordValue(blip, 'embed') ?? wordValue(blip, 'id')))
      .join('');
  }

  #picture(drawing: OoxmlElement, id: string | undefined): string {
    const words = descendants(drawing, 'docPr')[0];
    const description = wordValue(words, 'descr') ?? '';
    const part = this.#targetOf(id);
    if (part === null || !SHOWN_PICTURE.test(part) || !this.#pkg.partBytes.has(part))
      return escapeText(description);
    const known = this.#pictures.get(part);
    const name =
      known ?? `${FOLDER}/image${this.#pictures.size + 1}.${part.split('.').at(-1)?.toLowerCase()}`;
    this.#pictures.set(part, name);
    const extent = descendants(drawing, 'extent')[0];
    const [width, height] = ['cx', 'cy'].map((side) =>
      Math.round(Number(wordValue(extent, side)) / EMU_PER_PX),
    );
    const size = width && height ? ` width="${width}" height="${height}"` : '';
    return `<img src="${escapeAttribute(name)}"${size} alt="${escapeAttribute(description)}">`;
  }

  /** Canonical name of the part that a relationship of the current part leads to. */
  #targetOf(id: string | undefined): string | null {
    const target = this.#pkg.relationships.get(this.#part)?.find((each) => each.id === id)?.rawTarget;
    if (target === undefined) return null;
    const steps = target.startsWith('/') ? [] : this.#part.split('/').slice(1, -1);
    for (const step of target.split('/')) {
      if (step === '..') steps.pop();
      else if (step !== '.' && step !== '') steps.push(step);
    }
    return `/${steps.join('/')}`;
  }

  #noteReference(kind: string, id: string): string {
    const notes = this.#notes[kind];
    if (!notes?.blocks.has(id)) return '';
    if (!notes.used.includes(id)) notes.used.push(id);
    const number = notes.used.indexOf(id) + 1;
    const label = kind === 'comment' ? `[${number}]` : String(number);
    return `<sup><a id="${notes.anchor}-ref-${number}" href="#${notes.anchor}-${number}">${label}</a></sup>`;
  }

  #notesHtml({ anchor, blocks, used }: Notes): string {
    if (used.length === 0) return '';
    const items = used.map((id, index) => {
      const note = blocks.get(id);
      const author = note && anchor === 'comment' ? wordValue(note, 'author') : undefined;
      const by = author ? `<b>${escapeText(author)}</b>` : '';
      this.#part = `/word/${anchor}s.xml`;
      return `\n<li id="${anchor}-${index + 1}">${by}${note ? this.#blocks(note) : ''}</li>`;
    });
    this.#part = this.#pkg.mainDocumentPart;
    return `\n<hr>\n<ol>${items.join('')}\n</ol>`;
  }

  #table(table: OoxmlElement): string {
    const rows = rowsOf(table);
    const hasBorders =
      wordChild(wordChild(table, 'tblPr'), 'tblBorders') || wordChild(wordChild(table, 'tblPr'), 'tblStyle');
    const html = rows.map((row, index) => {
      const cells = row.map((cell) => {
        if (cell.merge === 'continues') return '';
        const down = cell.merge === 'begins' ? rowSpan(rows, index, cell.column) : 1;
        const fill = hexColor(wordValue(wordChild(wordChild(cell.element, 'tcPr'), 'shd'), 'fill'));
        const words = [
          cell.span > 1 ? ` colspan="${cell.span}"` : '',
          down > 1 ? ` rowspan="${down}"` : '',
          fill ? ` style="background-color:#${fill}"` : '',
        ].join('');
        return `<td${words}>${this.#blocks(cell.element)}</td>`;
      });
      return `\n<tr>${cells.join('')}</tr>`;
    });
    return `\n<table${hasBorders ? ' border="1"' : ''}>${html.join('')}\n</table>`;
  }
}

interface Cell {
  readonly element: OoxmlElement;
  readonly column: number;
  readonly span: number;
  readonly merge: 'none' | 'begins' | 'continues';
}

function rowsOf(table: OoxmlElement): Cell[][] {
  return unwrapped(table, 'tr').map((row) => {
    let column = Number(wordValue(wordChild(wordChild(row, 'trPr'), 'gridBefore')) ?? 0) || 0;
    return unwrapped(row, 'tc').map((element): Cell => {
      const properties = wordChild(element, 'tcPr');
      const span = Math.max(
        1,
        Math.min(1_000, Number(wordValue(wordChild(properties, 'gridSpan')) ?? 1) || 1),
      );
      const merge = wordChild(properties, 'vMerge');
      const begins = wordValue(merge) === 'restart';
      const cell: Cell = { element, column, span, merge: !merge ? 'none' : begins ? 'begins' : 'continues' };
      column += span;
      return cell;
    });
  });
}

function rowSpan(rows: readonly Cell[][], from: number, column: number): number {
  let count = 1;
  while (rows[from + count]?.some((cell) => cell.column === column && cell.merge === 'continues')) count += 1;
  return count;
}

/** Rows and cells may stand in content controls and revisions. */
function unwrapped(element: OoxmlElement, name: 'tr' | 'tc'): OoxmlElement[] {
  return visible(element).flatMap((child) => {
    if (isWord(child, name)) return [child];
    return isProperties(child) || isWord(child, 'tc') ? [] : unwrapped(child, name);
  });
}

/** Of an `mc:AlternateContent` one branch only, for the others say the same again (ISO/IEC 29500-3, 7.6). */
function visible(element: OoxmlElement): OoxmlElement[] {
  const isChoice = element.namespaceUri === MCE && element.localName === 'AlternateContent';
  return isChoice ? elementsOf(element).slice(0, 1) : elementsOf(element);
}

function descendants(element: OoxmlElement, name: string): OoxmlElement[] {
  return visible(element).flatMap((child) => (child.localName === name ? [child] : descendants(child, name)));
}

function notesOf(pkg: OoxmlPackage, root: string, name: string): Notes {
  const part = [...pkg.parts.values()].find((each) => each.root.localName === root);
  const notes = part ? elementsOf(part.root).filter((each) => isWord(each, name)) : [];
  return {
    anchor: name,
    blocks: new Map(notes.map((each) => [wordValue(each, 'id') ?? '', each])),
    used: [],
  };
}

function isProperties(element: OoxmlElement): boolean {
  return /^(?:p|r|tbl|tr|tc|sdt|sect|sdtEnd|tblPrEx|ct|fld)Pr$|^tblGrid$|^rt$/.test(element.localName);
}

function wrap(tag: string, content: string): string {
  return content === '' ? '' : `<${tag}>${content}</${tag}>`;
}

function textOf(node: OoxmlNode): string {
  return node.kind === 'textValue' ? node.value : node.children.map(textOf).join('');
}

/** Blanks that would collapse become no-break ones, every other of them, so that lines still break. */
function keepBlanks(text: string): string {
  return text.replace(/ {2,}/g, (blanks) => `${'&nbsp;'.repeat(blanks.length - 1)} `);
}

/** Symbol fonts keep their characters in the private area, above the ones that they mean. */
function symbolOf(symbol: OoxmlElement): string {
  const code = Number.parseInt(wordValue(symbol, 'char') ?? '', 16);
  if (!(code > 0 && code <= 0xffff)) return '';
  return String.fromCharCode(code >= 0xf000 ? code - 0xf000 : code);
}
