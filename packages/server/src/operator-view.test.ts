import { describe, expect, it } from 'vitest';
import { addApiKey, makeDomain } from './domain/testing/domain-fixture.js';
import { usageChecks } from './operator-view.js';

describe('the operator’s overview', () => {
  it('[SE34] shows each key that has used 75, 90 or 100 percent of its calls', async () => {
    const domain = makeDomain();
    const key = await addApiKey(domain, 'limited', { name: 'Shop', monthlyCallLimit: 20 });
    const free = await addApiKey(domain, 'free');
    const revoked = await addApiKey(domain, 'revoked', { monthlyCallLimit: 1, revokedAt: 1 });
    const checks = () => usageChecks([free, revoked, key], domain.usage);
    const states: (string | undefined)[] = [];
    await domain.usage.countCall(revoked);

    for (let call = 1; call <= 22; call += 1) {
      await domain.usage.countCall(key);
      await domain.usage.countCall(free);
      const [check, ...more] = await checks();
      expect(more).toEqual([]);
      states.push(check?.state);
    }

    expect(states.slice(0, 14)).toEqual(Array.from({ length: 14 }));
    expect(states.slice(14)).toEqual([...Array(5).fill('warn'), ...Array(3).fill('bad')]);
    expect(await checks()).toMatchObject([
      { name: 'Calls of Shop', detail: expect.stringMatching(/^22 of 20 calls/) },
    ]);
  });
});
