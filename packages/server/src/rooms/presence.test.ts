import { FRAME_PACKING } from '@officina/protocol';
import { describe, expect, it } from 'vitest';
import { gatheringWindow } from './pace.js';
import { aSession } from './testing/fake-sessions.js';
import { settle } from './testing/fake-time.js';
import { RoomLab } from './testing/room-lab.js';

describe('presence', () => {
  it('[RO22] tells the newest selection of each person, at most every 80 ms, in one frame', async () => {
    const lab = new RoomLab();
    const ada = await lab.enter('ada');
    const ben = await lab.enter('ben');
    await lab.time.advance(1_000);
    for (let at = 1; at <= 20; at += 1) ada.send({ t: 'presence', selection: { at } });
    ben.send({ t: 'presence', selection: null });
    await lab.time.advance(20);
    const selections = [
      { client: 'client-of-ada', selection: { at: 20 } },
      { client: 'client-of-ben', selection: null },
    ];
    expect(ben.socket.all('presence')).toEqual([{ t: 'presence', selections }]);

    ada.send({ t: 'presence', selection: { at: 21 } });
    await lab.time.advance(79);
    expect(ben.socket.all('presence').length).toBe(1);
    await lab.time.advance(1);
    expect(ben.socket.all('presence').length).toBe(2);
  });

  it('[RO22] a selection goes along with operations when it is its time', async () => {
    const lab = new RoomLab();
    const ada = await lab.enter('ada');
    const ben = await lab.enter('ben');
    await lab.time.advance(1_000);
    const before = ben.socket.frames.length;
    ada.send({ t: 'presence', selection: { at: 1 } });
    await lab.time.advance(10);
    ada.type('x');
    await lab.time.advance(200);
    expect(ben.socket.frames.length - before).toBe(1);
  });

  it('[RO22] a newcomer learns where everybody is, and not where those are who left', async () => {
    const lab = new RoomLab();
    const ada = await lab.enter('ada');
    const cleo = await lab.enter('cleo');
    ada.send({ t: 'presence', selection: { at: 7 } });
    cleo.send({ t: 'presence', selection: { at: 9 } });
    cleo.send({ t: 'bye' });
    await lab.time.advance(1_000);
    const ben = await lab.enter('ben');
    expect(ben.socket.all('presence')).toEqual([
      { t: 'presence', selections: [{ client: 'client-of-ada', selection: { at: 7 } }] },
    ]);
  });

  it('[RO22] selections are never logged', async () => {
    const lab = new RoomLab();
    const ada = await lab.enter('ada');
    ada.send({ t: 'presence', selection: { at: 7 } });
    await lab.time.advance(1_000);
    expect(lab.log.appends).toBe(0);
  });

  it('[RO23] a dropped session counts as active for 60 s, one that said goodbye not at all', async () => {
    const lab = new RoomLab();
    const ada = await lab.enter('ada');
    const ben = await lab.enter('ben');
    const active = () => [...lab.rooms.presence.activeSessions('document-1')].sort();
    expect(active()).toEqual(['ada', 'ben']);

    ben.send({ t: 'bye' });
    expect(active()).toEqual(['ada']);
    ada.socket.close(1006, 'network');
    await lab.time.advance(59_999);
    expect(active()).toEqual(['ada']);
    await lab.time.advance(1);
    expect(active()).toEqual([]);
    expect(lab.rooms.presence.activeSessions('another').size).toBe(0);
  });

  it('[RO23] a session with two pages is active until both are gone', async () => {
    const lab = new RoomLab();
    const one = await lab.enter('ada', { client: 'client-one' });
    const two = await lab.enter('ada', { client: 'client-two' });
    one.send({ t: 'bye' });
    expect([...lab.rooms.presence.activeSessions('document-1')]).toEqual(['ada']);
    two.send({ t: 'bye' });
    expect([...lab.rooms.presence.activeSessions('document-1')]).toEqual([]);
  });

  it('[RO23] work is told to the session at most once a minute', async () => {
    const lab = new RoomLab();
    const ada = await lab.enter('ada');
    for (let word = 0; word < 10; word += 1) ada.type('x');
    ada.send({ t: 'presence', selection: null });
    await settle();
    expect(lab.sessions.activity).toEqual(['ada']);
    await lab.time.advance(60_000);
    ada.type('later');
    await settle();
    expect(lab.sessions.activity).toEqual(['ada', 'ada']);
  });
});

describe('fan-out', () => {
  it('[RO40] the window is 0 in a quiet room and grows to 20 ms with people × rate', () => {
    expect(gatheringWindow(2, 10)).toBe(0);
    expect(gatheringWindow(100, 20)).toBe(0);
    expect(gatheringWindow(100, 200)).toBeCloseTo(6.84);
    expect(gatheringWindow(500, 1_000)).toBe(20);
    expect(gatheringWindow(2_000, 2_000)).toBe(20);
  });

  it('[RO40] a busy room sends one frame for many operations and loses nothing', async () => {
    const lab = new RoomLab();
    const people = [];
    for (let at = 0; at < 60; at += 1) people.push(await lab.enter(`person-${at}`));
    const [first] = people;
    const before = first?.socket.frames.length ?? 0;
    for (let ms = 0; ms < 1_000; ms += 1) {
      people[ms % 60]?.type(`word ${ms}`);
      await lab.time.advance(1);
    }
    await lab.time.advance(20);
    expect(first?.heard.length).toBe(1_000);
    // The first operations of the second go out one by one, until the rate is known.
    expect((first?.socket.frames.length ?? 0) - before).toBeLessThan(400);
  });

  it('[RO40] frames that many get are packed for those who read that, and hold the same for all', async () => {
    const lab = new RoomLab();
    const plain = await lab.enter('plain');
    const otherWay = await lab.enter('other-way', { packed: 99 });
    const packing = await lab.enter('packing', { packed: FRAME_PACKING });
    for (let at = 0; at < 40; at += 1) await lab.enter(`person-${at}`, { packed: FRAME_PACKING });
    plain.type('long '.repeat(200));
    await settle();
    await lab.time.advance(20);
    expect(packing.socket.packed).toBeGreaterThan(0);
    expect(plain.socket.packed + otherWay.socket.packed).toBe(0);
    expect(packing.heard).toEqual(plain.heard);
    expect(otherWay.heard).toEqual(plain.heard);
  });

  it('[RO42] a connection whose backlog grows too large is closed with 4408 and resumes without loss', async () => {
    const lab = new RoomLab();
    const ada = await lab.enter('ada');
    const slow = await lab.enter('slow');
    slow.socket.backlog = 5 * 1024 * 1024;
    ada.type('one');
    await settle();
    expect(slow.socket.closed?.code).toBe(4408);
    ada.type('two');
    await settle();
    expect(ada.heard).toEqual(['one', 'two']);
    const back = await lab.enter('slow', { lastSequence: 1, epoch: 1 });
    expect(back.heard).toEqual(['two']);
    expect(lab.rooms.metrics().slowDrops).toBe(1);
  });

  it('[RO42] one large frame is no backlog: a welcome of any size arrives', async () => {
    const lab = new RoomLab();
    const ada = await lab.enter('ada');
    ada.type('x'.repeat(5_000_000));
    await settle();
    lab.sessions.add(aSession('ben'));
    const ben = lab.open('ben');
    const send = ben.socket.send.bind(ben.socket);
    ben.socket.send = (frame) => send(frame) + frame.byteLength;
    ben.greet({ client: 'client-of-ben' });
    await settle();
    expect(ben.operations.length).toBe(1);
    expect(ben.socket.closed).toBeUndefined();
  });
});

describe('sessions and rooms', () => {
  it('[RO43] ending a session closes all its connections with 4403 and the reason, and no other', async () => {
    const lab = new RoomLab();
    const one = await lab.enter('ada', { client: 'client-one' });
    const two = await lab.enter('ada', { client: 'client-two' });
    const ben = await lab.enter('ben');
    const joining = lab.open('ada');
    lab.rooms.control.endSession(aSession('ada'), 'session_deleted');
    for (const page of [one, two, joining]) {
      expect(page.socket.all('ended')).toEqual([{ t: 'ended', reason: 'session_deleted' }]);
      expect(page.socket.closed?.code).toBe(4403);
    }
    expect(ben.socket.closed).toBeUndefined();
    expect([...lab.rooms.presence.activeSessions('document-1')]).toEqual(['ben']);
  });

  it('[RO43] an operation that was durable before its session ended stays', async () => {
    const lab = new RoomLab();
    const ada = await lab.enter('ada');
    ada.type('kept');
    lab.rooms.control.endSession(aSession('ada'), 'session_deleted');
    ada.type('too late');
    await settle();
    expect((await lab.enter('ben')).heard).toEqual(['kept']);
  });

  it('[RO43] a moved expiry is told to the session, and a page may ask for it', async () => {
    const lab = new RoomLab();
    const ada = await lab.enter('ada');
    const ben = await lab.enter('ben');
    lab.rooms.control.tellExpiry(aSession('ada', { expiresAt: 123 }));
    expect(ada.socket.all('expires')).toEqual([{ t: 'expires', at: 123 }]);
    expect(ben.socket.all('expires')).toEqual([]);
    ada.send({ t: 'extend' });
    await settle();
    expect(lab.sessions.extended).toEqual(['ada']);
  });

  it('[RO13] permissions that change hold from the next operation on, and are told to their session alone', async () => {
    const lab = new RoomLab();
    const ada = await lab.enter('ada');
    const ben = await lab.enter('ben');
    ada.type('before');
    const joining = lab.open('ada');
    joining.greet({ client: 'client-ada-2' });
    const permissions = { ...aSession('ada').permissions, 'document.edit': false };
    lab.rooms.control.tellPermissions(aSession('ada', { permissions }));
    ada.type('behind');
    await settle();
    expect(ada.socket.all('permissions')).toEqual([{ t: 'permissions', permissions }]);
    expect(ben.socket.all('permissions')).toEqual([]);
    expect(ada.socket.all('reject')).toMatchObject([{ code: 'permission_denied' }]);
    // Whoever was on the way in comes in with the rights that hold now.
    const [welcome] = joining.socket.all('welcome');
    expect(welcome?.permissions['document.edit']).toBe(false);
    expect(ben.heard).toEqual(['before']);

    lab.rooms.control.tellPermissions(aSession('ada'));
    ada.type('again');
    await settle();
    expect(ben.heard).toEqual(['before', 'again']);
  });

  it('[RO41] sessions that are unknown or over are turned away with their own codes', async () => {
    const lab = new RoomLab();
    const stranger = lab.open('nobody');
    stranger.greet({ client: 'client-nobody' });
    lab.sessions.add(aSession('old', { state: 'expired' }));
    const late = lab.open('old');
    late.greet({ client: 'client-old' });
    await settle();
    expect(stranger.socket.closed?.code).toBe(4401);
    expect(late.socket.all('ended')).toEqual([{ t: 'ended', reason: 'session_expired' }]);
    expect(late.socket.closed?.code).toBe(4403);
  });
});
