import { describe, expect, it } from 'vitest';
import { addApiKey, type DomainFixture, makeDomain } from '../testing/domain-fixture.js';
import { uploadOf, wishOf } from '../testing/wishes.js';

const openTimes = async (domain: DomainFixture, key: Parameters<typeof wishOf>[0], times: number) => {
  for (let call = 0; call < times; call += 1) {
    await domain.documentService.open(wishOf(key, { id: null }));
  }
};

describe('usage', () => {
  it('[SE33] counts each call that opens a document, per key and month', async () => {
    const domain = makeDomain();
    const key = await addApiKey(domain);
    const other = await addApiKey(domain, 'another-key');

    await openTimes(domain, key, 2);
    const wish = wishOf(key);
    await domain.documentService.preview({ ...wish, source: uploadOf('words') });
    await domain.sessionService.listForDocument(key.id, wish.documentId ?? '').catch(() => {});

    expect((await domain.usage.overview(key)).used).toBe(3);
    expect((await domain.usage.overview(other)).used).toBe(0);
    domain.time.advance(31 * 24 * 3_600_000);
    expect((await domain.usage.overview(key)).used).toBe(0);
  });

  it('[SE34] warns at 75, 90 and 100 percent and refuses from 10 percent above', async () => {
    const domain = makeDomain();
    const key = await addApiKey(domain, 'limited', { monthlyCallLimit: 20 });

    await openTimes(domain, key, 22);

    expect(domain.warnings.map((warning) => [warning.percent, warning.used])).toEqual([
      [75, 15],
      [90, 18],
      [100, 20],
    ]);
    await expect(openTimes(domain, key, 1)).rejects.toMatchObject({
      code: 'call_limit_exceeded',
      retryAfterSeconds: 31 * 24 * 3600,
    });
    expect(await domain.usage.overview(key)).toMatchObject({ limit: 20, used: 22, remaining: 0 });
  });
});
