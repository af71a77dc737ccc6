import { describe, expect, it } from 'vitest';
import { sampleOperations } from '../contract/samples.js';
import { joinNeighbours } from './operation-log.js';

const wanted = (document: string, first: number, count: number, epoch = 1, text = 'x') => ({
  document,
  epoch,
  operations: sampleOperations(first, count, { o: text }),
});

describe('rows of a commit', () => {
  it('[ST5] puts neighbours of one document in one row, also when others stand between', () => {
    const { appends, places } = joinNeighbours([wanted('a', 1, 2), wanted('b', 1, 1), wanted('a', 3, 1)]);
    expect(places).toEqual([0, 1, 0]);
    expect(
      appends.map(({ document, firstSequence, lastSequence }) => [document, firstSequence, lastSequence]),
    ).toEqual([
      ['a', 1, 3],
      ['b', 1, 1],
    ]);
    expect(JSON.parse(appends[0]?.operations ?? '')).toEqual(sampleOperations(1, 3, { o: 'x' }));
    expect(appends[0]?.clients).toEqual([{ client: 'client-1', n: 3, actor: 'user-1' }]);
  });

  it('[ST5] keeps apart what does not follow on, what has another epoch, and what would be too long', () => {
    const long = 'x'.repeat(40_000);
    expect(joinNeighbours([wanted('a', 1, 1), wanted('a', 3, 1)]).places).toEqual([0, 1]);
    expect(joinNeighbours([wanted('a', 1, 1), wanted('a', 2, 1, 2)]).places).toEqual([0, 1]);
    expect(joinNeighbours([wanted('a', 1, 1, 1, long), wanted('a', 2, 1, 1, long)]).places).toEqual([0, 1]);
  });
});
