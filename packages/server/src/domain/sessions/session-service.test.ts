import { beforeEach, describe, expect, it } from 'vitest';
import type { ApiKey } from '../keys/api-key.js';
import { addApiKey, type DomainFixture, HOUR_MS, makeDomain } from '../testing/domain-fixture.js';
import { type WishOptions, wishOf } from '../testing/wishes.js';
import type { Session } from './session.js';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * HOUR_MS;

let domain: DomainFixture;
let key: ApiKey;

beforeEach(async () => {
  domain = makeDomain();
  key = await addApiKey(domain);
});

const open = async (options?: WishOptions): Promise<Session> =>
  (await domain.documentService.open(wishOf(key, options))).session;

const list = () => domain.sessionService.listForDocument(key.id, 'plan');
const stored = async (session: Session) => {
  const found = await domain.sessions.find(session.id);
  if (!found) throw new Error('The session is not in the store.');
  return found;
};
const refusal = (code: string) => expect.objectContaining({ code });

describe('the list of sessions', () => {
  it('[SE6] shows a session inactive, active while connected, and inactive again', async () => {
    const session = await open();
    const statuses: string[] = [];
    const look = async () => statuses.push((await list()).sessions[0]?.status ?? 'none');

    await look();
    await domain.sessionService.open(session.id);
    await look();
    domain.rooms.connect(session);
    await look();
    domain.rooms.disconnect(session);
    await look();

    expect(statuses).toEqual(['inactive', 'inactive', 'active', 'inactive']);
  });

  it('[SE7] holds living sessions only, oldest first', async () => {
    const first = await open();
    domain.time.advance(1000);
    const second = await open();
    domain.time.advance(1000);
    const third = await open();
    await domain.sessionService.remove(key.id, second.id);

    expect((await list()).sessions.map((view) => view.session.id)).toEqual([first.id, third.id]);
    domain.time.advance(6 * HOUR_MS - 2000);
    expect((await list()).sessions.map((view) => view.session.id)).toEqual([third.id]);
  });

  it('[SE8] counts active sessions, and people among them', async () => {
    const amelia = [await open({ user: '7' }), await open({ user: '7' })];
    const guests = [await open(), await open()];
    const absent = await open({ user: '8' });
    for (const session of [...amelia, ...guests]) domain.rooms.connect(session);

    const overview = await list();

    expect(overview.sessions.map((view) => view.session.id)).toContain(absent.id);
    expect(overview.activeSessions).toBe(4);
    expect(overview.collaborators).toBe(3);
  });

  it('[SE5] counts two tabs of one session as one session and one person', async () => {
    const session = await open();
    domain.rooms.connect(session);
    domain.rooms.connect(session);

    expect(await list()).toMatchObject({ activeSessions: 1, collaborators: 1 });
  });

  it('[SE11] refuses a document that is unknown, expired or of another key', async () => {
    const other = await addApiKey(domain, 'another-key');
    await open();

    await expect(domain.sessionService.listForDocument(other.id, 'plan')).rejects.toEqual(
      refusal('document_unknown'),
    );
    await expect(domain.sessionService.listForDocument(key.id, 'none')).rejects.toEqual(
      refusal('document_unknown'),
    );
    domain.time.advance(6 * HOUR_MS);
    await expect(list()).rejects.toEqual(refusal('document_unknown'));
  });
});

describe('a session by itself', () => {
  it('[SE9] is not there for a GET, and refused for a DELETE, when unknown, deleted or of another key', async () => {
    const other = await addApiKey(domain, 'another-key');
    const session = await open();
    const deleted = await open();
    await domain.sessionService.remove(key.id, deleted.id);

    for (const [keyId, id] of [
      [key.id, 'none'],
      [key.id, deleted.id],
      [other.id, session.id],
    ] as const) {
      expect(await domain.sessionService.describe(keyId, id)).toBeUndefined();
      await expect(domain.sessionService.remove(keyId, id)).rejects.toEqual(refusal('session_unknown'));
    }
    expect((await domain.sessionService.describe(key.id, session.id))?.session.id).toBe(session.id);
  });

  it('[SE10] is told expired for seven days and then unknown, swept or not', async () => {
    for (const sweeps of [false, true]) {
      const session = await open({ file: `file ${sweeps}` });
      domain.time.advance(6 * HOUR_MS);
      if (sweeps) await domain.lifeCycle.expireDue();
      await expect(domain.sessionService.describe(key.id, session.id)).rejects.toEqual(
        refusal('session_expired'),
      );
      await expect(domain.sessionService.remove(key.id, session.id)).rejects.toEqual(
        refusal('session_expired'),
      );
      await expect(domain.sessionService.open(session.id)).rejects.toEqual(refusal('session_expired'));

      domain.time.advance(7 * DAY_MS);
      if (sweeps) await domain.lifeCycle.expireDue();

      expect(await domain.sessionService.describe(key.id, session.id)).toBeUndefined();
      await expect(domain.sessionService.open(session.id)).rejects.toEqual(refusal('session_unknown'));
    }
  });

  it('[SE18] ends alone when it is deleted', async () => {
    const first = await open();
    const second = await open();
    domain.rooms.connect(first);

    await domain.sessionService.remove(key.id, first.id);

    expect(domain.rooms.ended).toEqual([{ sessionId: first.id, reason: 'session_deleted' }]);
    expect((await domain.sessionService.open(second.id)).document.state).toBe('living');
    expect(await domain.sessionService.find(first.id)).toBeUndefined();
  });
});

describe('the time of a session', () => {
  it('[SE12] is six hours from its creation', async () => {
    const session = await open();

    expect(session.expiresAt - session.createdAt).toBe(6 * HOUR_MS);
    domain.time.advance(6 * HOUR_MS - 1);
    expect(await domain.sessionService.find(session.id)).toBeDefined();
    domain.time.advance(1);
    expect(await domain.sessionService.find(session.id)).toBeUndefined();
  });

  it('[SE13] moves with activity, and no further than the absolute limit', async () => {
    const session = await open();
    for (let hour = 0; hour < 23; hour += 1) {
      domain.time.advance(HOUR_MS);
      await domain.sessionService.recordActivity(session.id);
      const moved = (await stored(session)).expiresAt;
      expect(moved).toBe(Math.min(domain.time.clock() + 6 * HOUR_MS, session.createdAt + DAY_MS));
    }
    domain.time.advance(HOUR_MS);

    expect(await domain.sessionService.find(session.id)).toBeUndefined();
  });

  it('[SE13] is written at most once a minute', async () => {
    const session = await open();
    let writes = 0;
    const update = domain.sessions.update.bind(domain.sessions);
    domain.sessions.update = (id, change) => {
      writes += 1;
      return update(id, change);
    };

    domain.time.advance(10 * MINUTE_MS);
    for (let second = 0; second < 120; second += 1) {
      await domain.sessionService.recordActivity(session.id);
      domain.time.advance(1000);
    }

    expect(writes).toBe(2);
  });

  it('[SE13] never moves back, and opening the page is activity', async () => {
    const session = await open();
    domain.time.advance(HOUR_MS);

    await domain.sessionService.open(session.id);

    expect(await stored(session)).toMatchObject({
      openedAt: domain.time.clock(),
      expiresAt: domain.time.clock() + 6 * HOUR_MS,
    });
  });

  it('[SE14] carries its document along', async () => {
    const first = await open();
    domain.time.advance(HOUR_MS);
    const second = await open();
    expect((await list()).document.expiresAt).toBe(second.expiresAt);
    domain.time.advance(HOUR_MS);

    await domain.sessionService.recordActivity(first.id);

    expect((await list()).document.expiresAt).toBe((await stored(first)).expiresAt);
    await domain.sessionService.remove(key.id, first.id);
    expect((await list()).document.expiresAt).toBe((await stored(first)).expiresAt);
  });

  it('[SE15] is extended on request and told to the connections', async () => {
    const session = await open();
    domain.time.advance(5 * HOUR_MS);

    const extended = await domain.sessionService.extend(session.id);

    expect(extended.expiresAt).toBe(domain.time.clock() + 6 * HOUR_MS);
    expect(domain.rooms.expiries).toEqual([{ sessionId: session.id, at: extended.expiresAt }]);
    domain.time.advance(6 * HOUR_MS);
    await expect(domain.sessionService.extend(session.id)).rejects.toEqual(refusal('session_expired'));
  });
});
