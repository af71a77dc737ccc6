import type { VersionDelivery } from '@officina/protocol';
import { expect, it } from 'vitest';
import { automaticWords, deliveryWords, originOf, restoredWords, stateWords } from './version-words.js';

it('[SA38] says who saved a version, or why the server did', () => {
  expect(originOf({ by: 'Ada', reason: 'user' })).toBe('Saved by Ada');
  expect(originOf({ by: null, reason: 'leave' })).toBe('Saved after the last editor had left');
});

it.each<[VersionDelivery, string, string]>([
  [{ state: 'delivered', at: 9, message: 'Stored' }, 'good', 'Delivered 10:09'],
  [
    { state: 'waiting', nextAttemptAt: 12, message: 'Closed' },
    'warn',
    'Not delivered yet, next attempt at 10:12',
  ],
  [{ state: 'undelivered', message: 'Closed' }, 'bad', 'Not delivered'],
  [{ state: 'superseded' }, 'calm', 'Not sent: a newer version took its place'],
])('[SA38] says how far a version has come: %o', (delivery, tone, words) => {
  const formatTime = (at: number) => `10:${String(at).padStart(2, '0')}`;
  expect(deliveryWords(delivery, formatTime)).toMatchObject({ tone, words });
});

it('[SA4] [SA41] says when the server saves by itself, and nothing where it does not', () => {
  expect(automaticWords({ onLeave: true, everyMinutes: 10 })).toBe(
    'The server also saves by itself 10 minutes after an edit, and when the last editor has left.',
  );
  expect(automaticWords({ onLeave: false, everyMinutes: null })).toBeNull();
});

it('[SA42] says who went back to what, and where the rest is', () => {
  const formatTime = (at: number) => `10:0${at}`;
  expect(restoredWords({ by: 'Ada', at: 9, from: { version: 3, at: 4 } }, formatTime)).toBe(
    'Ada restored version 3 of 10:04. What was here before is kept in the version history.',
  );
  expect(restoredWords({ by: 'Ada', at: 9, from: { version: null, at: 4 } }, formatTime)).toContain(
    'Ada restored the document as of 10:04.',
  );
});

it('[SA45] names a state between saves by those who made it', () => {
  const words = (people: string[]) => stateWords({ kind: 'between', people }, String).detail;
  expect(words([])).toBe('Kept while people worked');
  expect(words(['Ada'])).toBe('Edited by Ada');
  expect(words(['Ada', 'Bob', 'Cem'])).toBe('Edited by Ada, Bob and Cem');
  expect(words(['Ada', 'Bob', 'Cem', 'Dee'])).toBe('Edited by Ada, Bob and 2 others');
  expect(stateWords({ kind: 'restored', people: ['Ada'], from: { version: 2, at: 7 } }, String)).toEqual({
    title: 'Restored by Ada',
    detail: 'Back to version 2 of 7',
  });
});
