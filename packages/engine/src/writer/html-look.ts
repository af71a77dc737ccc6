import type { OoxmlElement, OoxmlNode, OoxmlPackage } from '@docx-editor.dev/core/store';
import { escapeAttribute } from '../kit/index.js';
import { WML, WML_STRICT } from './names.js';

/** The child elements of Word's own vocabulary, by local name. */
export function wordChild(element: OoxmlElement | undefined, name: string): OoxmlElement | undefined {
  return element && elementsOf(element).find((child) => isWord(child, name));
}

export function elementsOf(element: OoxmlElement): OoxmlElement[] {
  const children: readonly OoxmlNode[] = element.children;
  return children.filter((child): child is OoxmlElement => child.kind !== 'textValue');
}

export function isWord(element: OoxmlElement, name: string): boolean {
  return element.localName === name && (element.namespaceUri === WML || element.namespaceUri === WML_STRICT);
}

/** Value of an attribute by its local name, whatever its namespace. */
export function wordValue(element: OoxmlElement | undefined, name = 'val'): string | undefined {
  return element?.attributes.find((each) => each.localName === name)?.value;
}

/** A toggle property: there, and not switched off (ECMA-376 17.17.4). */
export function isOn(properties: OoxmlElement | undefined, name: string): boolean {
  const toggle = wordChild(properties, name);
  return toggle !== undefined && !OFF.has(wordValue(toggle) ?? 'true');
}

const OFF: ReadonlySet<string> = new Set(['0', 'false', 'off', 'none']);

export interface ParagraphStyle {
  readonly id: string;
  /** 1 to 6 for headings, 0 for everything else. */
  readonly heading: number;
  readonly name: string;
  readonly numbering: OoxmlElement | undefined;
}

/** The styles of a document, as CSS and as what they mean. */
export class Styles {
  readonly #byId = new Map<string, OoxmlElement>();
  readonly #defaults: OoxmlElement | undefined;
  readonly #used = new Set<string>();

  constructor(pkg: OoxmlPackage) {
    const root = [...pkg.parts.values()].find((part) => part.root.localName === 'styles')?.root;
    this.#defaults = wordChild(root, 'docDefaults');
    for (const style of root ? elementsOf(root) : []) {
      const id = wordValue(style, 'styleId');
      if (id !== undefined && isWord(style, 'style')) this.#byId.set(id, style);
    }
  }

  paragraph(id: string | undefined): ParagraphStyle {
    const chain = this.#chain(id ?? '');
    const names = chain.map((style) => wordValue(wordChild(style, 'name'))?.toLowerCase() ?? '');
    const named = names.map((name) => /^heading ([1-9])$/.exec(name)?.[1]).find(Boolean);
    const outline = chain
      .map((style) => wordValue(wordChild(wordChild(style, 'pPr'), 'outlineLvl')))
      .find((level) => level !== undefined);
    const level =
      names[0] === 'title' ? 1 : Number(named ?? (outline === undefined ? 0 : Number(outline) + 1));
    if (id !== undefined) this.#used.add(id);
    return {
      id: id ?? '',
      heading: level >= 1 && level <= 9 ? Math.min(level, 6) : 0,
      name: names[0] ?? '',
      numbering: chain.map((style) => wordChild(wordChild(style, 'pPr'), 'numPr')).find(Boolean),
    };
  }

  /** Declarations of a character style, resolved. */
  character(id: string | undefined): string {
    return this.#chain(id ?? '')
      .reverse()
      .map((style) => runCss(wordChild(style, 'rPr')))
      .join('');
  }

  /** Rules for the page and for every paragraph style that was asked for. */
  sheet(): string {
    const run = wordChild(wordChild(this.#defaults, 'rPrDefault'), 'rPr');
    const body = `${runCss(run)}${this.character(this.#default())}`;
    const rules = [...this.#used].sort().map((id) => {
      const chain = this.#chain(id).reverse();
      const css = chain.map(
        (style) => `${runCss(wordChild(style, 'rPr'))}${paragraphCss(wordChild(style, 'pPr'))}`,
      );
      return css.join('') === '' ? '' : `.${className(id)}{${css.join('')}}\n`;
    });
    return `body{${body}}\ntable{border-collapse:collapse}\n${rules.join('')}`;
  }

  #default(): string {
    for (const [id, style] of this.#byId) {
      if (wordValue(style, 'type') === 'paragraph' && isOnValue(wordValue(style, 'default'))) return id;
    }
    return '';
  }

  /** The style and those it is based on, nearest first. */
  #chain(id: string): OoxmlElement[] {
    const chain: OoxmlElement[] = [];
    for (let style = this.#byId.get(id); style && !chain.includes(style); ) {
      chain.push(style);
      style = this.#byId.get(wordValue(wordChild(style, 'basedOn')) ?? '');
    }
    return chain;
  }
}

function isOnValue(value: string | undefined): boolean {
  return value !== undefined && !OFF.has(value);
}

/** A class that no style name can break out of. */
export function className(styleId: string): string {
  return `s-${styleId.replace(/[^A-Za-z0-9_-]/g, (each) => `_${each.codePointAt(0)?.toString(16)}`)}`;
}

export function classAttribute(styleId: string): string {
  return styleId === '' ? '' : ` class="${escapeAttribute(className(styleId))}"`;
}

/** What a run's properties say that HTML has no element of its own for. */
export function runCss(properties: OoxmlElement | undefined): string {
  if (!properties) return '';
  const css: string[] = [];
  const bold = wordChild(properties, 'b');
  if (bold) css.push(`font-weight:${isOn(properties, 'b') ? 'bold' : 'normal'}`);
  const italic = wordChild(properties, 'i');
  if (italic) css.push(`font-style:${isOn(properties, 'i') ? 'italic' : 'normal'}`);
  return [...css, lookCss(properties)]
    .filter((each) => each !== '')
    .map((each) => `${each};`)
    .join('');
}

/** The same without weight and slant, which runs have elements for. */
export function lookCss(properties: OoxmlElement | undefined): string {
  if (!properties) return '';
  const css: string[] = [];
  const color = hexColor(wordValue(wordChild(properties, 'color')));
  if (color) css.push(`color:#${color}`);
  const halfPoints = Number(wordValue(wordChild(properties, 'sz')));
  if (halfPoints > 0) css.push(`font-size:${halfPoints / 2}pt`);
  const font = wordValue(wordChild(properties, 'rFonts'), 'ascii');
  if (font) css.push(`font-family:'${font.replace(/[^\p{L}\p{N} ._-]/gu, '')}'`);
  const shade = hexColor(wordValue(wordChild(properties, 'shd'), 'fill'));
  const mark = HIGHLIGHTS[wordValue(wordChild(properties, 'highlight')) ?? ''];
  if (shade ?? mark) css.push(`background-color:#${mark ?? shade}`);
  if (isOn(properties, 'caps')) css.push('text-transform:uppercase');
  if (isOn(properties, 'smallCaps')) css.push('font-variant:small-caps');
  return css.join(';');
}

export function paragraphCss(properties: OoxmlElement | undefined): string {
  if (!properties) return '';
  const css: string[] = [];
  const align = ALIGN[wordValue(wordChild(properties, 'jc')) ?? ''];
  if (align) css.push(`text-align:${align}`);
  const shade = hexColor(wordValue(wordChild(properties, 'shd'), 'fill'));
  if (shade) css.push(`background-color:#${shade}`);
  const indent = wordChild(properties, 'ind');
  const left = Number(wordValue(indent, 'left') ?? wordValue(indent, 'start') ?? 0);
  if (left > 0 && !wordChild(properties, 'numPr')) css.push(`margin-left:${points(left)}`);
  const spacing = wordChild(properties, 'spacing');
  const [before, after] = [wordValue(spacing, 'before'), wordValue(spacing, 'after')];
  if (before !== undefined && Number(before) >= 0) css.push(`margin-top:${points(Number(before))}`);
  if (after !== undefined && Number(after) >= 0) css.push(`margin-bottom:${points(Number(after))}`);
  if (isOn(properties, 'pageBreakBefore')) css.push('page-break-before:always');
  return css.map((each) => `${each};`).join('');
}

const ALIGN: Readonly<Record<string, string>> = {
  center: 'center',
  right: 'right',
  end: 'right',
  both: 'justify',
  distribute: 'justify',
};

function points(twips: number): string {
  return `${Math.round(twips / 2) / 10}pt`;
}

export function hexColor(value: string | undefined): string | null {
  return value !== undefined && /^[0-9a-f]{6}$/i.test(value) ? value.toUpperCase() : null;
}

const HIGHLIGHTS: Readonly<Record<string, string>> = {
  yellow: 'FFFF00',
  green: '00FF00',
  cyan: '00FFFF',
  magenta: 'FF00FF',
  blue: '0000FF',
  red: 'FF0000',
  darkBlue: '000080',
  darkCyan: '008080',
  darkGreen: '008000',
  darkMagenta: '800080',
  darkRed: '800000',
  darkYellow: '808000',
  darkGray: '808080',
  lightGray: 'C0C0C0',
};
