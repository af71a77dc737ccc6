import { expect, it } from 'vitest';
import type { DocumentStore } from '../../domain/documents/document.js';
import type { Session, SessionStore, SessionSummary } from '../../domain/sessions/session.js';
import type { UseStore } from './contract-kit.js';
import { sampleDocument, sampleSession } from './samples.js';

export function checkDocumentStore(
  use: UseStore<{ documents: DocumentStore; sessions: SessionStore }>,
): void {
  it('[ST20] finds a document by its key and by the caller’s id, with every field as it was', async () => {
    await use(async ({ documents }) => {
      const document = sampleDocument({
        documentId: 'Ünï "quoted" 文',
        locked: true,
        settingsAtUnlock: { trackChanges: true, language: null },
        importedSha256: 'c'.repeat(64),
        deliveredSequence: 2 ** 40,
        expiresAt: 1_800_000_000_000,
      });
      await documents.add(document);
      expect(await documents.find('life-1')).toEqual(document);
      expect(await documents.findById('key-1', 'Ünï "quoted" 文')).toEqual(document);
      expect(await documents.findById('key-2', 'Ünï "quoted" 文')).toBeUndefined();
    });
  });

  it('[ST21] refuses a second living document of an id, and allows one when the first has ended', async () => {
    await use(async ({ documents }) => {
      await documents.add(sampleDocument());
      await expect(documents.add(sampleDocument({ key: 'life-2' }))).rejects.toThrow('already a living');
      await documents.update('life-1', { state: 'deleted', endedAt: 2_000 });
      await documents.add(sampleDocument({ key: 'life-2' }));
      await documents.add(sampleDocument({ key: 'life-3', apiKeyId: 'key-2' }));
      expect((await documents.findById('key-1', 'doc-1'))?.key).toBe('life-2');
      expect((await documents.findById('key-2', 'doc-1'))?.key).toBe('life-3');
    });
  });

  it('[ST21] adds a document and its first session together, or neither', async () => {
    await use(async ({ documents, sessions }) => {
      await documents.add(sampleDocument(), sampleSession({ id: 'first' }));
      const twin = documents.add(sampleDocument({ key: 'life-2' }), sampleSession({ id: 'second' }));
      await expect(twin).rejects.toThrow('already a living');
      expect(await sessions.find('first')).toEqual(sampleSession({ id: 'first' }));
      expect(await sessions.find('second')).toBeUndefined();
    });
  });

  it('[ST21] counts a call with the session that it opened, and none that was refused', async () => {
    await use(async ({ documents, sessions }) => {
      const call = { apiKeyId: 'key-1', month: '2026-11' };
      expect(await documents.add(sampleDocument(), sampleSession({ id: 'first' }), call)).toBe(1);
      const twin = documents.add(sampleDocument({ key: 'life-2' }), sampleSession({ id: 'second' }), call);
      await expect(twin).rejects.toThrow('already a living');
      await expect(sessions.add(sampleSession({ id: 'first' }), call)).rejects.toThrow();
      expect(await sessions.add(sampleSession({ id: 'third' }), call)).toBe(2);
      expect(await sessions.add(sampleSession({ id: 'fourth' }), { ...call, month: '2026-12' })).toBe(1);
    });
  });

  it('[ST21] of many adds of one id at once exactly one succeeds', async () => {
    await use(async ({ documents }) => {
      const adds = Array.from({ length: 8 }, (_, index) =>
        documents.add(sampleDocument({ key: `life-${index}` })),
      );
      const outcomes = await Promise.allSettled(adds);
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    });
  });

  it('[ST22] gives the newest life of an id, also of lives begun in one millisecond', async () => {
    await use(async ({ documents }) => {
      for (const key of ['life-b', 'life-c', 'life-a']) {
        await documents.add(sampleDocument({ key }));
        await documents.update(key, { state: 'deleted', endedAt: 2_000 });
      }
      expect((await documents.findById('key-1', 'doc-1'))?.key).toBe('life-a');
    });
  });

  it('[ST23] lists expired living documents and purgeable ended ones, oldest first, up to the limit', async () => {
    await use(async ({ documents }) => {
      for (const [index, expiresAt] of [30, 10, 20, 40].entries()) {
        await documents.add(sampleDocument({ key: `life-${index}`, documentId: `doc-${index}`, expiresAt }));
      }
      expect((await documents.listExpired(30, 10)).map(({ expiresAt }) => expiresAt)).toEqual([10, 20, 30]);
      expect((await documents.listExpired(30, 2)).map(({ expiresAt }) => expiresAt)).toEqual([10, 20]);
      await documents.update('life-0', { state: 'expired', endedAt: 50, purgeAt: 70 });
      await documents.update('life-1', { state: 'deleted', endedAt: 50, purgeAt: 60 });
      await documents.update('life-2', { state: 'deleted', endedAt: 50, purgeAt: null });
      expect((await documents.listExpired(100, 10)).map(({ key }) => key)).toEqual(['life-3']);
      expect((await documents.listPurgeable(70, 10)).map(({ key }) => key)).toEqual(['life-1', 'life-0']);
      expect((await documents.listPurgeable(69, 10)).map(({ key }) => key)).toEqual(['life-1']);
    });
  });

  it('[ST24] replacing a life ends it with its opened sessions and takes the others along', async () => {
    await use(async ({ documents, sessions }) => {
      await documents.add(sampleDocument());
      await sessions.add(sampleSession({ id: 'opened', openedAt: 1_500 }));
      await sessions.add(sampleSession({ id: 'fresh', expiresAt: 90_000 }));
      const ended = await documents.replace('life-1', sampleDocument({ key: 'life-2' }), {
        at: 2_000,
        purgeAt: 3_000,
      });
      expect(ended).toEqual(['opened']);
      expect(await documents.find('life-1')).toMatchObject({
        state: 'expired',
        endedAt: 2_000,
        purgeAt: 3_000,
      });
      expect(await sessions.find('opened')).toMatchObject({ state: 'expired', endedAt: 2_000 });
      expect((await sessions.listLiving('life-2')).map(({ id }) => id)).toEqual(['fresh']);
      expect(await sessions.summarizeLiving('life-2')).toEqual([summaryOf(await sessions.find('fresh'))]);
      expect((await documents.findById('key-1', 'doc-1'))?.key).toBe('life-2');
      expect((await documents.find('life-2'))?.expiresAt).toBe(90_000);
    });
  });

  it('[ST24] of many replacements of one life exactly one succeeds, and the others leave no trace', async () => {
    await use(async ({ documents, sessions }) => {
      await documents.add(sampleDocument());
      await sessions.add(sampleSession());
      const replacements = Array.from({ length: 5 }, (_, index) =>
        documents.replace('life-1', sampleDocument({ key: `next-${index}` }), { at: 2_000, purgeAt: 3_000 }),
      );
      const outcomes = await Promise.allSettled(replacements);
      const winner = outcomes.findIndex(({ status }) => status === 'fulfilled');
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      const keys = await Promise.all(outcomes.map(async (_, index) => await documents.find(`next-${index}`)));
      expect(keys.filter((document) => document !== undefined)).toHaveLength(1);
      expect(await sessions.listLiving(`next-${winner}`)).toHaveLength(1);
    });
  });

  it('[ST25] removes one life and leaves the others', async () => {
    await use(async ({ documents }) => {
      await documents.add(sampleDocument({ state: 'deleted', endedAt: 5 }));
      await documents.add(sampleDocument({ key: 'life-2' }));
      await documents.remove('life-2');
      await documents.remove('life-9');
      expect((await documents.findById('key-1', 'doc-1'))?.key).toBe('life-1');
    });
  });

  it('[ST26] text with U+0000 is stored and found, with U+FFFD in its place', async () => {
    await use(async ({ documents }) => {
      await documents.add(sampleDocument({ documentId: 'a\0b', name: '\0' }));
      const found = await documents.findById('key-1', 'a\0b');
      expect(found).toMatchObject({ documentId: 'a\uFFFDb', name: '\uFFFD' });
    });
  });
}

export function checkSessionStore(use: UseStore<{ documents: DocumentStore; sessions: SessionStore }>): void {
  it('[ST30] finds a session with every field as it was', async () => {
    await use(async ({ sessions }) => {
      const session = sampleSession({
        user: { userId: 'u', displayName: 'Zoë 🦉' },
        callback: {
          saveUrl: 'https://app.example/save?a=1',
          format: 'pdf',
          method: 'put',
          retries: 2,
          timeoutMs: 5_000,
          params: { n: 1 },
          headers: {},
        },
        openedAt: 1_234,
      });
      await sessions.add(session);
      expect(await sessions.find('session-1')).toEqual(session);
      expect(await sessions.find('session-2')).toBeUndefined();
    });
  });

  it('[ST31] adding a session raises its document’s expiry, and never lowers it', async () => {
    await use(async ({ documents, sessions }) => {
      await documents.add(sampleDocument({ expiresAt: 10_000 }));
      await sessions.add(sampleSession({ id: 'long', expiresAt: 20_000 }));
      await sessions.add(sampleSession({ id: 'short', expiresAt: 15_000 }));
      expect((await documents.find('life-1'))?.expiresAt).toBe(20_000);
    });
  });

  it('[ST32] lists the living sessions of one document, oldest first, ties by id', async () => {
    await use(async ({ sessions }) => {
      const added: [id: string, createdAt: number][] = [
        ['c', 2_000],
        ['B', 1_000],
        ['a', 2_000],
        ['Z', 2_000],
        ['ended', 1_500],
      ];
      for (const [id, createdAt] of added) await sessions.add(sampleSession({ id, createdAt }));
      await sessions.add(sampleSession({ id: 'other', documentKey: 'life-2' }));
      await sessions.update('ended', { state: 'deleted', endedAt: 3_000 });
      expect((await sessions.listLiving('life-1')).map(({ id }) => id)).toEqual(['B', 'Z', 'a', 'c']);
    });
  });

  it('[ST32] summarizes the living sessions in the same order, whatever people are called, and none at all', async () => {
    await use(async ({ sessions }) => {
      const names = ['"quoted" \\ {name}', 'Ünï 文 \u2028 \ud83d\ude00', 'a\nb\tc\u0001', ''];
      for (const [index, displayName] of names.entries()) {
        const user = { userId: `id of ${displayName}`, displayName };
        await sessions.add(sampleSession({ id: `s${index}`, user, expiresAt: 2 ** 45 + index }));
      }
      const living = await sessions.listLiving('life-1');
      expect(await sessions.summarizeLiving('life-1')).toEqual(living.map(summaryOf));
      expect(await sessions.summarizeLiving('life-2')).toEqual([]);
    });
  });

  it('[ST33] ends every living session of a document once', async () => {
    await use(async ({ sessions }) => {
      await sessions.add(sampleSession({ id: 'a' }));
      await sessions.add(sampleSession({ id: 'b' }));
      await sessions.add(sampleSession({ id: 'c', documentKey: 'life-2' }));
      const ended = await sessions.endAll('life-1', 'deleted', 5_000);
      expect(ended.map(({ id, state, endedAt }) => [id, state, endedAt])).toEqual([
        ['a', 'deleted', 5_000],
        ['b', 'deleted', 5_000],
      ]);
      expect(await sessions.endAll('life-1', 'expired', 6_000)).toEqual([]);
      expect((await sessions.find('c'))?.state).toBe('living');
    });
  });

  it('[ST34] lists expired sessions oldest first and purges those that ended before', async () => {
    await use(async ({ sessions }) => {
      for (const expiresAt of [30, 10, 20])
        await sessions.add(sampleSession({ id: `s${expiresAt}`, expiresAt }));
      expect((await sessions.listExpired(20, 10)).map(({ id }) => id)).toEqual(['s10', 's20']);
      expect((await sessions.listExpired(30, 1)).map(({ id }) => id)).toEqual(['s10']);
      await sessions.update('s10', { state: 'expired', endedAt: 40 });
      await sessions.update('s20', { state: 'expired', endedAt: 50 });
      expect(await sessions.purgeEnded(50)).toBe(1);
      expect(await sessions.find('s10')).toBeUndefined();
      expect(await sessions.find('s20')).toBeDefined();
      expect(await sessions.find('s30')).toBeDefined();
    });
  });
}

/** What a list shows of a session. */
function summaryOf(session: Session | undefined): SessionSummary | undefined {
  if (!session) return undefined;
  const { id, documentId, mode, user, createdAt, expiresAt } = session;
  return { id, documentId, mode, user, createdAt, expiresAt };
}
