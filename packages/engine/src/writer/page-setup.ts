/** Width and height in twentieths of a point, upright. ISO 216, ANSI and North American office sizes as Word writes them. */
export const PAPER_SIZES = {
  Letter: [12240, 15840],
  Legal: [12240, 20160],
  Tabloid: [15840, 24480],
  Ledger: [24480, 15840],
  Executive: [10440, 15120],
  Statement: [7920, 12240],
  Folio: [12240, 18720],
  A3: [16838, 23811],
  A4: [11906, 16838],
  A5: [8391, 11906],
  A6: [5953, 8391],
  B4: [14173, 20013],
  B5: [9978, 14173],
} as const satisfies Record<string, readonly [number, number]>;

export type PaperSize = keyof typeof PAPER_SIZES;

/** The paper size of this name, in whatever case it is written; null when there is none. */
export function findPaperSize(name: string): PaperSize | null {
  const wanted = name.trim().toLowerCase();
  return (Object.keys(PAPER_SIZES) as PaperSize[]).find((each) => each.toLowerCase() === wanted) ?? null;
}

const TWIPS_PER_UNIT: Record<string, number> = {
  in: 1440,
  '"': 1440,
  cm: 1440 / 2.54,
  mm: 1440 / 25.4,
  pt: 20,
  pc: 240,
  px: 15,
};

/** A length such as `1.5in`, `20mm`, `2 cm`, `36pt` in twentieths of a point; a bare number is inches. Null when it is none. */
export function readLength(text: string): number | null {
  const match = /^\s*(\d+(?:\.\d+)?|\.\d+)\s*(in|inch|inches|"|cm|mm|pt|pc|px)?\s*$/i.exec(text);
  if (!match) return null;
  const unit = (match[2] ?? 'in').toLowerCase().replace(/^inch(es)?$/, 'in');
  return Math.round(Number(match[1]) * (TWIPS_PER_UNIT[unit] as number));
}
