import { AppError, DIGEST_EVERY } from '@officina/protocol';
import { describe, expect, it } from 'vitest';
import { ReplicaFault } from '../domain/content/document-snapshots.js';
import { NO_PERMISSIONS } from './testing/fake-sessions.js';
import { settle } from './testing/fake-time.js';
import { type Client, RoomLab } from './testing/room-lab.js';

describe('snapshots', () => {
  it('[RO37] one is made after 500 operations, and after 60 s of quiet when there is anything new', async () => {
    const lab = new RoomLab();
    const ada = await lab.enter('ada');
    ada.typeMany(499);
    await settle();
    expect(lab.content.taken).toBe(0);
    ada.type('the five hundredth');
    await settle();
    expect(lab.content.taken).toBe(1);

    await lab.time.advance(10 * 60_000);
    expect(lab.content.taken).toBe(1);
    ada.type('a last word');
    await lab.time.advance(59_999);
    expect(lab.content.taken).toBe(1);
    await lab.time.advance(1);
    expect(lab.content.taken).toBe(2);
  });

  it('[RO37] quiet begins anew with every operation', async () => {
    const lab = new RoomLab();
    const ada = await lab.enter('ada');
    for (let word = 0; word < 10; word += 1) {
      ada.type('again');
      await lab.time.advance(30_000);
    }
    expect(lab.content.taken).toBe(0);
    await lab.time.advance(30_000);
    expect(lab.content.taken).toBe(1);
  });

  it('[RO37] one that fails is tried again after a growing pause, and the room goes on', async () => {
    const lab = new RoomLab();
    const ada = await lab.enter('ada');
    lab.content.failure = new AppError('busy');
    ada.typeMany(500);
    await settle();
    expect(lab.content.taken).toBe(1);
    ada.type('meanwhile');
    await lab.time.advance(14_999);
    expect(lab.content.taken).toBe(1);
    await lab.time.advance(1);
    expect(lab.content.taken).toBe(2);
    await lab.time.advance(30_000);
    expect(lab.content.taken).toBe(3);

    lab.content.failure = undefined;
    await lab.time.advance(60_000);
    expect((await lab.enter('ben')).welcome.snapshot?.sequence).toBe(501);
    expect(ada.heard.length).toBe(501);
  });

  it('[RO37] what a crash left without a snapshot gets one soon after the room opens again', async () => {
    const lab = new RoomLab();
    const ada = await lab.enter('ada');
    ada.type('x');
    await settle();
    lab.crash();
    await lab.enter('ada', { lastSequence: 1, epoch: 1 });
    await lab.time.advance(60_000);
    expect(lab.content.taken).toBe(1);
  });

  it('[RO32] snapshots that were handed out can be fetched while newer ones are made', async () => {
    const lab = new RoomLab();
    const ada = await lab.enter('ada');
    ada.typeMany(500);
    await settle();
    ada.typeMany(500);
    await settle();
    const read = async (sequence: number) => {
      const bytes = await lab.rooms.readSnapshot('ada', sequence);
      return bytes && new TextDecoder().decode(bytes);
    };
    expect(await read(0)).toBe('base');
    expect(await read(500)).toBe('snapshot-500');
    expect(await read(1_000)).toBe('snapshot-1000');
    expect(await read(700)).toBeUndefined();
    lab.crash();
    expect(await read(500)).toBeUndefined();
    expect(await read(1_000)).toBe('snapshot-1000');
  });

  it('[RO38] the same fault of the replica twice puts the document in quarantine', async () => {
    const lab = new RoomLab();
    const ada = await lab.enter('ada');
    lab.content.failure = new ReplicaFault('boom', 3);
    ada.typeMany(500);
    await lab.time.advance(14_999);
    ada.type('still taken');
    await settle();
    expect(ada.heard.length).toBe(501);

    await lab.time.advance(1);
    expect(ada.socket.all('permissions').at(-1)?.permissions['document.edit']).toBe(false);
    expect(lab.rooms.metrics().quarantined).toBe(1);
    expect(lab.alarms).toContain('A document is in quarantine: it takes no more edits.');
    const n = ada.type('no longer');
    await settle();
    expect(ada.socket.all('reject')).toMatchObject([{ n, code: 'document_quarantined' }]);
    expect((await lab.enter('ben')).welcome.permissions['document.edit']).toBe(false);
  });
});

describe('digests', () => {
  async function inRoom(count: number) {
    const lab = new RoomLab();
    const people: Client[] = [];
    for (let at = 0; at < count; at += 1) people.push(await lab.enter(`person-${at}`));
    people[0]?.typeMany(DIGEST_EVERY);
    await settle();
    const tell = async (at: number, digest: string, sequence = DIGEST_EVERY) => {
      people[at]?.send({ t: 'digest', sequence, digest });
      await settle();
    };
    return { lab, people, tell };
  }

  it('[RO39] replicas that agree are left alone', async () => {
    const { lab, people, tell } = await inRoom(3);
    for (const at of [0, 1, 2]) await tell(at, 'same');
    expect(people.flatMap(({ socket }) => socket.all('reload'))).toEqual([]);
    expect([lab.rooms.metrics().digestMismatches, lab.content.judged]).toEqual([0, []]);
  });

  it('[RO39] the minority loads again, with an alarm', async () => {
    const { lab, people, tell } = await inRoom(3);
    await tell(0, 'same');
    await tell(1, 'same');
    await tell(2, 'astray');
    expect(people.map(({ socket }) => socket.all('reload').length)).toEqual([0, 0, 1]);
    expect(lab.alarms).toContain('A replica differs from the others and loads again.');
    expect(lab.rooms.metrics().digestMismatches).toBe(1);
  });

  it('[RO39] between two the replica of the server decides', async () => {
    const { lab, people, tell } = await inRoom(2);
    await tell(0, 'astray');
    await tell(1, `right@${DIGEST_EVERY}`);
    expect(lab.content.judged).toEqual([DIGEST_EVERY]);
    expect(people.map(({ socket }) => socket.all('reload').length)).toEqual([1, 0]);
  });

  it('[RO39] a snapshot finds out a replica that is alone', async () => {
    const lab = new RoomLab();
    const ada = await lab.enter('ada');
    ada.typeMany(600);
    await settle();
    ada.send({ t: 'digest', sequence: 600, digest: 'astray' });
    await settle();
    expect(ada.socket.all('reload')).toEqual([{ t: 'reload', reason: 'astray' }]);
  });

  it('[RO39] digests of other sequences, of the future and of long ago are not heard', async () => {
    const { lab, people, tell } = await inRoom(2);
    for (const [at, sequence] of [7, DIGEST_EVERY * 2, 0].entries()) {
      await tell(at % 2, 'a', sequence);
      await tell((at + 1) % 2, 'b', sequence);
    }
    expect(people.flatMap(({ socket }) => socket.all('reload'))).toEqual([]);
    expect(lab.content.judged).toEqual([]);
  });
});

describe('saves from the room', () => {
  it('[RO60] a save is requested only after what was sent before it is durable', async () => {
    const lab = new RoomLab();
    const ada = await lab.enter('ada');
    let heardAtRequest = -1;
    lab.saves.onRequest = () => {
      heardAtRequest = ada.heard.length;
    };
    lab.log.hold();
    ada.type('first');
    ada.send({ t: 'save', force: true });
    await lab.time.advance(1_000);
    expect(lab.saves.requests).toEqual([]);
    lab.log.release();
    await settle();
    expect(lab.saves.requests).toEqual([{ sessionId: 'ada', reason: 'user', force: true }]);
    expect(heardAtRequest).toBe(1);
  });

  it('[RO60] progress goes to the pages of that session alone, each step once', async () => {
    const lab = new RoomLab();
    const ada = await lab.enter('ada', { client: 'client-one' });
    const other = await lab.enter('ada', { client: 'client-two' });
    const ben = await lab.enter('ben');
    ada.send({ t: 'save' });
    await settle();
    lab.saves.report('document-1', 'ada', { state: 'accepted', deliveryId: 'save-1', version: 1 });
    const delivered = { state: 'delivered', deliveryId: 'save-1', version: 1, message: 'ok', at: 5 } as const;
    lab.saves.report('document-1', 'ada', delivered);
    lab.saves.report('another', 'ada', delivered);
    for (const page of [ada, other]) {
      expect(page.socket.all('save').map(({ progress }) => progress.state)).toEqual([
        'accepted',
        'delivered',
      ]);
    }
    expect(ben.socket.all('save')).toEqual([]);
  });

  it('[SA46] a version that has arrived is told to everybody once, with the place that it holds', async () => {
    const lab = new RoomLab();
    const ada = await lab.enter('ada');
    const ben = await lab.enter('ben');
    const arrived = (version: number) =>
      ({
        state: 'delivered',
        deliveryId: `s${version}`,
        version,
        message: 'ok',
        at: 5,
        sequence: 7,
      }) as const;

    lab.saves.report('document-1', 'ada', arrived(2));
    // The same for another session that waits for it, and an older one that comes late.
    lab.saves.report('document-1', 'ben', arrived(2));
    lab.saves.report('document-1', 'ada', arrived(1));
    // Nobody here asked for this one.
    lab.saves.report('document-1', 'gone', arrived(3));
    await settle();

    for (const page of [ada, ben]) {
      expect(page.socket.all('delivered')).toEqual([
        { t: 'delivered', version: 2, sequence: 7, at: 5 },
        { t: 'delivered', version: 3, sequence: 7, at: 5 },
      ]);
    }
  });

  it('[RO60] a refusal is told with its code, a reader may not save, and a second wish waits for the first', async () => {
    const lab = new RoomLab();
    const ada = await lab.enter('ada');
    lab.saves.refusal = new AppError('save_url_missing');
    ada.send({ t: 'save' }, { t: 'save' });
    await settle();
    expect(ada.socket.all('save').map(({ progress }) => 'code' in progress && progress.code)).toEqual([
      'save_url_missing',
    ]);
    const reader = await lab.enter('reader', { session: { permissions: NO_PERMISSIONS } });
    reader.send({ t: 'save' });
    await settle();
    expect(reader.socket.all('save')[0]?.progress).toMatchObject({
      state: 'failed',
      code: 'permission_denied',
    });
  });

  it('[RO61] 45 s after the last editor left, everything goes to every target', async () => {
    const lab = new RoomLab();
    const ada = await lab.enter('ada');
    await lab.enter('reader', { session: { permissions: NO_PERMISSIONS } });
    ada.type('x');
    await settle();
    ada.socket.close(1001, 'closed');
    await lab.time.advance(44_999);
    expect(lab.saves.leaves).toEqual([]);
    await lab.time.advance(1);
    expect(lab.saves.leaves).toEqual([{ documentKey: 'document-1', reason: 'leave' }]);
  });

  it('[RO61] a page that loads again has not left, and a key that wants no such push gets none', async () => {
    const lab = new RoomLab();
    const ada = await lab.enter('ada');
    ada.send({ t: 'bye' });
    await lab.time.advance(3_000);
    const again = await lab.enter('ada', { client: 'client-after-reload' });
    await lab.time.advance(120_000);
    expect(lab.saves.leaves).toEqual([]);

    lab.savesOnLeave = false;
    again.send({ t: 'bye' });
    await lab.time.advance(120_000);
    expect(lab.saves.leaves).toEqual([]);
  });
});

describe('rooms and leases', () => {
  it('[RO44] a document that another node holds is not opened here', async () => {
    const lab = new RoomLab();
    await lab.leases.acquire('document-1', 'node-2', lab.time.clock(), 60_000);
    const ada = await lab.enter('ada');
    expect(ada.socket.closed?.code).toBe(1012);
    await lab.time.advance(60_000);
    expect((await lab.enter('ada')).welcome.epoch).toBe(1);
  });

  it('[RO44] an empty room is closed and its lease given back; who comes later finds everything', async () => {
    const lab = new RoomLab();
    const ada = await lab.enter('ada');
    ada.type('kept');
    await settle();
    ada.send({ t: 'bye' });
    expect(lab.leases.ownerOf('document-1', lab.time.clock())).toBe('node-1');
    await lab.time.advance(5 * 60_000);
    expect(lab.rooms.metrics().rooms).toBe(0);
    expect(lab.leases.ownerOf('document-1', lab.time.clock())).toBeUndefined();
    const late = await lab.enter('ben');
    expect(late.welcome.snapshot?.sequence).toBe(1);
  });

  it('[RO44] a room with people keeps its lease for hours', async () => {
    const lab = new RoomLab();
    await lab.enter('ada');
    await lab.time.advance(2 * 3_600_000);
    expect(lab.leases.ownerOf('document-1', lab.time.clock())).toBe('node-1');
  });

  it('[RO44] a room whose lease another node has taken sends everybody away', async () => {
    const lab = new RoomLab();
    const ada = await lab.enter('ada');
    await lab.leases.release('document-1', 'node-1');
    await lab.leases.acquire('document-1', 'node-2', lab.time.clock(), 600_000);
    await lab.time.advance(20_000);
    expect(ada.socket.closed?.code).toBe(1012);
  });

  it('[RO45] closing makes everything durable first and says at once what leaving would have said', async () => {
    const lab = new RoomLab();
    const ada = await lab.enter('ada');
    const ben = await lab.enter('ben', { session: { documentKey: 'document-2' } });
    ben.send({ t: 'bye' });
    lab.log.hold();
    ada.type('last');
    await settle();
    const closing = lab.rooms.close();
    await settle();
    expect(ada.socket.closed).toBeUndefined();
    lab.log.release();
    await closing;
    expect(ada.heard).toEqual(['last']);
    expect(ada.socket.closed?.code).toBe(1012);
    expect(lab.saves.leaves).toEqual([{ documentKey: 'document-2', reason: 'leave' }]);
    expect(lab.leases.ownerOf('document-1', lab.time.clock())).toBeUndefined();
    expect((await lab.enter('ada')).socket.closed?.code).toBe(1012);
  });
});
