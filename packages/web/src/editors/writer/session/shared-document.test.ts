import { DIGEST_EVERY, type SequencedOperation } from '@officina/protocol';
import { describe, expect, it } from 'vitest';
import { cutAtDigests, inOrderAfter } from './shared-document.js';

function operation(sequence: number): SequencedOperation {
  return { sequence, client: 'c1', n: sequence, base: 0, actor: 'u', author: 'U', at: 0, o: { ops: [] } };
}
const operations = (...sequences: number[]) => sequences.map(operation);
const sequencesOf = (entries: readonly SequencedOperation[]) => entries.map(({ sequence }) => sequence);

describe('inOrderAfter', () => {
  it('takes what follows, once, whatever a reconnect brought twice', () => {
    const { inOrder, gap } = inOrderAfter(3, operations(2, 3, 4, 5, 4, 5, 6));

    expect(sequencesOf(inOrder)).toEqual([4, 5, 6]);
    expect(gap).toBe(false);
  });

  it('stops before a missing operation and says so', () => {
    const { inOrder, gap } = inOrderAfter(0, operations(1, 2, 4));

    expect(sequencesOf(inOrder)).toEqual([1, 2]);
    expect(gap).toBe(true);
  });

  it('finds no gap in nothing', () => {
    expect(inOrderAfter(7, [])).toEqual({ inOrder: [], gap: false });
  });
});

describe('cutAtDigests', () => {
  it('ends a batch where a digest is due, so that it is taken of that very state', () => {
    const around = [DIGEST_EVERY - 1, DIGEST_EVERY, DIGEST_EVERY + 1, DIGEST_EVERY + 2];

    expect(cutAtDigests(operations(...around)).map(sequencesOf)).toEqual([
      around.slice(0, 2),
      around.slice(2),
    ]);
  });

  it('makes no empty batch', () => {
    expect(cutAtDigests(operations(DIGEST_EVERY)).map(sequencesOf)).toEqual([[DIGEST_EVERY]]);
    expect(cutAtDigests([])).toEqual([]);
  });
});
