import { expect, it } from 'vitest';
import { saveEvent } from './host-page.js';

it('[SA37] the host page hears of a delay what the person is told: what happened and when it goes on', () => {
  const event = saveEvent('s1', {
    ...{ state: 'retrying', deliveryId: 'd', version: 4, attempt: 3, nextAt: 7 },
    ...{ reason: 'The archive is closed', code: 'save_refused' },
  });

  expect(event).toEqual({
    type: 'officina:save-delayed',
    ...{ sessionId: 's1', deliveryId: 'd', version: 4, attempt: 3, nextAt: 7 },
    ...{ reason: 'The archive is closed', code: 'save_refused' },
  });
});

it('[SA37] the host page hears the application’s own words and the time of the delivery', () => {
  const event = saveEvent('s1', {
    state: 'delivered',
    deliveryId: 'd',
    version: 4,
    message: 'Stored',
    at: 9,
  });

  expect(event).toMatchObject({ type: 'officina:saved', message: 'Stored', at: 9, deliveryId: 'd' });
});
