import { beforeEach, describe, expect, it } from 'vitest';
import type { ApiKey } from '../keys/api-key.js';
import type { Save } from '../saving/save.js';
import { addApiKey, type DomainFixture, HOUR_MS, makeDomain } from '../testing/domain-fixture.js';
import { callbackTo, type WishOptions, wishOf } from '../testing/wishes.js';

const DAY_MS = 24 * HOUR_MS;
const LIFE_MS = 6 * HOUR_MS;

let domain: DomainFixture;
let key: ApiKey;

const use = async (options: Parameters<typeof makeDomain>[0] = {}) => {
  domain = makeDomain(options);
  key = await addApiKey(domain);
};

beforeEach(() => use());

const open = (options?: WishOptions) => domain.documentService.open(wishOf(key, options));
const sweepAfter = async (ms: number) => {
  domain.time.advance(ms);
  await domain.lifeCycle.expireDue();
  expect(domain.faults).toEqual([]);
};

/** A save as the pipeline would have accepted it, told to the ledger directly. */
const acceptSave = (documentKey: string, change: Partial<Save>) =>
  domain.saveStore.accept({
    id: domain.randomHex(8),
    documentKey,
    apiKeyId: key.id,
    documentId: 'plan',
    documentName: 'Plan',
    sessionId: 's',
    userId: null,
    reason: 'expiry',
    force: false,
    sequence: 1,
    targetId: 't',
    target: callbackTo('http://app/save'),
    state: 'accepted',
    blob: null,
    sha256: null,
    attempts: 0,
    nextAttemptAt: 0,
    leasedUntil: null,
    leaseOwner: null,
    createdAt: 0,
    settledAt: null,
    message: null,
    ...change,
  });

describe('the end of a session', () => {
  it('[SE16] closes its connections and saves what the application has not got', async () => {
    const { document, session } = await open();
    domain.rooms.connect(session);
    domain.content.edit(document.key);

    await sweepAfter(LIFE_MS);

    expect(domain.rooms.ended).toEqual([{ sessionId: session.id, reason: 'session_expired' }]);
    expect(domain.saves.expirySaves).toEqual([document.key]);
    expect(await domain.sessions.find(session.id)).toMatchObject({
      state: 'expired',
      endedAt: session.expiresAt,
    });
  });

  it('[SE16] makes no save when everything was delivered or nothing was changed', async () => {
    const changed = await open();
    domain.content.edit(changed.document.key, 2);
    domain.saves.delivered.set(changed.document.key, 2);
    await open({ id: 'untouched' });

    await sweepAfter(LIFE_MS);

    expect(domain.saves.expirySaves).toEqual([]);
  });

  it('[SE16] is tried again when the save could not be accepted, and holds up nobody else', async () => {
    const first = await open();
    const second = await open({ id: 'other' });
    domain.content.edit(first.document.key);
    domain.saves.onRequestForAll = () => {
      throw new Error('store away');
    };
    domain.time.advance(LIFE_MS);

    await domain.lifeCycle.expireDue();

    expect(domain.faults).toHaveLength(1);
    expect(await domain.sessions.find(first.session.id)).toMatchObject({ state: 'living' });
    expect(await domain.documents.find(first.document.key)).toMatchObject({ state: 'living' });
    expect(await domain.documents.find(second.document.key)).toMatchObject({ state: 'expired' });
    domain.saves.onRequestForAll = () => {};
    await domain.lifeCycle.expireDue();
    expect(await domain.sessions.find(first.session.id)).toMatchObject({ state: 'expired' });
  });

  it('[SE14] does not end the document while another session lives', async () => {
    const first = await open();
    domain.time.advance(HOUR_MS);
    const second = await open();
    // As a crash between two writes would leave it.
    await domain.documents.update(first.document.key, { expiresAt: first.session.expiresAt });

    await sweepAfter(5 * HOUR_MS);

    expect(await domain.documents.find(first.document.key)).toMatchObject({
      state: 'living',
      expiresAt: second.session.expiresAt,
    });
  });

  it('[SE10] is forgotten after seven days', async () => {
    const { session } = await open();
    await sweepAfter(LIFE_MS + 7 * DAY_MS - 1);
    expect(await domain.sessions.find(session.id)).toBeDefined();

    await sweepAfter(2);

    expect(await domain.sessions.find(session.id)).toBeUndefined();
  });
});

describe('the content of a document that ended', () => {
  it('[SE17] is removed at once when nothing would be lost, and the id is remembered', async () => {
    const { document } = await open({ file: 'one' });

    await sweepAfter(LIFE_MS);

    expect(domain.blobStore.files.size).toBe(0);
    expect(domain.content.removed).toEqual([document.key]);
    expect(await domain.documents.findById(key.id, 'plan')).toMatchObject({ purgeAt: null });
  });

  it('[SE17] can be that of a blank document, and the next blank one has its bytes again', async () => {
    await open({ id: 'first' });
    await sweepAfter(LIFE_MS);
    expect(domain.blobStore.files.size).toBe(0);

    const { document } = await open({ id: 'second' });

    expect(domain.blobStore.files.has(document.originalBlob)).toBe(true);
  });

  it('[SE17] takes the files of all its snapshots along', async () => {
    const { document } = await open({ file: 'one' });
    const first = await domain.blobStore.put(new TextEncoder().encode('first snapshot'));
    const second = await domain.blobStore.put(new TextEncoder().encode('second snapshot'));
    domain.content.snapshots.set(document.key, [first.sha256, second.sha256]);

    await sweepAfter(LIFE_MS);

    expect(domain.blobStore.files.size).toBe(0);
  });

  it('[SE17] keeps bytes that another document holds too', async () => {
    await open({ id: 'a', file: 'one' });
    domain.time.advance(HOUR_MS);
    const b = await open({ id: 'b', file: 'one' });

    await sweepAfter(5 * HOUR_MS);

    expect(await domain.documents.findById(key.id, 'a')).toMatchObject({ purgeAt: null });
    expect(domain.blobStore.files.has(b.document.originalBlob)).toBe(true);
  });

  it('[SE17] waits for accepted saves to be built from it', async () => {
    const { document } = await open({ file: 'one' });
    domain.content.edit(document.key);
    const save = await acceptSave(document.key, {});

    await sweepAfter(LIFE_MS);
    expect(domain.blobStore.files.size).toBe(2);
    domain.tables.saves.set(save.id, { ...save, state: 'built', blob: 'built-file' });
    await sweepAfter(60_000);

    expect(domain.blobStore.files.size).toBe(0);
    expect(domain.content.removed).toEqual([document.key]);
  });

  it('[SE17] stays for the recovery time when edits would be lost', async () => {
    const { document } = await open({ file: 'one' });
    domain.content.edit(document.key);

    await sweepAfter(LIFE_MS + 7 * DAY_MS - 1000);
    expect(domain.content.removed).toEqual([]);
    await sweepAfter(1000);

    expect(domain.content.removed).toEqual([document.key]);
    expect(domain.blobStore.files.size).toBe(0);
  });

  it('[SE19] goes at once after a deletion when the recovery time is 0', async () => {
    await use({ recoveryMs: 0 });
    const { document } = await open({ file: 'one' });
    domain.content.edit(document.key);

    await domain.documentService.remove(key.id, 'plan');
    await sweepAfter(0);

    expect(domain.content.removed).toEqual([document.key]);
    expect(domain.saves.expirySaves).toEqual([]);
  });

  it('[SE19] stays after a deletion as long as undelivered edits may be asked back', async () => {
    const { document } = await open({ file: 'one' });
    domain.content.edit(document.key);
    await domain.documentService.remove(key.id, 'plan');

    await sweepAfter(7 * DAY_MS - 1);
    expect(domain.content.removed).toEqual([]);
    await sweepAfter(1);

    expect(domain.content.removed).toEqual([document.key]);
  });
});

describe('sweeping', () => {
  it('goes on by itself until it is stopped', async () => {
    const { session } = await open();
    domain.time.advance(LIFE_MS - 1000);
    await domain.lifeCycle.start();

    domain.time.advance(10_000);
    await domain.lifeCycle.stop();

    expect(await domain.sessions.find(session.id)).toMatchObject({ state: 'expired' });
    const after = await open({ id: 'later' });
    domain.time.advance(LIFE_MS);
    expect(await domain.sessions.find(after.session.id)).toMatchObject({ state: 'living' });
  });
});
