import { describe, expect, it } from 'vitest';
import { type Append, planCommit } from './append.js';

function append(document: string, firstSequence: number, change: Partial<Append> = {}): Append {
  return {
    document,
    epoch: 1,
    firstSequence,
    lastSequence: firstSequence,
    operations: `{"sequence":${firstSequence}}`,
    clients: [{ client: 'c', n: firstSequence, actor: 'ada' }],
    ...change,
  };
}

const empty = () => undefined;
const places = (appends: readonly Append[]) =>
  planCommit(appends, empty).rows.map((row) => [row.document, row.firstSequence, row.lastSequence]);

describe('plan of a commit', () => {
  it('[ST5] puts neighbours of one document in one row, also when others stand between', () => {
    const appends = [append('a', 1), append('b', 1), append('a', 2)];
    expect(places(appends)).toEqual([
      ['a', 1, 2],
      ['b', 1, 1],
    ]);
    const { rows, clients } = planCommit(appends, empty);
    expect(JSON.parse(`[${rows[0]?.operations}]`)).toEqual([{ sequence: 1 }, { sequence: 2 }]);
    expect(clients).toContainEqual({ document: 'a', client: 'c', n: 2, actor: 'ada' });
  });

  it('[ST5] keeps apart what has another epoch and what would be too long', () => {
    expect(places([append('a', 1), append('a', 2, { epoch: 2 })])).toHaveLength(2);
    const operations = 'x'.repeat(40_000);
    expect(places([append('a', 1, { operations }), append('a', 2, { operations })])).toHaveLength(2);
  });

  it('[ST44] an append sent twice is refused alone; the one that follows it is stored', () => {
    const head = { sequence: 5, epoch: 1 };
    const { refusals, rows, heads } = planCommit(
      [append('a', 5), append('a', 6), append('a', 6)],
      () => head,
    );
    expect(refusals.map((refusal) => refusal === null)).toEqual([false, true, false]);
    expect(rows).toHaveLength(1);
    expect([...heads]).toEqual([['a', 6]]);
  });
});
