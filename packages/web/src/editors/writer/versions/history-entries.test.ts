import type { DocumentState, DocumentVersion } from '@officina/protocol';
import { expect, it } from 'vitest';
import { historyEntries } from './history-entries.js';

it('[SA45] versions and states in between stand in the order of the document’s life, whatever clocks said', () => {
  const paths = { pagePath: '', downloadPath: null };
  const version = (number: number, sequence: number, savedAt: number): DocumentVersion => ({
    ...{ number, sequence, savedAt, by: null, reason: 'api', ...paths },
    delivery: { state: 'sending' },
  });
  const state = (sequence: number, at: number): DocumentState => ({
    ...{ sequence, at, kind: 'between', people: [], ...paths },
  });

  const entries = historyEntries({
    versions: [version(2, 20, 5), version(1, 10, 900)],
    states: [state(15, 7), state(0, 1)],
    automatic: { onLeave: false, everyMinutes: null },
  });

  expect(entries.map(({ key }) => key)).toEqual(['v2', 'at15', 'v1', 'at0']);
});
