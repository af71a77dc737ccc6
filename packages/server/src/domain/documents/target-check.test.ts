import { beforeEach, describe, expect, it } from 'vitest';
import type { ApiKey } from '../keys/api-key.js';
import type { SaveFormat } from '../saving/callback-settings.js';
import { addApiKey, type DomainFixture, makeDomain } from '../testing/domain-fixture.js';
import { callbackTo, wishOf } from '../testing/wishes.js';

let domain: DomainFixture;
let key: ApiKey;

beforeEach(async () => {
  domain = makeDomain();
  key = await addApiKey(domain);
});

/** In the domain of tests nothing makes rtf. */
const openFor = (format: SaveFormat) => {
  const callback = { ...callbackTo('https://app.example/save'), format };
  return domain.documentService.open(wishOf(key, { session: { callback } }));
};

describe('a save_format that this server cannot make', () => {
  it('[SE42] is told when the document is opened, naming the key and what is missing', async () => {
    await expect(openFor('rtf')).rejects.toMatchObject({
      code: 'engine_missing',
      blame: { parameter: 'callback_settings', key: 'save_format' },
      message: 'A part is missing.',
    });
  });

  it('[SE29] leaves nothing behind', async () => {
    await expect(openFor('rtf')).rejects.toThrow();

    expect(domain.tables.documents.size + domain.tables.sessions.size + domain.blobStore.files.size).toBe(0);
    expect((await domain.usage.overview(key)).used).toBe(0);
    expect((await openFor('docx')).outcome).toBe('created');
  });
});
