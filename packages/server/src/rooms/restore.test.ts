import { AppError } from '@officina/protocol';
import { beforeEach, describe, expect, it } from 'vitest';
import { ALL_PERMISSIONS } from './testing/fake-sessions.js';
import { settle } from './testing/fake-time.js';
import { RoomLab, typed } from './testing/room-lab.js';

let lab: RoomLab;
beforeEach(() => {
  lab = new RoomLab();
});

describe('restoring a version', () => {
  it('[SA42] [RO62] everybody is sent away and comes back to the version, in a new epoch, and hears who did it', async () => {
    const ada = await lab.enter('ada');
    const bob = await lab.enter('bob');
    ada.typeMany(3);
    await settle();

    ada.send({ t: 'restore', version: 2 });
    await settle();

    expect([ada.socket.closed?.code, bob.socket.closed?.code]).toEqual([1012, 1012]);
    const again = await lab.enter('bob', { lastSequence: 3, epoch: 1 });
    expect(again.welcome).toMatchObject({
      epoch: 2,
      snapshot: { sequence: 4 },
      operations: [],
      restored: { by: 'Name of ada', at: 7, from: { version: 2, at: 5 } },
    });
    // A page that opened the state before it heard of the new epoch has to open again too.
    const confused = await lab.enter('zoe', { lastSequence: 3, epoch: 2 });
    expect(confused.welcome.snapshot).toMatchObject({ sequence: 4 });
    const newcomer = await lab.enter('eve');
    expect(newcomer.welcome.restored).toBeUndefined();
    const [entry] = await lab.log.readAfter('document-1', 3);
    expect(entry).toMatchObject({ sequence: 4, actor: 'user-of-ada', author: 'Name of ada' });
  });

  it('[SA43] what was there before is kept as a snapshot', async () => {
    const ada = await lab.enter('ada');
    ada.typeMany(3);
    await settle();

    ada.send({ t: 'restore', sequence: 1 });
    await settle();

    const kept = await lab.log.listSnapshots('document-1');
    expect(kept.map(({ sequence, restored }) => [sequence, restored?.from.sequence])).toEqual([
      [4, 1],
      [3, undefined],
    ]);
  });

  it('[SA44] what is typed while a version is restored is neither numbered nor lost: its author sends it again', async () => {
    const ada = await lab.enter('ada');
    const bob = await lab.enter('bob');
    let goOn = () => {};
    lab.content.beforeRestore = () =>
      new Promise((resolve) => {
        goOn = resolve;
      });
    ada.send({ t: 'restore', sequence: 0 });
    await settle();
    bob.type('meanwhile');
    await settle();
    expect(bob.heard).toEqual([]);
    goOn();
    await settle();

    const again = await lab.enter('bob', { client: 'client-of-bob', epoch: 1 });
    expect(again.welcome.acknowledged).toBe(0);
    again.type('meanwhile', { n: 1 });
    await settle();
    expect(again.heard).toEqual(['meanwhile']);
  });

  it('[SA44] blocks as they were before a restore are not put over what was restored', async () => {
    const ada = await lab.enter('ada');
    ada.typeMany(3);
    await settle();
    ada.send({ t: 'restore', version: 2 });
    await settle();
    const again = await lab.enter('ada', { lastSequence: 3, epoch: 1 });

    again.send({ t: 'op', n: 4, base: 3, o: { ...typed('late'), touch: ['^p1'] } });
    again.send({ t: 'op', n: 5, base: 4, o: { ...typed('new'), touch: ['^p1'] } });
    await settle();

    expect(again.socket.all('reject')).toMatchObject([{ n: 4, code: 'document_restored' }]);
    expect(again.heard).toEqual(['new']);
  });

  it('[SA42] who may not edit restores nothing, nor does a preview', async () => {
    const permissions = { ...ALL_PERMISSIONS, 'document.edit': false };
    const reader = await lab.enter('reader', { session: { permissions } });
    const preview = await lab.enter('preview', { session: { mode: 'preview' } });

    for (const client of [reader, preview]) client.send({ t: 'restore', version: 1 });
    await settle();

    for (const client of [reader, preview]) {
      expect(client.socket.all('restoreRefused')).toMatchObject([{ code: 'permission_denied' }]);
      expect(client.socket.closed).toBeUndefined();
    }
  });

  it('[SA42] a version that is not kept is refused in words, and two restores at once are one', async () => {
    const ada = await lab.enter('ada');
    ada.send({ t: 'restore', version: 91 });
    await settle();
    expect(ada.socket.all('restoreRefused')).toMatchObject([{ code: 'version_unknown' }]);

    const bob = await lab.enter('bob');
    ada.send({ t: 'restore', version: 1 });
    bob.send({ t: 'restore', version: 1 });
    await settle();
    const restores = (await lab.log.listSnapshots('document-1')).filter(({ restored }) => restored);
    expect(restores).toHaveLength(1);
  });

  it('[SA42] a restore that fails says so; the document stays and takes edits again', async () => {
    const ada = await lab.enter('ada');
    ada.type('kept');
    await settle();
    lab.content.beforeRestore = async () => {
      throw new AppError('busy', 'Too many documents are being opened.');
    };

    ada.send({ t: 'restore', sequence: 0 });
    await settle();

    expect(ada.socket.all('restoreRefused')).toMatchObject([{ code: 'busy' }]);
    const again = await lab.enter('ada', { lastSequence: 1, epoch: 1 });
    expect(again.welcome).toMatchObject({ epoch: 1 });
    again.type('more', { n: 2 });
    await settle();
    expect(again.heard).toEqual(['more']);
  });

  it('a wish that names both a version and a place, or neither, is malformed', async () => {
    for (const wish of [{ version: 1, sequence: 1 }, {}]) {
      const client = await lab.enter(`who-${Object.keys(wish).length}`);
      client.send({ t: 'restore', ...wish });
      expect(client.socket.closed?.code).toBe(4400);
    }
  });
});
