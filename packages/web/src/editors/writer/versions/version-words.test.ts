import type { VersionDelivery } from '@officina/protocol';
import { expect, it } from 'vitest';
import { automaticWords, deliveryWords, originOf } from './version-words.js';

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
