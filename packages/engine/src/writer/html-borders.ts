import { readColor } from './html-colors.js';

type Declarations = ReadonlyMap<string, string>;

/** ECMA-376 17.4.38 and 17.4.66 want them in this order. */
const SIDES = ['top', 'left', 'bottom', 'right'] as const;
type Side = (typeof SIDES)[number];

/** Attributes of the line at each side that a box speaks of. */
export type HtmlBorders = Readonly<Partial<Record<Side, string>>>;

export function bordersOf(declarations: Declarations): HtmlBorders {
  const found: Partial<Record<Side, string>> = {};
  for (const [property, value] of declarations) {
    const side = SIDES.find((each) => property === `border-${each}`);
    if (side) found[side] = lineOf(value);
    else if (property === 'border' || property === 'border-style') {
      for (const each of SIDES) found[each] = lineOf(value);
    }
  }
  return found;
}

/** As children of `w:tcBorders` or `w:tblBorders`. */
export function bordersXml(borders: HtmlBorders): string {
  return SIDES.map((side) => (borders[side] ? `<w:${side} ${borders[side]}/>` : '')).join('');
}

const NO_LINE = 'w:val="nil"';
const KINDS: Readonly<Record<string, string>> = {
  ...{ solid: 'single', double: 'double', dotted: 'dotted', dashed: 'dashed' },
  ...{ groove: 'single', ridge: 'single', inset: 'single', outset: 'single' },
};
/** Points of a length, and of what has a name. */
const POINTS: Readonly<Record<string, number>> = { px: 0.75, pt: 1, cm: 72 / 2.54, mm: 7.2 / 2.54, in: 72 };
const WIDTHS: Readonly<Record<string, number>> = { thin: 0.75, medium: 2.25, thick: 3.75 };
/** Eighths of a point, as far as Word draws them. */
const [LEAST_EIGHTHS, MOST_EIGHTHS] = [2, 96];

/** A line without a style is not drawn (CSS Backgrounds 3, 3.2). */
function lineOf(value: string): string {
  const words = value.toLowerCase().replace(/,\s+/g, ',').split(/\s+/);
  const kind = words.map((word) => KINDS[word]).find(Boolean);
  const sized = words.map((word) => /^(\d+(?:\.\d+)?|\.\d+)(px|pt|cm|mm|in)?$/.exec(word)).find(Boolean);
  const points = sized
    ? Number(sized[1]) * (POINTS[sized[2] ?? 'px'] as number)
    : (words.map((word) => WIDTHS[word]).find(Boolean) ?? 0.75);
  if (!kind || points === 0) return NO_LINE;
  const eighths = Math.min(MOST_EIGHTHS, Math.max(LEAST_EIGHTHS, Math.round(points * 8)));
  const color = words.map(readColor).find(Boolean) ?? 'auto';
  return `w:val="${kind}" w:sz="${eighths}" w:space="0" w:color="${color}"`;
}
