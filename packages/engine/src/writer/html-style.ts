import { bordersOf, type HtmlBorders } from './html-borders.js';
import { readColor } from './html-colors.js';
import type { HtmlElement } from './html-nodes.js';
import {
  type HtmlLine,
  type HtmlPaper,
  type HtmlSpacing,
  lineOf,
  readPaper,
  sidesOf,
  spacingOf,
  TWIPS,
} from './html-spacing.js';

/** What we take over of a page's look; a key that is not there is inherited or plain. */
export interface HtmlStyle {
  readonly bold?: boolean;
  readonly italic?: boolean;
  readonly underline?: boolean;
  readonly strike?: boolean;
  readonly caps?: boolean;
  /** Six hex digits, upper case. */
  readonly color?: string;
  readonly background?: string;
  readonly halfPoints?: number;
  readonly font?: string;
  readonly vertical?: 'superscript' | 'subscript';
  readonly preserved?: boolean;
  readonly align?: 'left' | 'center' | 'right' | 'both';
  readonly rightToLeft?: boolean;
  readonly line?: HtmlLine;
}

/** What belongs to one box alone and is not inherited. */
export interface HtmlBox {
  readonly hidden?: boolean;
  readonly pageBreakBefore?: boolean;
  readonly pageBreakAfter?: boolean;
  readonly fill?: string;
  readonly borders: HtmlBorders;
  readonly listStyle?: string;
  /** Twentieths of a point. */
  readonly indentLeft?: number;
  readonly width?: string;
  readonly spacing: HtmlSpacing;
  /** Room within a cell, by side, in twentieths of a point. */
  readonly padding: ReturnType<typeof sidesOf>;
}

type Declarations = ReadonlyMap<string, string>;

export interface StyleRules {
  of(element: HtmlElement): Declarations;
  /** What the sheet says of paper. */
  readonly paper: HtmlPaper | null;
}

/** Rules of a style sheet whose selectors are a name, a class, an id or a name with one of these; others are passed over. */
export function readStyleRules(sheet: string): StyleRules {
  const rules: { name: string; mark: string; declarations: Declarations }[] = [];
  const paperRules: Declarations[] = [];
  const plain = sheet.replace(/\/\*[\s\S]*?\*\//g, '').replace(/<!--|-->/g, '');
  for (const [, selectors = '', body = ''] of plain.matchAll(/([^{}]+)\{([^{}]*)\}/g)) {
    const declarations = readDeclarations(body);
    if (declarations.size === 0) continue;
    if (/^\s*@page\s*$/i.test(selectors)) paperRules.push(declarations);
    for (const selector of selectors.split(',')) {
      const match = /^\s*([a-z][\w-]*)?((?:\.|#)[\w-]+)?\s*$/i.exec(selector);
      if (!match || rules.length >= MAX_RULES) continue;
      rules.push({ name: match[1]?.toLowerCase() ?? '', mark: match[2] ?? '', declarations });
    }
  }
  // Plain names first, then classes, then ids, as their specificity is.
  const rank = (mark: string) => (mark === '' ? 0 : mark.startsWith('.') ? 1 : 2);
  rules.sort((a, b) => rank(a.mark) - rank(b.mark));
  return {
    paper: readPaper(paperRules),
    of(element) {
      const marks = new Set((element.attributes.get('class') ?? '').split(/\s+/).map((name) => `.${name}`));
      marks.add(`#${element.attributes.get('id') ?? ''}`);
      const merged = new Map<string, string>();
      for (const { name, mark, declarations } of rules) {
        if ((name !== '' && name !== element.name) || (mark !== '' && !marks.has(mark))) continue;
        for (const [property, value] of declarations) merged.set(property, value);
      }
      const own = element.attributes.get('style');
      if (own) for (const [property, value] of readDeclarations(own)) merged.set(property, value);
      return merged;
    },
  };
}

/** No page that people write has a tenth of these; every element is held against every rule. */
const MAX_RULES = 2_000;

function readDeclarations(body: string): Declarations {
  const found = new Map<string, string>();
  for (const declaration of body.split(';')) {
    const at = declaration.indexOf(':');
    if (at < 0) continue;
    const value = declaration
      .slice(at + 1)
      .replace(/!\s*important/i, '')
      .trim();
    if (value !== '') found.set(declaration.slice(0, at).trim().toLowerCase(), value);
  }
  return found;
}

/** The inherited style with what the element's name, its old attributes and its declarations say. */
export function styleOf(element: HtmlElement, declarations: Declarations, inherited: HtmlStyle): HtmlStyle {
  const { name, attributes } = element;
  return {
    ...inherited,
    ...BY_NAME[name],
    ...(name === 'font' ? fontAttributes(attributes) : {}),
    ...(attributes.has('dir') ? { rightToLeft: attributes.get('dir')?.toLowerCase() === 'rtl' } : {}),
    ...alignment(attributes.get('align')),
    ...declared(declarations, inherited),
  };
}

export function boxOf(element: HtmlElement, declarations: Declarations): HtmlBox {
  const fill = readColor(declarations.get('background-color') ?? declarations.get('background') ?? '');
  const named = readColor(element.attributes.get('bgcolor') ?? '');
  const indent = readLengthTwips(declarations.get('margin-left') ?? declarations.get('padding-left') ?? '');
  const listStyle = declarations.get('list-style-type') ?? declarations.get('list-style');
  const width = declarations.get('width') ?? element.attributes.get('width');
  return {
    ...(declarations.get('display') === 'none' || element.attributes.has('hidden') ? { hidden: true } : {}),
    ...(breaks(declarations, 'before') ? { pageBreakBefore: true } : {}),
    ...(breaks(declarations, 'after') ? { pageBreakAfter: true } : {}),
    ...(fill || named ? { fill: fill ?? (named as string) } : {}),
    ...(listStyle ? { listStyle } : {}),
    ...(indent ? { indentLeft: Math.min(indent, MAX_INDENT) } : {}),
    ...(width ? { width } : {}),
    ...{ spacing: spacingOf(declarations), padding: sidesOf(declarations, 'padding') },
    borders: bordersOf(declarations),
  };
}

const MAX_INDENT = 7_200;

const BY_NAME: Readonly<Record<string, HtmlStyle>> = {
  b: { bold: true },
  strong: { bold: true },
  th: { bold: true, align: 'center' },
  i: { italic: true },
  em: { italic: true },
  cite: { italic: true },
  var: { italic: true },
  dfn: { italic: true },
  address: { italic: true },
  u: { underline: true },
  ins: { underline: true },
  s: { strike: true },
  strike: { strike: true },
  del: { strike: true },
  sub: { vertical: 'subscript' },
  sup: { vertical: 'superscript' },
  code: { font: 'Courier New' },
  kbd: { font: 'Courier New' },
  samp: { font: 'Courier New' },
  tt: { font: 'Courier New' },
  pre: { font: 'Courier New', preserved: true },
  xmp: { font: 'Courier New', preserved: true },
  listing: { font: 'Courier New', preserved: true },
  mark: { background: 'FFFF00' },
  big: { halfPoints: 29 },
  small: { halfPoints: 20 },
  center: { align: 'center' },
};

/** Points of the seven sizes of `<font size>`, as browsers draw them. */
const FONT_SIZES = [7.5, 10, 12, 13.5, 18, 24, 36] as const;

function fontAttributes(attributes: ReadonlyMap<string, string>): HtmlStyle {
  const color = readColor(attributes.get('color') ?? '');
  const sized = /^\s*([+-]?)(\d)\s*$/.exec(attributes.get('size') ?? '');
  const step = Number(sized?.[2]);
  const size = sized?.[1] === '+' ? 3 + step : sized?.[1] === '-' ? 3 - step : step;
  const points = FONT_SIZES[Math.min(7, Math.max(1, size)) - 1];
  const font = readFont(attributes.get('face') ?? '');
  return {
    ...(color ? { color } : {}),
    ...(sized && points ? { halfPoints: points * 2 } : {}),
    ...(font ? { font } : {}),
  };
}

function declared(declarations: Declarations, inherited: HtmlStyle): HtmlStyle {
  const get = (name: string) => declarations.get(name)?.toLowerCase() ?? '';
  const [weight, slant, decoration] = [get('font-weight'), get('font-style'), get('text-decoration')];
  const drawn = `${decoration} ${get('text-decoration-line')}`;
  const color = readColor(get('color'));
  const background = readColor(get('background-color') || get('background'));
  const points = readFontSize(get('font-size'), (inherited.halfPoints ?? 24) / 2);
  const font = readFont(declarations.get('font-family') ?? '');
  const vertical = get('vertical-align');
  const direction = get('direction');
  const line = lineOf(declarations);
  return {
    ...(weight === '' ? {} : { bold: /bold/.test(weight) || Number(weight) >= 600 }),
    ...(slant === '' ? {} : { italic: /italic|oblique/.test(slant) }),
    ...(/underline/.test(drawn) ? { underline: true } : {}),
    ...(/line-through/.test(drawn) ? { strike: true } : {}),
    ...(/^\s*none/.test(decoration) ? { underline: false, strike: false } : {}),
    ...(get('text-transform') === 'uppercase' ? { caps: true } : {}),
    ...(color ? { color } : {}),
    ...(background ? { background } : {}),
    ...(points ? { halfPoints: Math.round(points * 2) } : {}),
    ...(font ? { font } : {}),
    ...(vertical === 'super' ? { vertical: 'superscript' as const } : {}),
    ...(vertical === 'sub' ? { vertical: 'subscript' as const } : {}),
    ...(get('white-space') === '' ? {} : { preserved: get('white-space').startsWith('pre') }),
    ...(direction === '' ? {} : { rightToLeft: direction === 'rtl' }),
    ...(line ? { line } : {}),
    ...alignment(get('text-align')),
  };
}

function alignment(value: string | undefined): HtmlStyle {
  switch (value?.trim().toLowerCase()) {
    case 'left':
    case 'start':
      return { align: 'left' };
    case 'center':
    case 'middle':
      return { align: 'center' };
    case 'right':
    case 'end':
      return { align: 'right' };
    case 'justify':
      return { align: 'both' };
    default:
      return {};
  }
}

function breaks(declarations: Declarations, side: 'before' | 'after'): boolean {
  const value = `${declarations.get(`page-break-${side}`) ?? ''} ${declarations.get(`break-${side}`) ?? ''}`;
  return /\b(always|page|left|right)\b/.test(value);
}

/** Twentieths of a point; 0 when it is none that stands for itself. */
export function readLengthTwips(text: string): number {
  const match = /^\s*(\d+(?:\.\d+)?)(pt|px|cm|mm|in|em|rem|pc)/i.exec(text);
  if (!match) return 0;
  return Math.round(Number(match[1]) * (TWIPS[(match[2] as string).toLowerCase()] ?? 0));
}

const NAMED_SIZES: Readonly<Record<string, number>> = {
  'xx-small': 7,
  'x-small': 7.5,
  small: 10,
  medium: 12,
  large: 13.5,
  'x-large': 18,
  'xx-large': 24,
};

function readFontSize(text: string, inherited: number): number | null {
  const relative = /^(\d+(?:\.\d+)?)(em|%)$/.exec(text);
  const points = relative
    ? (inherited * Number(relative[1])) / (relative[2] === '%' ? 100 : 1)
    : (NAMED_SIZES[text] ?? readLengthTwips(text) / 20);
  return points >= 1 && points <= 400 ? points : null;
}

const GENERIC: Readonly<Record<string, string>> = {
  serif: 'Times New Roman',
  'sans-serif': 'Arial',
  monospace: 'Courier New',
  'system-ui': 'Arial',
};

function readFont(text: string): string | null {
  const first = text.split(',')[0]?.replace(/["']/g, '').trim() ?? '';
  const font = GENERIC[first.toLowerCase()] ?? first;
  return font !== '' && font.length <= 100 && !/^(inherit|initial|unset)$/i.test(font) ? font : null;
}
