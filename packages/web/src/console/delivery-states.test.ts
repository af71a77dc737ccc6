import { expect, it } from 'vitest';
import { DELIVERY_STATES } from './delivery-states.js';

it('[SA16] sending again is offered for what the server sends again, and not for a conflict', () => {
  const offered = Object.entries(DELIVERY_STATES).filter(([, { remedy }]) => remedy === 'send_again');

  expect(offered.map(([state]) => state)).toEqual(['accepted', 'built', 'parked']);
  expect(DELIVERY_STATES.conflict.remedy).toBe('look');
});
