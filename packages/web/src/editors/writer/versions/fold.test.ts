import type { BlockChange } from '@officina/engine/writer';
import { expect, it } from 'vitest';
import { foldUnchanged } from './fold.js';

const block = (change: BlockChange['change']): BlockChange => ({
  ...{ kind: 'paragraph', change, spans: [], heading: 0, looksChanged: false },
});
const told = (signs: string) =>
  foldUnchanged([...signs].map((sign) => block(sign === '.' ? 'same' : 'changed'))).map(
    ({ isFolded, from, blocks }) => `${isFolded ? 'folded' : 'shown'} ${from} ${blocks.length}`,
  );

it('[SA47] folds long unchanged stretches and leaves two lines around each change', () => {
  expect(told('......x......')).toEqual(['folded 0 4', 'shown 4 5', 'folded 9 4']);
  expect(told('...x...x...')).toEqual(['shown 0 1', 'shown 1 9', 'shown 10 1']);
  expect(told('.......')).toEqual(['folded 0 7']);
  expect(told('')).toEqual([]);
});
