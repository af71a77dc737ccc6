import { describe, expect, it } from 'vitest';
import { type ApiCall, problemOf, recordCall } from './api-call.js';

function makeCall(change: Partial<ApiCall> = {}): ApiCall {
  return {
    id: 1,
    purpose: '',
    method: 'GET',
    path: '/x',
    parts: [],
    startedAt: 0,
    answer: null,
    times: 1,
    ...change,
  };
}
const answer = { status: 200, durationMs: 1, body: {}, permissions: null };

describe('the list of calls', () => {
  it('keeps the newest first and puts an answer to its call', () => {
    const started = [makeCall({ id: 2, method: 'POST' }), makeCall({ id: 3, method: 'DELETE' })].reduce<
      readonly ApiCall[]
    >(recordCall, []);
    const answered = recordCall(started, makeCall({ id: 2, method: 'POST', answer }));
    expect(answered.map(({ id, answer: got }) => [id, got !== null])).toEqual([
      [3, false],
      [2, true],
    ]);
  });

  it('folds a question that is asked again, and keeps its last answer until the next comes', () => {
    const once = recordCall([], makeCall({ id: 1, answer }));
    const again = recordCall(once, makeCall({ id: 2 }));
    expect(again).toEqual([expect.objectContaining({ id: 2, times: 2, answer })]);
  });

  it('never folds changes', () => {
    const calls = [1, 2]
      .map((id) => makeCall({ id, method: 'POST' }))
      .reduce<readonly ApiCall[]>(recordCall, []);
    expect(calls).toHaveLength(2);
  });

  it('counts every repetition, also when its answer comes later', () => {
    let calls: readonly ApiCall[] = [];
    for (const id of [1, 2, 3]) {
      calls = recordCall(calls, makeCall({ id }));
      calls = recordCall(calls, makeCall({ id, answer }));
    }
    expect(calls).toEqual([expect.objectContaining({ id: 3, times: 3 })]);
  });
});

describe('a refusal', () => {
  it('shows the server’s code, words and parameter', () => {
    const body = { code: 1852, message: 'Not supported.', parameter_name: 'document' };
    expect(problemOf({ ...answer, status: 400, body })).toEqual({
      status: 400,
      code: '1852',
      message: 'Not supported.',
      parameter: 'document',
    });
  });

  it('says that the server is away when nothing came back', () => {
    expect(problemOf({ ...answer, status: 0, body: null }).message).toContain('cannot be reached');
  });

  it('is readable whatever came back', () => {
    for (const body of [null, 'text', 7, [], { message: {} }]) {
      expect(problemOf({ ...answer, status: 502, body }).message).toBe('The server gave no reason.');
    }
  });
});
