/** What we serve, by the name that the editor shapes with. */
export type ServedFamily = 'Arimo' | 'Caladea' | 'Carlito' | 'Cousine' | 'Gelasio' | 'Tinos';

export interface Substitute {
  readonly family: ServedFamily;
  /** Line box of the font that the document names, as ratios of its size; absent where ours may rule. */
  readonly lineMetrics?: { readonly heightEm: number; readonly baselineEm: number };
}

/** Line boxes as the original fonts' `hhea` and `OS/2` tables give them, so that pages break where Word breaks them. */
const CALIBRI = { heightEm: 1.2207, baselineEm: 0.9521 };
const CAMBRIA = { heightEm: 1.1724, baselineEm: 0.95 };
const ARIAL = { heightEm: 1.1499, baselineEm: 0.9053 };
const TIMES = { heightEm: 1.1499, baselineEm: 0.8911 };
const COURIER = { heightEm: 1.1328, baselineEm: 0.8325 };
const GEORGIA = { heightEm: 1.1362, baselineEm: 0.917 };

/** Families whose substitutes have the very same advance widths, and those themselves: what came out of a PDF names them. */
const METRIC_COMPATIBLE: Readonly<Record<string, Substitute>> = {
  calibri: { family: 'Carlito', lineMetrics: CALIBRI },
  carlito: { family: 'Carlito', lineMetrics: CALIBRI },
  cambria: { family: 'Caladea', lineMetrics: CAMBRIA },
  caladea: { family: 'Caladea', lineMetrics: CAMBRIA },
  arial: { family: 'Arimo', lineMetrics: ARIAL },
  helvetica: { family: 'Arimo', lineMetrics: ARIAL },
  'liberation sans': { family: 'Arimo', lineMetrics: ARIAL },
  arimo: { family: 'Arimo', lineMetrics: ARIAL },
  'times new roman': { family: 'Tinos', lineMetrics: TIMES },
  times: { family: 'Tinos', lineMetrics: TIMES },
  'liberation serif': { family: 'Tinos', lineMetrics: TIMES },
  tinos: { family: 'Tinos', lineMetrics: TIMES },
  'courier new': { family: 'Cousine', lineMetrics: COURIER },
  courier: { family: 'Cousine', lineMetrics: COURIER },
  'liberation mono': { family: 'Cousine', lineMetrics: COURIER },
  cousine: { family: 'Cousine', lineMetrics: COURIER },
  georgia: { family: 'Gelasio', lineMetrics: GEORGIA },
  gelasio: { family: 'Gelasio', lineMetrics: GEORGIA },
};

/** Near in shape, not in width. Anything that is not named here is judged by its name. */
const NEAR: Readonly<Record<string, ServedFamily>> = {
  aptos: 'Carlito',
  'aptos display': 'Carlito',
  'calibri light': 'Carlito',
  candara: 'Carlito',
  corbel: 'Carlito',
  'segoe ui': 'Carlito',
  'cambria math': 'Caladea',
  constantia: 'Caladea',
  'book antiqua': 'Gelasio',
  'palatino linotype': 'Gelasio',
  palatino: 'Gelasio',
  'century schoolbook': 'Gelasio',
  garamond: 'Tinos',
  baskerville: 'Tinos',
  didot: 'Tinos',
  century: 'Gelasio',
};

const MONOSPACED = /\b(?:mono|code|console|consolas|courier|typewriter|terminal|menlo|monaco)\b|consol/iu;
const SERIF =
  /\b(?:serif|roman|times|book|old style|antiqua|garamond|georgia|minion|century|caslon|bodoni|didone|slab|ming|song|mincho|batang|david|frank)\b/iu;
const SANS = /\bsans\b/iu;

/** Their letters are pictures by number: another font's letters would show wrong ones, and the core knows these. */
const PICTORIAL = /^(?:symbol|wingdings(?: [23])?|webdings|mt extra|zapf ?dingbats|marlett)$/iu;

/** The served family that stands in for the one a document names; null where none must. */
export function substituteFor(family: string): Substitute | null {
  const name = family.trim().toLowerCase();
  if (PICTORIAL.test(name)) return null;
  const exact = METRIC_COMPATIBLE[name];
  if (exact !== undefined) return exact;
  const near = NEAR[name];
  if (near !== undefined) return { family: near };
  if (MONOSPACED.test(name)) return { family: 'Cousine' };
  if (!SANS.test(name) && SERIF.test(name)) return { family: 'Tinos' };
  return { family: 'Arimo' };
}

/** Families that a document may name and find their widths kept, for the font menu. */
export const OFFERED_FAMILIES: readonly string[] = [
  'Arial',
  'Calibri',
  'Cambria',
  'Courier New',
  'Georgia',
  'Times New Roman',
];
