import { describe, expect, it } from 'vitest';
import { substituteFor } from './font-substitutes.js';

describe('substituteFor', () => {
  it.each([
    ['Calibri', 'Carlito'],
    ['Cambria', 'Caladea'],
    ['Arial', 'Arimo'],
    ['Times New Roman', 'Tinos'],
    ['Courier New', 'Cousine'],
    ['Georgia', 'Gelasio'],
    ['Carlito', 'Carlito'],
    ['Caladea', 'Caladea'],
    ['Arimo', 'Arimo'],
    ['Tinos', 'Tinos'],
    ['Cousine', 'Cousine'],
    ['Gelasio', 'Gelasio'],
  ])('keeps the advance widths and the line box of %s with %s', (named, served) => {
    const substitute = substituteFor(named);

    expect(substitute?.family).toBe(served);
    expect(substitute?.lineMetrics).toBeDefined();
  });

  it('reads a name as Word does, whatever its case', () => {
    expect(substituteFor(' CALIBRI ')).toEqual(substituteFor('Calibri'));
  });

  it.each([
    ['Consolas', 'Cousine'],
    ['DejaVu Sans Mono', 'Cousine'],
    ['DejaVu Serif', 'Tinos'],
    ['Noto Sans', 'Arimo'],
    ['Comic Sans MS', 'Arimo'],
    ['Palatino Linotype', 'Gelasio'],
    ['', 'Arimo'],
  ])('finds something near for %j: %s', (named, served) => {
    expect(substituteFor(named)?.family).toBe(served);
  });

  it.each(['Symbol', 'Wingdings', 'Wingdings 2', 'Webdings'])(
    'leaves the pictures of %s to the core',
    (named) => {
      expect(substituteFor(named)).toBeNull();
    },
  );
});
