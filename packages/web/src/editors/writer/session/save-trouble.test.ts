import type { SaveProgress } from '@officina/protocol';
import { expect, it } from 'vitest';
import { saveTroubleOf } from './save-trouble.js';

const failed: SaveProgress = {
  state: 'failed',
  deliveryId: 'd',
  version: 4,
  code: 'save_refused',
  reason: 'The archive is closed',
};
const troubleOf = (save: SaveProgress) => saveTroubleOf(save, (at) => `10:0${at}`);

it('[SA35] a delayed save says what happened, when the next attempt is, and can be sent again', () => {
  const trouble = troubleOf({
    ...{ state: 'retrying', deliveryId: 'd', version: 4, attempt: 3, nextAt: 7 },
    reason: 'The archive is closed',
  });

  expect(trouble?.what).toBe('Version 4 has not reached the application: The archive is closed.');
  expect(trouble?.next).toContain('next at 10:07');
  expect(trouble).toMatchObject({ tone: 'warn', canSendAgain: true });
});

it('[SA35] a save that was given up says that no attempt follows, and can be sent again', () => {
  expect(troubleOf(failed)).toMatchObject({
    tone: 'bad',
    what: 'Version 4 was not delivered: The archive is closed.',
    next: 'The server does not try again by itself. The version is kept there and can be sent again.',
    canSendAgain: true,
  });
});

it.each(['save_url_missing', 'permission_denied', 'session_expired', 'session_unknown'])(
  '[SA35] sending again is not offered for %s, where it cannot help',
  (code) => {
    expect(troubleOf({ ...failed, deliveryId: null, code })?.canSendAgain).toBe(false);
  },
);

it('[SA35] asking for a save that can go nowhere is answered in words for the person, not for the application', () => {
  const code = 'save_url_missing';

  const trouble = troubleOf({ ...failed, deliveryId: null, code, reason: 'callback_settings.save_url …' });

  expect(trouble?.what).toContain('nowhere to save to');
  expect(trouble?.what).not.toContain('callback_settings');
});

it('[SA35] another attempt of the same save is news again', () => {
  const retrying = (attempt: number) =>
    troubleOf({
      ...{ state: 'retrying', deliveryId: 'd', version: 4, attempt, nextAt: 7 },
      reason: 'No answer',
    });

  expect(retrying(3)?.key).not.toBe(retrying(4)?.key);
});

it.each<SaveProgress>([
  { state: 'accepted', deliveryId: 'd', version: 1 },
  { state: 'delivered', deliveryId: 'd', version: 1, message: 'Stored', at: 1 },
])('a save that is $state is no trouble', (save) => {
  expect(troubleOf(save)).toBeNull();
});
