import { describe, expect, it } from 'vitest';
import { failed, runScript, writeScript } from './simulation/run.js';
import { subjects } from './simulation/subjects.js';

/** Few and short, on made documents only: `npm run monkey` runs many, long ones. */
const SEEDS = [1, 2, 3, 4, 5, 6];
const ACTIONS = 50;

describe('people editing at random', () => {
  const documents = subjects(undefined);

  it.each(SEEDS)(
    '[OP7] seed %i ends with the same bytes everywhere, nothing lost, nothing doubled',
    (seed) => {
      const subject = documents[seed % documents.length];
      if (!subject) throw new Error('There is no made document.');
      const verdict = runScript(subject, writeScript(seed, { actions: ACTIONS }));

      const { diverged, lost, doubled, broken } = verdict;
      expect({ diverged, lost, doubled, broken }).toEqual({
        diverged: [],
        lost: [],
        doubled: [],
        broken: [],
      });
      expect(failed(verdict)).toBe(false);
    },
  );
});
