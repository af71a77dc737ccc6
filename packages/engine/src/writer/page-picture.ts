import type { OoxmlElement, OoxmlPackage } from '@docx-editor.dev/core/store';
import { escapeText } from '../kit/index.js';
import { elementsOf, isOn, isWord, paragraphCss, runCss, Styles, wordChild, wordValue } from './html-look.js';
import { type PictureRun, wrapRuns } from './page-picture-lines.js';

interface Box {
  readonly left: number;
  readonly width: number;
}

const TWIPS = 20;
const EMU_PER_PT = 12_700;
const LINE = 1.22;
const DEFAULT_PT = 11;
const HEADING_PT = [0, 20, 16, 14, 12, 11, 11] as const;
/** A picture goes into the drawing itself only while the drawing stays small. */
const LARGEST_PICTURE_BYTES = 96 * 1024;
const MOST_RUNS = 600;
const PICTURE_TYPES: Readonly<Record<string, string>> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
};

/**
 * The beginning of a document as an SVG of its first page's size: words, tables and pictures about where they stand.
 * A likeness to know a document by, made without fonts; lines may break elsewhere than in the editor.
 */
export function drawFirstPage(pkg: OoxmlPackage): string {
  return new FirstPage(pkg).draw();
}

class FirstPage {
  readonly #pkg: OoxmlPackage;
  readonly #styles: Styles;
  readonly #defaultPt: number;
  readonly #marks: string[] = [];
  #runs = 0;
  /** A page break was met: the paragraph that holds it is the last. */
  #ends = false;
  #y = 0;
  #bottom = 0;

  constructor(pkg: OoxmlPackage) {
    this.#pkg = pkg;
    this.#styles = new Styles(pkg);
    const styles = [...pkg.parts.values()].find((part) => part.root.localName === 'styles')?.root;
    const defaults = wordChild(wordChild(wordChild(styles, 'docDefaults'), 'rPrDefault'), 'rPr');
    this.#defaultPt = Number(wordValue(wordChild(defaults, 'sz'))) / 2 || DEFAULT_PT;
  }

  draw(): string {
    const root = this.#pkg.parts.get(this.#pkg.mainDocumentPart)?.root;
    const body = root && elementsOf(root).find((child) => isWord(child, 'body'));
    const section = body && firstSection(body);
    const size = wordChild(section, 'pgSz');
    const margins = wordChild(section, 'pgMar');
    const width = pointsOf(size, 'w', 612);
    const height = pointsOf(size, 'h', 792);
    const left = pointsOf(margins, 'left', 72);
    const box = { left, width: Math.max(40, width - left - pointsOf(margins, 'right', 72)) };
    this.#y = pointsOf(margins, 'top', 72);
    this.#bottom = height - 24;
    if (body) this.#blocks(body, box);
    return (
      `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">` +
      `<rect width="100%" height="100%" fill="#fff"/><g fill="#222" font-family="Carlito,Calibri,Arial,sans-serif">${this.#marks.join('')}</g></svg>`
    );
  }

  get #isFull(): boolean {
    return this.#ends || this.#y >= this.#bottom || this.#runs >= MOST_RUNS;
  }

  #blocks(container: OoxmlElement, box: Box): void {
    for (const child of elementsOf(container)) {
      if (this.#isFull) return;
      if (isWord(child, 'p')) this.#paragraph(child, box);
      else if (isWord(child, 'tbl')) this.#table(child, box);
      else if (!child.localName.endsWith('Pr')) this.#blocks(child, box);
    }
  }

  #paragraph(paragraph: OoxmlElement, box: Box): void {
    const properties = wordChild(paragraph, 'pPr');
    if (isOn(properties, 'pageBreakBefore') && this.#marks.length > 0) {
      this.#y = this.#bottom;
      return;
    }
    const style = this.#styles.paragraph(wordValue(wordChild(properties, 'pStyle')));
    const look = this.#styles.character(style.id);
    const css = paragraphCss(properties);
    const sizePt = sizeIn(look) ?? (style.heading > 0 ? (HEADING_PT[style.heading] ?? 11) : this.#defaultPt);
    const base = { sizePt, look: style.heading > 0 && look === '' ? 'font-weight:bold;' : look };
    const isListed = (wordChild(properties, 'numPr') ?? style.numbering) !== undefined;
    const indent = isListed ? 18 : (lengthIn(css, 'margin-left') ?? 0);
    this.#y += lengthIn(css, 'margin-top') ?? (style.heading > 0 ? sizePt * 0.5 : 0);
    const runs: PictureRun[] = [];
    this.#collect(paragraph, base, runs, box);
    const align = /text-align:(\w+)/.exec(css)?.[1] ?? (isOn(properties, 'bidi') ? 'right' : 'left');
    const inner = { left: box.left + indent, width: Math.max(20, box.width - indent) };
    if (isListed && runs.length > 0) {
      const y = this.#y + sizePt;
      this.#marks.push(`<circle cx="${round(inner.left - 9)}" cy="${round(y - sizePt * 0.3)}" r="1.8"/>`);
    }
    this.#lines(runs, inner, align, sizePt);
    this.#y += lengthIn(css, 'margin-bottom') ?? sizePt * 0.45;
  }

  #lines(runs: readonly PictureRun[], box: Box, align: string, sizePt: number): void {
    if (runs.length === 0) this.#y += sizePt * LINE;
    for (const line of wrapRuns(runs, box.width)) {
      const tall = Math.max(...line.runs.map((run) => run.sizePt));
      if (this.#y + tall > this.#bottom) {
        this.#y = this.#bottom;
        return;
      }
      this.#y += tall * LINE;
      const anchor = align === 'center' ? 'middle' : align === 'right' ? 'end' : 'start';
      const x = box.left + (align === 'center' ? box.width / 2 : align === 'right' ? box.width : 0);
      const spans = line.runs.map(spanOf).join('');
      this.#marks.push(
        `<text x="${round(x)}" y="${round(this.#y - tall * 0.22)}" text-anchor="${anchor}" xml:space="preserve">${spans}</text>`,
      );
    }
  }

  #collect(
    element: OoxmlElement,
    base: { sizePt: number; look: string },
    runs: PictureRun[],
    box: Box,
  ): void {
    for (const child of elementsOf(element)) {
      if (this.#ends || this.#runs >= MOST_RUNS) return;
      if (isWord(child, 'r')) this.#run(child, base, runs, box);
      else if (!isWord(child, 'del') && !isWord(child, 'moveFrom') && !child.localName.endsWith('Pr'))
        this.#collect(child, base, runs, box);
    }
  }

  #run(run: OoxmlElement, base: { sizePt: number; look: string }, runs: PictureRun[], box: Box): void {
    const properties = wordChild(run, 'rPr');
    if (isOn(properties, 'vanish')) return;
    const look = `${base.look}${this.#styles.character(wordValue(wordChild(properties, 'rStyle')))}${runCss(properties)}`;
    let text = '';
    for (const child of elementsOf(run)) {
      if (this.#ends) break;
      if (isWord(child, 't')) text += textOf(child);
      else if (isWord(child, 'tab')) text += '    ';
      else if (isWord(child, 'br') && wordValue(child, 'type') === 'page') this.#ends = true;
      else if (isWord(child, 'br') || isWord(child, 'cr')) text += '\n';
      else if (isWord(child, 'drawing') || isWord(child, 'pict')) this.#drawing(child, box);
    }
    if (text === '') return;
    this.#runs += 1;
    const color = lastOf(look, /(?:^|;)color:(#[0-9A-F]{6})/g);
    runs.push({
      text,
      sizePt: sizeIn(look) ?? base.sizePt,
      isBold: lastOf(look, /font-weight:(\w+)/g) === 'bold',
      isItalic: lastOf(look, /font-style:(\w+)/g) === 'italic',
      color: color === '#000000' ? null : color,
    });
  }

  #drawing(drawing: OoxmlElement, box: Box): void {
    const extent = findBelow(drawing, 'extent');
    const wide = Number(wordValue(extent, 'cx')) / EMU_PER_PT || 0;
    const high = Number(wordValue(extent, 'cy')) / EMU_PER_PT || 0;
    if (!(wide > 4 && high > 4) || this.#isFull) return;
    const scale = Math.min(1, box.width / wide);
    const place = `x="${round(box.left)}" y="${round(this.#y)}" width="${round(wide * scale)}" height="${round(high * scale)}"`;
    const picture = this.#pictureOf(drawing);
    this.#marks.push(
      picture === null
        ? `<rect ${place} fill="#e4e8f2"/>`
        : `<image ${place} preserveAspectRatio="none" href="${picture}"/>`,
    );
    this.#y += high * scale + 4;
  }

  #pictureOf(drawing: OoxmlElement): string | null {
    const id = wordValue(findBelow(drawing, 'blip'), 'embed');
    const { mainDocumentPart: main } = this.#pkg;
    const target = this.#pkg.relationships.get(main)?.find((each) => each.id === id)?.rawTarget;
    const folder = main.slice(0, main.lastIndexOf('/') + 1);
    const part = target === undefined || target.startsWith('/') ? target : `${folder}${target}`;
    const type = PICTURE_TYPES[part?.split('.').at(-1)?.toLowerCase() ?? ''];
    const bytes = part === undefined ? undefined : this.#pkg.partBytes.get(part);
    if (!bytes || !type || bytes.length > LARGEST_PICTURE_BYTES) return null;
    return `data:${type};base64,${encodeBase64(bytes)}`;
  }

  #table(table: OoxmlElement, box: Box): void {
    for (const row of elementsOf(table).filter((child) => isWord(child, 'tr'))) {
      if (this.#isFull) return;
      const cells = elementsOf(row).filter((child) => isWord(child, 'tc'));
      const top = this.#y;
      const width = box.width / Math.max(1, cells.length);
      let end = top;
      cells.forEach((cell, index) => {
        this.#y = top + 2;
        this.#blocks(cell, { left: box.left + index * width + 4, width: Math.max(20, width - 8) });
        end = Math.max(end, this.#y);
      });
      this.#y = Math.min(end, this.#bottom);
      cells.forEach((_cell, index) => {
        this.#marks.push(
          `<rect x="${round(box.left + index * width)}" y="${round(top)}" width="${round(width)}" height="${round(this.#y - top)}" fill="none" stroke="#9aa3b5" stroke-width=".7"/>`,
        );
      });
    }
    this.#y += 4;
  }
}

/** The section that the first page belongs to: the first that ends, or the body's own. */
function firstSection(body: OoxmlElement): OoxmlElement | undefined {
  for (const child of elementsOf(body)) {
    const section = isWord(child, 'sectPr') ? child : wordChild(wordChild(child, 'pPr'), 'sectPr');
    if (section) return section;
  }
  return undefined;
}

function pointsOf(element: OoxmlElement | undefined, name: string, otherwise: number): number {
  const twips = Number(wordValue(element, name));
  return twips > 0 && twips < 40_000 ? twips / TWIPS : otherwise;
}

function spanOf({ text, sizePt, isBold, isItalic, color }: PictureRun): string {
  const weight = isBold ? ' font-weight="bold"' : '';
  const slant = isItalic ? ' font-style="italic"' : '';
  const fill = color === null ? '' : ` fill="${color}"`;
  return `<tspan font-size="${round(sizePt)}"${weight}${slant}${fill}>${escapeText(text)}</tspan>`;
}

function textOf(element: OoxmlElement): string {
  return element.children.map((child) => (child.kind === 'textValue' ? child.value : '')).join('');
}

function findBelow(element: OoxmlElement, name: string): OoxmlElement | undefined {
  for (const child of elementsOf(element)) {
    const found = child.localName === name ? child : findBelow(child, name);
    if (found) return found;
  }
  return undefined;
}

function sizeIn(css: string): number | undefined {
  const size = Number(lastOf(css, /font-size:([\d.]+)pt/g));
  return size >= 2 && size <= 200 ? size : undefined;
}

function lengthIn(css: string, name: string): number | undefined {
  const found = new RegExp(`${name}:([\\d.]+)pt`).exec(css)?.[1];
  return found === undefined ? undefined : Math.min(Number(found), 300);
}

/** Later declarations win. */
function lastOf(css: string, pattern: RegExp): string | null {
  return [...css.matchAll(pattern)].at(-1)?.[1] ?? null;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** By hand: the engine has no library of browsers or of Node. */
function encodeBase64(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 3) {
    const [a = 0, b, c] = [bytes[at], bytes[at + 1], bytes[at + 2]];
    const bits = (a << 16) | ((b ?? 0) << 8) | (c ?? 0);
    const letters = [18, 12, 6, 0].map((shift) => BASE64.charAt((bits >> shift) & 63)).join('');
    text +=
      b === undefined ? `${letters.slice(0, 2)}==` : c === undefined ? `${letters.slice(0, 3)}=` : letters;
  }
  return text;
}
