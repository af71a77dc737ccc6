import { describe, expect, it } from 'vitest';
import { participantColor } from './participant-color.js';

describe('participantColor', () => {
  it('[RO21] gives one person the same colour every time', () => {
    expect(participantColor('u-17')).toBe(participantColor('u-17'));
    expect(participantColor('')).toMatch(/^#[0-9a-f]{6}$/);
  });

  it('[RO21] uses every colour and is readable under white text', () => {
    const colors = new Set(Array.from({ length: 2_000 }, (_, index) => participantColor(`user-${index}`)));
    expect(colors.size).toBe(24);
    for (const color of colors) expect(contrastWithWhite(color)).toBeGreaterThanOrEqual(4.5);
  });
});

/** WCAG 2.2 contrast ratio. */
function contrastWithWhite(color: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(color.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05);
}
