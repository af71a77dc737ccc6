import { describe, expect, it } from 'vitest';
import { addApiKey, makeDomain } from '../testing/domain-fixture.js';

describe('API keys', () => {
  it('are known by their text alone', async () => {
    const domain = makeDomain();
    const key = await addApiKey(domain, 'right');

    expect((await domain.apiKeys.authenticate('right')).id).toBe(key.id);
    await expect(domain.apiKeys.authenticate('wrong')).rejects.toMatchObject({
      code: 'api_key_invalid',
      blame: { parameter: 'apikey' },
    });
  });

  it('are refused at the latest 5 seconds after they are revoked', async () => {
    const domain = makeDomain();
    const key = await addApiKey(domain, 'right');
    await domain.apiKeys.authenticate('right');

    await domain.keyStore.update(key.id, { revokedAt: domain.time.clock() });
    domain.time.advance(5000);

    await expect(domain.apiKeys.authenticate('right')).rejects.toMatchObject({ code: 'api_key_invalid' });
  });

  it('are looked up once in a while, however often they are used', async () => {
    const domain = makeDomain();
    await addApiKey(domain, 'right');
    let lookups = 0;
    const find = domain.keyStore.findByHash.bind(domain.keyStore);
    domain.keyStore.findByHash = (hash) => {
      lookups += 1;
      return find(hash);
    };

    for (let call = 0; call < 100; call += 1) await domain.apiKeys.authenticate('right');

    expect(lookups).toBe(1);
  });
});
