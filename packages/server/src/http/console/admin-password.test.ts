import { describe, expect, it } from 'vitest';
import { AdminPassword } from './admin-password.js';

function open(values = new Map<string, string>()) {
  const password = new AdminPassword({
    get: async (name) => values.get(name),
    set: async (name, value) => void values.set(name, value),
  });
  return { password, values };
}

describe('the console password', () => {
  it('is made and told once when none is configured', async () => {
    const { password, values } = open();
    const { generated } = await password.prepare(null);
    expect(generated).toMatch(/^(?:[a-km-np-z2-9]{5}-){3}[a-km-np-z2-9]{5}$/);
    expect(await password.verify(generated ?? '')).toBe(true);
    expect(await open(values).password.prepare(null)).toEqual({ generated: null });
  });

  it('is stored as a salted hash only', async () => {
    const first = open();
    const second = open();
    await first.password.prepare('same password');
    await second.password.prepare('same password');
    const [stored] = first.values.values();
    expect(stored).toMatch(/^scrypt\$15\$8\$1\$/);
    expect(stored).not.toContain('same password');
    expect(stored).not.toBe([...second.values.values()][0]);
  });

  it('the configured one replaces the one that was', async () => {
    const { password, values } = open();
    await password.prepare('old');
    await open(values).password.prepare('new');
    expect(await password.verify('old')).toBe(false);
    expect(await password.verify('new')).toBe(true);
  });

  it('an unchanged one is not hashed anew', async () => {
    const { password, values } = open();
    await password.prepare('same');
    const before = [...values.values()];
    await password.prepare('same');
    expect([...values.values()]).toEqual(before);
  });

  it('is the same in either Unicode form', async () => {
    const { password } = open();
    await password.prepare('caf\u00e9');
    expect(await password.verify('cafe\u0301')).toBe(true);
  });
});
