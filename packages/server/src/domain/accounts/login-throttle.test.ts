import { describe, expect, it } from 'vitest';
import { LoginThrottle, sourceOf } from './login-throttle.js';

function exhaust(throttle: LoginThrottle, address: string, now: number): void {
  for (let trial = 0; trial < 5; trial += 1) throttle.begin(address, now);
}

describe('the login throttle', () => {
  it('[LI16] never makes anybody wait longer than a quarter of an hour', () => {
    const throttle = new LoginThrottle(5);
    let now = 0;
    let longest = 0;
    for (let trial = 0; trial < 40; trial += 1) {
      const waitMs = throttle.begin('198.51.100.1', now);
      longest = Math.max(longest, waitMs);
      now += waitMs;
    }
    expect(longest).toBe(15 * 60_000);
  });

  it('[LI16] counts one network of IPv6, and one IPv4 address in both writings, as one', () => {
    const throttle = new LoginThrottle(5);
    exhaust(throttle, sourceOf('2001:db8:1:2::1'), 0);
    expect(throttle.begin(sourceOf('2001:db8:1:2:ffff::9'), 1)).toBeGreaterThan(0);
    expect(throttle.begin(sourceOf('2001:db8:1:3::1'), 1)).toBe(0);
    exhaust(throttle, sourceOf('::ffff:192.0.2.1'), 0);
    expect(throttle.begin(sourceOf('192.0.2.1'), 1)).toBeGreaterThan(0);
  });

  it('[LI16] forgets after an hour of quiet, and at once after a success', () => {
    const throttle = new LoginThrottle(5);
    exhaust(throttle, '198.51.100.1', 0);
    expect(throttle.begin('198.51.100.1', 60 * 60_000)).toBe(0);
    exhaust(throttle, '198.51.100.2', 0);
    throttle.succeed('198.51.100.2');
    expect(throttle.begin('198.51.100.2', 1)).toBe(0);
  });
});
