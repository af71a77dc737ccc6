import { AppError } from '@officina/protocol';
import { beforeEach, describe, expect, it } from 'vitest';
import type { ApiKey } from '../keys/api-key.js';
import { addApiKey, type DomainFixture, makeDomain } from '../testing/domain-fixture.js';
import { wishOf } from '../testing/wishes.js';

let domain: DomainFixture;
let key: ApiKey;

beforeEach(async () => {
  domain = makeDomain();
  key = await addApiKey(domain);
});

const wish = () => wishOf(key, { file: 'protected:sesame' });
const refusal = (code: string) => expect.objectContaining({ code });

describe('a protected file', () => {
  it('[SE36] is taken in as it is and opened by its password', async () => {
    const { document, session } = await domain.documentService.open(wish());
    expect(document.locked).toBe(true);

    await expect(domain.documentService.unlock(session.id, 'wrong')).rejects.toEqual(
      refusal('password_wrong'),
    );
    await domain.documentService.unlock(session.id, 'sesame');

    const unlocked = await domain.documents.find(document.key);
    expect(unlocked?.locked).toBe(false);
    expect(await domain.blobStore.get(unlocked?.baseBlob ?? '')).toEqual(
      new TextEncoder().encode('base of protected:sesame'),
    );
  });

  it('[SE36] is opened only through a living session', async () => {
    const { session } = await domain.documentService.open(wish());
    domain.time.advance(7 * 3_600_000);

    await expect(domain.documentService.unlock(session.id, 'sesame')).rejects.toBeInstanceOf(AppError);
    await expect(domain.documentService.unlock('none', 'sesame')).rejects.toEqual(refusal('session_unknown'));
  });

  it('[SE39] gets what the caller set in it once its password is typed, whoever types it', async () => {
    const settings = { trackChanges: true, language: 'de-DE' };
    const { document } = await domain.documentService.open({ ...wish(), settings });
    const { session } = await domain.documentService.open({ ...wish(), source: null });
    expect(document.settingsAtUnlock).toEqual(settings);

    await domain.documentService.unlock(session.id, 'sesame');

    expect(domain.engine.settings).toEqual([settings]);
    expect((await domain.documents.find(document.key))?.settingsAtUnlock).toBeNull();
  });

  it('[SE39] keeps nothing to be set of a file that is open at once', async () => {
    const settings = { trackChanges: true, language: null };
    const { document } = await domain.documentService.open({ ...wishOf(key, { file: 'words' }), settings });

    expect(domain.engine.settings).toEqual([settings]);
    expect(document.settingsAtUnlock).toBeNull();
  });
});
