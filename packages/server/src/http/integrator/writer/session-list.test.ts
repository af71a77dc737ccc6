import { describe, expect, it } from 'vitest';
import { addApiKey, makeDomain } from '../../../domain/testing/domain-fixture.js';
import { wishOf } from '../../../domain/testing/wishes.js';
import { writerUrls } from './browser-urls.js';
import { presentSessions } from './present.js';
import { writeSessions } from './session-list.js';

describe('the list of sessions', () => {
  it('[SE7] is written as it is presented, whatever people are called', async () => {
    const domain = makeDomain();
    const key = await addApiKey(domain);
    const urls = writerUrls('https://office.example/"odd"');
    const names = [
      'Ada',
      '',
      '文'.repeat(1000),
      '"quoted" \\ {name}',
      'Ünï 文 \u2028 \ud83d\ude00',
      'a\nb\u0000',
    ];
    for (const name of names) {
      const wish = wishOf(key, { id: 'a "b" ü', user: `id of ${name}` });
      await domain.documentService.open({ ...wish, session: { ...wish.session, displayName: name } });
    }
    const overview = await domain.sessionService.listForDocument(key.id, 'a "b" ü');
    const [first] = overview.sessions;
    if (!first) throw new Error('The list is empty.');
    const preview = { ...first, session: { ...first.session, mode: 'preview' as const } };

    for (const sessions of [overview.sessions, [preview, ...overview.sessions], [first], []]) {
      const shown = { ...overview, sessions };
      expect(writeSessions(shown, urls).toString()).toBe(JSON.stringify(presentSessions(shown, urls)));
    }
  });
});
