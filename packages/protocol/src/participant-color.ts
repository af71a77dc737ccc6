/** White text is readable on each of them (contrast of 4.5 and more), and neighbours differ in hue. */
const COLORS = [
  '#1d4ed8',
  '#b91c1c',
  '#15803d',
  '#7e22ce',
  '#b45309',
  '#0f766e',
  '#be185d',
  '#4d7c0f',
  '#0369a1',
  '#c2410c',
  '#6d28d9',
  '#047857',
  '#a21caf',
  '#0e7490',
  '#9f1239',
  '#3f6212',
  '#4338ca',
  '#92400e',
  '#166534',
  '#86198f',
  '#155e75',
  '#854d0e',
  '#1e40af',
  '#9d174d',
] as const;

/** The colour of a person: the same everywhere and for ever, because it is made from the user id alone. */
export function participantColor(userId: string): string {
  // FNV-1a: short, and spreads ids that differ in one digit.
  let hash = 0x811c9dc5;
  for (let index = 0; index < userId.length; index += 1) {
    hash = Math.imul(hash ^ userId.charCodeAt(index), 0x01000193) >>> 0;
  }
  return COLORS[hash % COLORS.length] ?? COLORS[0];
}
