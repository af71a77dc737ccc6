import { describe, expect, it } from 'vitest';
import { distance } from './moments.js';
import { sectionOf } from './sections.js';

describe('the console’s addresses', () => {
  it('name a section, also below another path', () => {
    expect(sectionOf('/console')).toBe('overview');
    expect(sectionOf('/console/deliveries')).toBe('deliveries');
    expect(sectionOf('/office/console/keys/')).toBe('keys');
    expect(sectionOf('/console/accounts')).toBe('accounts');
    expect(sectionOf('/console/nothing')).toBe('overview');
  });
});

describe('distance', () => {
  it('uses the unit that people would', () => {
    expect(distance(0, 5_000)).toMatch(/5 seconds ago/);
    expect(distance(0, 3 * 60_000)).toMatch(/3 minutes ago/);
    expect(distance(2 * 3_600_000, 0)).toMatch(/in 2 hours/);
    expect(distance(0, 9 * 86_400_000)).toMatch(/9 days ago/);
  });
});
