const MM_PER_UNIT = { in: 25.4, mm: 1, cm: 10, pt: 25.4 / 72, px: 25.4 / 96 } as const;

/** Millimetres of a length with its unit, for example `1.5in`; undefined when it is none. */
export function parseLengthMm(text: string): number | undefined {
  const match = /^\s*(\d+(?:\.\d+)?)\s*(in|mm|cm|pt|px)\s*$/.exec(text);
  if (!match) return undefined;
  return Number(match[1]) * MM_PER_UNIT[match[2] as keyof typeof MM_PER_UNIT];
}
