import { createHash } from 'node:crypto';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { HOUSE_KEY, houseTarget, labelOf } from '../../domain/library/house-key.js';
import type { Save } from '../../domain/saving/save.js';
import type { Session } from '../../domain/sessions/session.js';
import { type LibraryLab, openLibraryLab, type Person } from './testing/library-lab.js';

/** What the deliverer is given of the house's key: its saves are never signed. */
const HOUSE_CREDENTIALS = { signingSecrets: [], egressAllow: [] };

let lab: LibraryLab;
let ada: Person;
let bob: Person;
let plan: string;

beforeEach(async () => {
  lab = await openLibraryLab();
  ada = await lab.person('Ada');
  bob = await lab.person('Bob');
  plan = await ada.upload('Plan', 'first words');
  await ada.post(`documents/${plan}/shares`, { people: ['Bob'], canWrite: true });
});
afterEach(async () => {
  expect(lab.faults).toEqual([]);
  await lab.close();
});

it('[LI103] a document opens through the same sessions, one for each person, with the rights of the share', async () => {
  const first = await enter(ada);
  const again = await enter(ada);
  const second = await enter(bob);
  expect(again.id).toBe(first.id);
  expect(second.documentKey).toBe(first.documentKey);
  expect(first.user).toEqual({ userId: ada.account.id, displayName: 'Ada' });
  expect(first.callback).toEqual(houseTarget(plan));
  expect(canEdit(first) && canEdit(second)).toBe(true);

  await ada.post(`documents/${plan}/shares`, { people: ['Cleo@example.org'], canWrite: false });
  const cleo = await lab.person('Cleo');
  const reading = await enter(cleo);
  expect(canEdit(reading)).toBe(false);
  expect(reading.permissions).toMatchObject({ 'document.export': true, 'review.comment': false });
});

it('[LI103] whoever may not read a document does not enter, and a public one shows its page instead', async () => {
  const cleo = await lab.person('Cleo');
  await expect(lab.editing.enter(cleo.account, plan)).rejects.toMatchObject({ code: 'document_unknown' });
  await ada.post(`documents/${plan}/publish`, { isPublic: true });
  expect(await lab.editing.enter(cleo.account, plan)).toEqual({ to: 'public_page' });
});

it('[LI104] a save is the next version, by whoever asked, and the same bytes are never one twice', async () => {
  const session = await enter(bob);
  const save = saveOf(session, 'second words', bob.account.id);
  const first = await lab.deliverer.deliver(save.row, save.bytes, HOUSE_CREDENTIALS);
  expect(first).toMatchObject({ outcome: 'delivered', message: 'Version 1.1' });
  // The server may have stopped between the version and the note of it.
  const again = await lab.deliverer.deliver(save.row, save.bytes, HOUSE_CREDENTIALS);
  expect(again).toMatchObject({ outcome: 'delivered', message: 'Version 1.1' });
  const { versions } = (await ada.get(`documents/${plan}/versions`)).json();
  expect(versions.map(({ version, by }: { version: string; by: string }) => [version, by])).toEqual([
    ['1.1', 'Bob'],
    ['1.0', 'Ada'],
  ]);
});

it('[LI104] the history of the editor calls what was kept by its version, and nothing else', () => {
  const kept = { apiKeyId: HOUSE_KEY.id, state: 'delivered', message: 'Version 1.1' } as const;
  expect(labelOf(kept)).toEqual({ label: 'Version 1.1' });
  expect(labelOf({ ...kept, state: 'parked' })).toEqual({});
  expect(labelOf({ ...kept, message: 'Document already saved' })).toEqual({});
  expect(labelOf({ ...kept, apiKeyId: 'an application' })).toEqual({});
});

it('[LI104] a save of somebody who may not save any more is refused, in words', async () => {
  const session = await enter(bob);
  await ada.post(`documents/${plan}/shares`, { people: ['Bob'], canWrite: false });
  const save = saveOf(session, 'second words', bob.account.id);
  const answer = await lab.deliverer.deliver(save.row, save.bytes, HOUSE_CREDENTIALS);
  expect(answer).toMatchObject({
    outcome: 'refused',
    canHeal: false,
    message: 'You may only read this document.',
  });
});

it('[LI105] a right that is withdrawn or given takes effect in the open room at once', async () => {
  const session = await enter(bob);
  await ada.post(`documents/${plan}/shares`, { people: ['Bob'], canWrite: false });
  await followed();
  await ada.post(`documents/${plan}/shares`, { people: ['Bob'], canWrite: true });
  await followed();
  const told = lab.rooms.rights.filter(({ sessionId }) => sessionId === session.id);
  expect(told.map(({ permissions }) => permissions['document.edit'])).toEqual([false, true]);
  expect(canEdit(await stored(session))).toBe(true);
});

it.each([
  ['shares/cancel', { email: 'bob@example.org' }],
  ['sharing', { isSharing: false }],
  ['trash', {}],
])('[LI105] %s ends the sessions of those who lose the document', async (verb, body) => {
  const [own, other] = [await enter(ada), await enter(bob)];
  await ada.post(`documents/${plan}/${verb}`, body);
  await followed();
  expect(lab.rooms.ended).toEqual([{ sessionId: other.id, reason: 'access_withdrawn' }]);
  expect((await stored(other)).state).toBe('deleted');
  expect((await stored(own)).state).toBe('living');
  expect(canEdit(await stored(own))).toBe(verb !== 'trash');
});

it('[LI105] deleting a document for good ends its room', async () => {
  const session = await enter(ada);
  await ada.post(`documents/${plan}/trash`);
  await ada.post(`documents/${plan}/delete`);
  await followed();
  expect(lab.rooms.ended).toEqual([{ sessionId: session.id, reason: 'document_deleted' }]);
});

it('[LI106] a lock makes readers of the others, until it is given up, broken or runs out', async () => {
  const session = await enter(bob);
  const mayEdit = async () => {
    await followed();
    return canEdit(await stored(session));
  };
  await ada.post(`documents/${plan}/lock`);
  expect(await mayEdit()).toBe(false);
  expect((await bob.post(`documents/${plan}/unlock`)).statusCode).toBe(403);
  await ada.post(`documents/${plan}/unlock`);
  expect(await mayEdit()).toBe(true);
  await ada.post(`documents/${plan}/lock`);
  expect(await mayEdit()).toBe(false);
  lab.time.advance(30 * 60_000);
  expect(await mayEdit()).toBe(true);

  const own = await enter(ada);
  await bob.post(`documents/${plan}/lock`);
  await followed();
  expect(canEdit(await stored(own))).toBe(false);
  await ada.post(`documents/${plan}/unlock`);
  await followed();
  expect(canEdit(await stored(own))).toBe(true);
});

it('[LI107] edits that nobody saved are there at the next opening, and saved by themselves they are the owner’s', async () => {
  const session = await enter(bob);
  lab.domain.content.edit(session.documentKey, 3);
  const later = await enter(ada);
  expect(later.documentKey).toBe(session.documentKey);
  await ada.post(`documents/${plan}/shares/cancel`, { email: 'bob@example.org' });
  const save = saveOf(session, 'unsaved words', null);
  expect(await lab.deliverer.deliver(save.row, save.bytes, HOUSE_CREDENTIALS)).toMatchObject({
    message: 'Version 1.1',
  });
  const { versions } = (await ada.get(`documents/${plan}/versions`)).json();
  expect(versions[0]).toMatchObject({ version: '1.1', by: 'Ada' });
});

it('[LI107] a version that came from elsewhere begins the next opening, once nobody is there', async () => {
  const session = await enter(ada);
  lab.rooms.connect(session);
  await ada.upload('Plan', 'from elsewhere', `documents/${plan}/upload`);
  expect((await enter(bob)).documentKey).toBe(session.documentKey);
  lab.rooms.disconnect(session);
  expect((await enter(bob)).documentKey).not.toBe(session.documentKey);
});

async function enter({ account }: Person): Promise<Session> {
  const entrance = await lab.editing.enter(account, plan);
  if (entrance.to !== 'room') throw new Error(`${account.displayName} was shown the public page.`);
  return entrance.session;
}

/** Resolves when the rooms have followed every change so far. */
async function followed(): Promise<void> {
  await lab.editing.requireEmpty(plan).catch(() => undefined);
}

async function stored({ id }: Session): Promise<Session> {
  const found = await lab.domain.sessions.find(id);
  if (!found) throw new Error(`There is no session ${id}.`);
  return found;
}

function canEdit({ permissions }: Session): boolean {
  return permissions['document.edit'];
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** What the pipeline hands over: only what the deliverer reads is more than boring. */
function saveOf(session: Session, text: string, userId: string | null): { row: Save; bytes: Uint8Array } {
  const row: Save = {
    ...{ id: 's', documentKey: session.documentKey, apiKeyId: HOUSE_KEY.id, documentId: plan },
    ...{ documentName: 'Plan', sessionId: session.id, userId, reason: userId ? 'user' : 'expiry' },
    ...{ force: false, version: 1, sequence: 3, targetId: 't', target: houseTarget(plan), state: 'built' },
    ...{ blob: null, sha256: hashOf(text), attempts: 0, nextAttemptAt: 0, leasedUntil: null },
    ...{ leaseOwner: null, createdAt: 0, settledAt: null, message: null },
  };
  return { row, bytes: new TextEncoder().encode(text) };
}
