import { beforeEach, describe, expect, it } from 'vitest';
import type { ApiKey } from '../keys/api-key.js';
import { addApiKey, type DomainFixture, makeDomain } from '../testing/domain-fixture.js';
import { callbackTo, uploadOf, type WishOptions, wishOf } from '../testing/wishes.js';
import type { OpenedDocument } from './opening.js';

let domain: DomainFixture;
let key: ApiKey;

beforeEach(async () => {
  domain = makeDomain();
  key = await addApiKey(domain);
});

const open = (options?: WishOptions): Promise<OpenedDocument> =>
  domain.documentService.open(wishOf(key, options));

const sessionIds = async (documentId = 'plan') =>
  (await domain.sessionService.listForDocument(key.id, documentId)).sessions.map((view) => view.session.id);

const refusal = (code: string) => expect.objectContaining({ code });

describe('two servers on one database', () => {
  it.each([
    ['without a file', {}, 'joined'],
    ['with the same file', { file: 'one' }, 'reimported'],
  ])(
    '[SE40] both answer when a new id is posted to them at the same time %s',
    async (_how, options, second) => {
      const beside = makeDomain({ after: domain });
      const opened = await Promise.all([
        domain.documentService.open(wishOf(key, options)),
        beside.documentService.open(wishOf(key, options)),
      ]);

      expect(opened.map((each) => each.outcome).sort()).toEqual(['created', second].sort());
      expect(opened[0]?.document.key).toBe(opened[1]?.document.key);
      expect((await sessionIds()).sort()).toEqual(opened.map((each) => each.session.id).sort());
    },
  );

  it('[SE40] another file sent to the other server at the same time begins the next life', async () => {
    const beside = makeDomain({ after: domain });
    const opened = await Promise.all([
      domain.documentService.open(wishOf(key, { file: 'one' })),
      beside.documentService.open(wishOf(key, { file: 'two' })),
    ]);

    expect(opened.map((each) => each.outcome).sort()).toEqual(['created', 'reimported']);
    expect(await sessionIds()).toHaveLength(2);
  });

  it('[SE40] a fault of the store is told as it is', async () => {
    domain.documents.add = () => Promise.reject(new Error('disk full'));

    await expect(open()).rejects.toThrow('disk full');
    expect(domain.blobStore.files.size).toBe(0);
  });
});

describe('opening a document', () => {
  it('[SE1] makes one session of its own for every call', async () => {
    const first = await open();
    const second = await open();

    expect(second.document.key).toBe(first.document.key);
    expect(await sessionIds()).toEqual([first.session.id, second.session.id]);
  });

  it('[SE2] keeps the same id of two keys apart', async () => {
    const other = await addApiKey(domain, 'another-key');

    const mine = await open({ file: 'mine' });
    const theirs = await domain.documentService.open(wishOf(other, { file: 'theirs' }));

    expect(theirs.outcome).toBe('created');
    expect(theirs.document.key).not.toBe(mine.document.key);
    expect(await sessionIds()).toEqual([mine.session.id]);
  });

  it('[SE3] gives a session an id of 256 bits', async () => {
    const { session } = await open();

    expect(session.id).toMatch(/^[0-9a-f]{64}$/);
  });

  it('[SE4] gives each guest an id, and the same person another session', async () => {
    const guests = [await open(), await open()];
    const amelias = [await open({ user: '7' }), await open({ user: '7' })];

    expect(guests[0]?.session.user.userId).toMatch(/^guest-/);
    expect(guests[0]?.session.user.userId).not.toBe(guests[1]?.session.user.userId);
    expect(amelias[0]?.session.id).not.toBe(amelias[1]?.session.id);
    expect(amelias[1]?.session.user.userId).toBe('7');
  });

  it('[SE27] begins with a blank document or with the file', async () => {
    const blank = await open({ id: null });
    const imported = await open({ id: 'a', file: 'words' });

    expect([blank.outcome, imported.outcome]).toEqual(['created', 'created']);
    expect(blank.document.importedSha256).toBeNull();
    expect(await domain.blobStore.get(imported.document.originalBlob)).toEqual(
      new TextEncoder().encode('words'),
    );
  });

  it('makes each kind of blank document once', async () => {
    await open({ id: null });
    await open({ id: null });

    expect(domain.engine.blanks).toHaveLength(1);
  });

  it('[SE32] opens a preview as a document of its own that can only be read', async () => {
    const wish = wishOf(key, { file: 'words' });
    const preview = await domain.documentService.preview({ ...wish, source: uploadOf('words') });

    expect(preview.session.mode).toBe('preview');
    expect(preview.document.documentId).not.toBe('plan');
    expect(preview.outcome).toBe('created');
  });

  it('[SE35] refuses a save_url or url that the outbound rules refuse, naming it', async () => {
    const callback = callbackTo('http://internal/save');

    await expect(open({ session: { callback } })).rejects.toMatchObject({
      code: 'egress_refused',
      blame: { parameter: 'callback_settings', key: 'save_url' },
      message: expect.stringContaining('OFFICINA_EGRESS_ALLOW'),
    });
    await expect(open({ source: { from: 'url', url: 'http://internal/file' } })).rejects.toMatchObject({
      code: 'egress_refused',
      blame: { parameter: 'url' },
    });
  });

  it('fetches a file that is named by URL, and blames the URL when that fails', async () => {
    const fetched = await open({ source: { from: 'url', url: 'http://files/plan' } });

    expect(await domain.blobStore.get(fetched.document.originalBlob)).toEqual(
      new TextEncoder().encode('fetched http://files/plan'),
    );
    await expect(open({ id: 'b', source: { from: 'url', url: 'http://busy/' } })).rejects.toMatchObject({
      code: 'busy',
      blame: { parameter: 'url' },
      retryAfterSeconds: 30,
    });
  });

  it('[SE29] leaves nothing behind when the file is refused', async () => {
    await expect(open({ file: 'broken' })).rejects.toMatchObject({
      code: 'format_unsupported',
      blame: { parameter: 'document' },
    });

    expect(domain.tables.documents.size + domain.tables.sessions.size + domain.blobStore.files.size).toBe(0);
    expect((await domain.usage.overview(key)).used).toBe(0);
  });

  it('[SE29] leaves no bytes behind when the document cannot be stored', async () => {
    domain.documents.add = () => Promise.reject(new Error('disk full'));

    await expect(open({ file: 'words' })).rejects.toThrow('disk full');
    expect(domain.blobStore.files.size).toBe(0);
  });

  it('puts the bytes back when another document that held the same ones goes at that moment', async () => {
    const add = domain.documents.add.bind(domain.documents);
    domain.documents.add = async (document) => {
      const count = await add(document);
      domain.blobStore.files.clear();
      return count;
    };

    const { document } = await open({ file: 'words' });

    expect(domain.blobStore.files.has(document.originalBlob)).toBe(true);
    expect(domain.blobStore.files.has(document.baseBlob)).toBe(true);
  });
});

describe('posting an id again', () => {
  it('[SE20] joins who is connected and ignores the file', async () => {
    const first = await open({ file: 'one' });
    domain.rooms.connect(first.session);

    const second = await open({ file: 'broken, but nobody looks' });

    expect(second.outcome).toBe('joined');
    expect(second.document.key).toBe(first.document.key);
  });

  it('[SE21] joins without a file while the content lives', async () => {
    const first = await open({ file: 'one' });
    domain.content.edit(first.document.key);

    const second = await open();

    expect(second.outcome).toBe('joined');
    expect(second.document.key).toBe(first.document.key);
  });

  it('[SE22] imports the file afresh when everything was delivered', async () => {
    const first = await open({ file: 'one' });
    domain.content.edit(first.document.key, 3);
    domain.saves.delivered.set(first.document.key, 3);

    const second = await open({ file: 'two' });

    expect(second.outcome).toBe('reimported');
    expect(second.document.key).not.toBe(first.document.key);
    expect(await domain.documents.find(first.document.key)).toMatchObject({ state: 'expired' });
  });

  it('[SE22] ends opened sessions of the former life and takes unopened ones along', async () => {
    const opened = await open({ file: 'one', user: 'a' });
    await domain.sessionService.open(opened.session.id);
    const unopened = await open({ user: 'b' });

    const again = await open({ file: 'two', user: 'c' });

    expect(await sessionIds()).toEqual([unopened.session.id, again.session.id]);
    expect(domain.rooms.ended).toEqual([{ sessionId: opened.session.id, reason: 'session_expired' }]);
    await expect(domain.sessionService.open(opened.session.id)).rejects.toEqual(refusal('session_expired'));
    expect((await domain.sessionService.open(unopened.session.id)).document.key).toBe(again.document.key);
  });

  it('[SE23] keeps the life when the same file comes and nothing was changed', async () => {
    const first = await open({ file: 'one' });
    await domain.sessionService.open(first.session.id);

    const second = await open({ file: 'one' });

    expect(second.outcome).toBe('reimported');
    expect(second.document.key).toBe(first.document.key);
    expect(await sessionIds()).toHaveLength(2);
  });

  it('[SE24] goes on with undelivered edits when the same file comes', async () => {
    const first = await open({ file: 'one' });
    domain.content.edit(first.document.key);

    const second = await open({ file: 'one' });

    expect(second.outcome).toBe('joined');
    expect(second.document.key).toBe(first.document.key);
  });

  it('[SE25] opens another file and keeps undelivered edits in the ledger, one row for each target', async () => {
    const a = await open({ file: 'one', session: { callback: callbackTo('http://app/a') } });
    await open({ session: { callback: callbackTo('http://app/b') } });
    await open({ session: { callback: callbackTo('http://app/a') } });
    domain.content.edit(a.document.key, 2);

    const second = await open({ file: 'two' });

    expect(second.outcome).toBe('conflict');
    const rows = await domain.saveStore.listForDocument(a.document.key);
    expect(rows.map((row) => [row.target.saveUrl, row.state, row.sequence])).toEqual([
      ['http://app/a', 'conflict', 2],
      ['http://app/b', 'conflict', 2],
    ]);
    expect(await domain.blobStore.get(rows[0]?.blob ?? '')).toEqual(
      new TextEncoder().encode(`built ${a.document.key} at 2`),
    );
  });

  it('[SE25] keeps the edits of people who had nowhere to save to', async () => {
    const first = await open({ file: 'one' });
    domain.content.edit(first.document.key);

    await open({ file: 'two' });

    const rows = await domain.saveStore.listForDocument(first.document.key);
    expect(rows.map((row) => [row.target.saveUrl, row.state])).toEqual([['', 'conflict']]);
  });

  it('[SE26] refuses an id whose content is gone, and begins again with a file', async () => {
    await open({ file: 'one' });
    domain.time.advance(7 * 3_600_000);

    await expect(open()).rejects.toMatchObject({
      code: 'document_unknown',
      blame: { parameter: 'document_info', key: 'document_id' },
    });
    expect((await open({ file: 'two' })).outcome).toBe('reimported');
  });

  it('[SE26] refuses a deleted id without a file', async () => {
    await open();
    await domain.documentService.remove(key.id, 'plan');

    await expect(open()).rejects.toEqual(refusal('document_unknown'));
  });

  it('[SE28] lets the second of two calls at once join the first', async () => {
    const opened = await Promise.all([open({ file: 'one' }), open({ file: 'one' }), open()]);

    expect(new Set(opened.map((one) => one.document.key)).size).toBe(1);
    expect(opened.map((one) => one.outcome)).toEqual(['created', 'reimported', 'joined']);
  });

  it('[SE28] joins who connected while the file was being imported', async () => {
    const first = await open({ file: 'one' });
    const blobs = domain.blobStore.files.size;
    domain.engine.beforeImport = async () => domain.rooms.connect(first.session);

    const second = await open({ file: 'two' });

    expect(second.outcome).toBe('joined');
    expect(second.document.key).toBe(first.document.key);
    expect(domain.blobStore.files.size).toBe(blobs);
  });
});

describe('the name of a document', () => {
  const named = async (name: string | null, file?: string) => {
    const wish = { ...wishOf(key, file === undefined ? {} : { file }), name };
    return (await domain.documentService.open(wish)).document.name;
  };

  it('is the one that was sent, the one that the id had, or Untitled', async () => {
    expect(await named(null)).toBe('Untitled');
    expect(await named('Plan', 'one')).toBe('Plan');
    expect(await named(null, 'two')).toBe('Plan');
    expect(await named('Plan B', 'three')).toBe('Plan B');
  });
});

describe('deleting a document', () => {
  it('[SE19] ends its sessions and tells the editors', async () => {
    const first = await open();
    const second = await open();
    domain.rooms.connect(first.session);

    await domain.documentService.remove(key.id, 'plan');

    expect(domain.rooms.ended).toEqual([
      { sessionId: first.session.id, reason: 'document_deleted' },
      { sessionId: second.session.id, reason: 'document_deleted' },
    ]);
    await expect(domain.sessionService.open(first.session.id)).rejects.toEqual(refusal('session_unknown'));
    expect(domain.saves.expirySaves).toEqual([]);
  });

  it('[SE11] refuses a document that is unknown, deleted, expired or of another key', async () => {
    const other = await addApiKey(domain, 'another-key');
    await open({ id: 'gone' });
    await domain.documentService.remove(key.id, 'gone');
    await open({ id: 'old' });
    domain.time.advance(7 * 3_600_000);
    await open({ id: 'mine' });

    for (const [keyId, id] of [
      [key.id, 'never'],
      [key.id, 'gone'],
      [key.id, 'old'],
      [other.id, 'mine'],
    ] as const) {
      await expect(domain.documentService.remove(keyId, id)).rejects.toEqual(refusal('document_unknown'));
    }
  });
});
