import { PAPER_SIZES } from './page-setup.js';

type Declarations = ReadonlyMap<string, string>;

/** Height of lines: in 240ths of what the font takes, or at least so many twentieths of a point. It is inherited. */
export interface HtmlLine {
  readonly rule: 'auto' | 'atLeast';
  readonly value: number;
}

/** The room around a block in twentieths of a point; what it does not say is left to the style of the paragraph. */
export interface HtmlSpacing {
  readonly before?: number;
  readonly after?: number;
  readonly right?: number;
  /** Negative where the first line hangs out. */
  readonly firstLine?: number;
}

/** The sheet that a page is to be printed on, in twentieths of a point. */
export interface HtmlPaper {
  readonly width: number;
  readonly height: number;
  readonly margin: Readonly<Record<Side, number>>;
}

const SIDES = ['top', 'right', 'bottom', 'left'] as const;
type Side = (typeof SIDES)[number];

export function spacingOf(declarations: Declarations): HtmlSpacing {
  const { top, bottom, right } = sidesOf(declarations, 'margin');
  const first = readSignedTwips(declarations.get('text-indent'));
  return {
    ...(top === undefined ? {} : { before: clamp(top, 0, MOST_SPACE) }),
    ...(bottom === undefined ? {} : { after: clamp(bottom, 0, MOST_SPACE) }),
    ...(right === undefined || right <= 0 ? {} : { right: clamp(right, 0, MOST_SPACE) }),
    ...(first === undefined ? {} : { firstLine: clamp(first, -MOST_SPACE, MOST_SPACE) }),
  };
}

/** Half a page; pages move things out of sight by more. */
const MOST_SPACE = 7_200;

export function lineOf(declarations: Declarations): HtmlLine | undefined {
  const text = declarations.get('line-height')?.toLowerCase() ?? '';
  const relative = /^(\d+(?:\.\d+)?|\.\d+)(%|em)?$/.exec(text);
  if (relative) {
    const lines = Number(relative[1]) / (relative[2] === '%' ? 100 : 1);
    return lines >= 0.1 && lines <= 20 ? { rule: 'auto', value: Math.round(lines * 240) } : undefined;
  }
  if (text === 'normal') return { rule: 'auto', value: 240 };
  const twips = readSignedTwips(text);
  return twips !== undefined && twips > 0
    ? { rule: 'atLeast', value: Math.min(twips, MOST_SPACE) }
    : undefined;
}

/** The four sides of `margin` or `padding`; a side is left out where nothing is said of it. */
export function sidesOf(
  declarations: Declarations,
  name: 'margin' | 'padding',
): Readonly<Partial<Record<Side, number>>> {
  const found: Partial<Record<Side, number>> = {};
  for (const [property, value] of declarations) {
    // In the order in which they stand: a later one for all sides takes an earlier one for one side back.
    const side = SIDES.find((each) => property === `${name}-${each}`);
    if (side) assign(found, side, value);
    else if (property === name) {
      const [top = '', right = top, bottom = top, left = right] = value.trim().split(/\s+/);
      const values = { top, right, bottom, left };
      for (const each of SIDES) assign(found, each, values[each]);
    }
  }
  return found;
}

function assign(found: Partial<Record<Side, number>>, side: Side, value: string): void {
  const twips = readSignedTwips(value);
  if (twips !== undefined) found[side] = twips;
}

/** `@page` rules of a style sheet that hold for every page; null when none names a size or a margin. */
export function readPaper(rules: readonly Declarations[]): HtmlPaper | null {
  const merged = new Map(rules.flatMap((each) => [...each]));
  const margin = sidesOf(merged, 'margin');
  const size = readPageSize(merged.get('size') ?? '');
  if (!size && Object.keys(margin).length === 0) return null;
  const [width, height] = size ?? PAPER_SIZES.Letter;
  const side = (name: Side, extent: number) =>
    clamp(margin[name] ?? UNNAMED_MARGIN, 0, Math.round(extent * 0.4));
  return {
    ...{ width, height },
    margin: {
      ...{ top: side('top', height), bottom: side('bottom', height) },
      ...{ left: side('left', width), right: side('right', width) },
    },
  };
}

/** Two centimetres: word processors that write such rules leave a side out that has what they take for usual. */
const UNNAMED_MARGIN = 1_134;
/** ECMA-376 leaves it open; Word takes paper from a tenth of an inch to 22 inches. */
const [LEAST_PAPER, MOST_PAPER] = [144, 31_680];

function readPageSize(text: string): readonly [number, number] | null {
  const words = text.toLowerCase().split(/\s+/);
  const lengths = words.flatMap((word) => readSignedTwips(word) ?? []);
  const named = Object.entries(PAPER_SIZES).find(([name]) => words.includes(name.toLowerCase()))?.[1];
  const [width = 0, height = width] = lengths.length > 0 ? lengths : (named ?? []);
  if (Math.min(width, height) < LEAST_PAPER || Math.max(width, height) > MOST_PAPER) return null;
  return words.includes('landscape') && width < height ? [height, width] : [width, height];
}

/** Undefined when it is no length that stands for itself. */
function readSignedTwips(text: string | undefined): number | undefined {
  const match = /^\s*([+-]?(?:\d+(?:\.\d+)?|\.\d+))(pt|px|cm|mm|in|em|rem|pc)?\s*$/i.exec(text ?? '');
  if (!match) return undefined;
  const value = Number(match[1]);
  if (match[2] === undefined) return value === 0 ? 0 : undefined;
  return Math.round(value * (TWIPS[match[2].toLowerCase()] ?? 0));
}

/** By unit; `em` is that of the usual size of letters. */
export const TWIPS: Readonly<Record<string, number>> = {
  pt: 20,
  px: 15,
  cm: 1440 / 2.54,
  mm: 144 / 2.54,
  in: 1440,
  pc: 240,
  em: 240,
  rem: 240,
};

function clamp(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value));
}
