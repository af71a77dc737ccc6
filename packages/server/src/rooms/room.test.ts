import { describe, expect, it } from 'vitest';
import { settle } from './testing/fake-time.js';
import { RoomLab, typed } from './testing/room-lab.js';

describe('room: order and durability', () => {
  it('[RO1] numbers operations from 1 without a gap, in one order for everybody', async () => {
    const lab = new RoomLab();
    const ada = await lab.enter('ada');
    const ben = await lab.enter('ben');

    ada.type('a1');
    ben.type('b1');
    ada.type('a2');
    await settle();

    expect(ada.heard).toEqual(['a1', 'b1', 'a2']);
    expect(ben.heard).toEqual(ada.heard);
    expect(ada.operations.map(({ sequence }) => sequence)).toEqual([1, 2, 3]);
  });

  it('[RO1] sixty people hear one order', async () => {
    const lab = new RoomLab();
    const people = [];
    for (let at = 0; at < 60; at += 1) people.push(await lab.enter(`person-${at}`));
    for (let word = 0; word < 5; word += 1) {
      for (const [at, person] of people.entries()) person.type(`${at}:${word}`);
      await settle();
    }
    await lab.time.advance(100);

    const [first] = people;
    expect(first?.heard.length).toBe(300);
    for (const person of people) expect(person.heard).toEqual(first?.heard);
    expect(lab.rooms.metrics()).toMatchObject({ rooms: 1, connections: 60, operations: 300 });
  });

  it('[RO2] nobody hears of an operation, its author included, before it is durable', async () => {
    const lab = new RoomLab();
    const ada = await lab.enter('ada');
    const ben = await lab.enter('ben');
    lab.log.hold();

    ada.type('a1');
    await lab.time.advance(1_000);
    expect([...ada.heard, ...ben.heard]).toEqual([]);

    lab.log.release();
    await settle();
    expect(ada.heard).toEqual(['a1']);
    expect(ben.heard).toEqual(['a1']);
  });

  it('[RO3] what arrives while a commit is under way is the next commit, in one frame', async () => {
    const lab = new RoomLab();
    const ada = await lab.enter('ada');
    const ben = await lab.enter('ben');
    lab.log.hold();
    ada.type('a1');
    await settle();
    for (let word = 2; word <= 9; word += 1) ada.type(`a${word}`);
    await settle();
    expect(lab.log.appends).toBe(1);

    lab.log.release();
    await settle();
    expect(lab.log.appends).toBe(2);
    expect(ben.socket.all('ops').map(({ operations }) => operations.length)).toEqual([1, 8]);
  });

  it('[RO4] drops a number it has seen, in the same life and after a restart', async () => {
    const lab = new RoomLab();
    const ada = await lab.enter('ada');
    ada.type('once');
    ada.type('once more', { n: 1 });
    await settle();
    expect(ada.heard).toEqual(['once']);

    lab.crash();
    const again = await lab.enter('ada');
    again.type('and again', { n: 1 });
    again.type('new', { n: 2 });
    await settle();
    expect(again.heard).toEqual(['once', 'new']);
    expect(lab.rooms.metrics().duplicates).toBe(1);
  });

  it('[RO4] a refused number is used up, and the next one may leave a gap', async () => {
    const lab = new RoomLab();
    const ada = await lab.enter('ada');
    ada.send({ t: 'op', n: 1, base: 0, o: { ops: [{ kind: 'no such kind' }] } });
    ada.type('second try under the same number', { n: 1 });
    ada.type('next', { n: 2 });
    await settle();
    expect(ada.socket.all('reject').map(({ n, code }) => [n, code])).toEqual([[1, 'kind_unknown']]);
    expect(ada.operations.map(({ n, sequence }) => [n, sequence])).toEqual([[2, 1]]);
  });

  it('[RO5] after kill -9 nothing acknowledged is lost and nothing sent again is doubled', async () => {
    const lab = new RoomLab();
    const ada = await lab.enter('ada');
    ada.type('durable');
    await settle();
    lab.log.hold();
    ada.type('on its way');
    ada.type('behind it');
    await settle();
    expect(ada.heard).toEqual(['durable']);

    lab.crash();
    const back = await lab.enter('ada', { lastSequence: 1, epoch: 1 });
    expect(back.welcome).toMatchObject({ acknowledged: 1, snapshot: null, operations: [] });
    back.type('on its way', { n: 2 });
    back.type('behind it', { n: 3 });
    await settle();
    const late = await lab.enter('ben');
    expect(late.heard).toEqual(['durable', 'on its way', 'behind it']);
  });

  it('[RO5] an operation that was durable but never acknowledged is found in the welcome', async () => {
    const lab = new RoomLab();
    const ada = await lab.enter('ada');
    ada.type('kept');
    ada.socket.close(1006, 'network');
    await settle();
    const back = await lab.enter('ada', { lastSequence: 0, epoch: 1 });
    expect(back.welcome.acknowledged).toBe(1);
    expect(back.heard).toEqual(['kept']);
  });

  it('[RO6] when the log refuses, everybody is sent away and the room starts again from the log', async () => {
    const lab = new RoomLab();
    const ada = await lab.enter('ada');
    ada.type('kept');
    await settle();
    lab.log.failNextAppend(new Error('disk full'));
    ada.type('refused by the disk');
    await settle();
    expect(ada.socket.closed?.code).toBe(1012);
    expect(lab.alarms).toContain('The log refused an append; the room restarts.');

    const back = await lab.enter('ada', { lastSequence: 1, epoch: 1 });
    back.type('refused by the disk', { n: 2 });
    await settle();
    expect((await lab.log.readAfter('document-1', 0)).map(({ n }) => n)).toEqual([1, 2]);
  });

  it('[RO7] a client id belongs to one person, after a restart too', async () => {
    const lab = new RoomLab();
    const ada = await lab.enter('ada');
    ada.type('mine');
    await settle();
    const thief = await lab.enter('ben', { client: 'client-of-ada' });
    expect(thief.socket.closed?.code).toBe(4400);
    expect(ada.socket.closed).toBeUndefined();

    await lab.time.advance(60_000);
    lab.crash();
    const again = await lab.enter('ben', { client: 'client-of-ada' });
    expect(again.socket.closed?.code).toBe(4400);
  });

  it('[RO7] a newer connection of a client replaces the older one, and nobody sees a coming or going', async () => {
    const lab = new RoomLab();
    const ben = await lab.enter('ben');
    const ada = await lab.enter('ada');
    const newer = await lab.enter('ada');
    expect(ada.socket.closed?.code).toBe(1000);
    ada.type('from the grave');
    newer.type('alive');
    await settle();
    expect(ben.heard).toEqual(['alive']);
    expect(ben.socket.all('joined').length).toBe(1);
    expect(ben.socket.all('left')).toEqual([]);
  });

  it('[RO15] actor, author and time are written by the server, and foreign fields never reach the log', async () => {
    const lab = new RoomLab();
    const ada = await lab.enter('ada');
    const forged = { actor: 'ben', author: 'Ben', at: 1, sequence: 99, client: 'client-of-ben' };
    const o = { ...typed('x'), id: { client: 'client-of-ada', n: 1 }, base: 0, author: 'Ben' };
    ada.connection.receive(JSON.stringify([{ t: 'op', n: 1, base: 0, o, ...forged }]));
    await settle();
    expect(await lab.log.readAfter('document-1', 0)).toEqual([
      {
        ...{ sequence: 1, client: 'client-of-ada', actor: 'user-of-ada', author: 'Name of ada' },
        ...{ n: 1, base: 0, at: lab.time.clock(), o: typed('x') },
      },
    ]);
  });
});

describe('room: joining', () => {
  it('[RO35] a newcomer gets the newest snapshot and what came after it', async () => {
    const lab = new RoomLab();
    const ada = await lab.enter('ada');
    ada.typeMany(500);
    await settle();
    ada.type('after');
    await settle();

    const ben = await lab.enter('ben');
    expect(ben.welcome.snapshot).toEqual({ url: '/rooms/writer/ben/snapshot?sequence=500', sequence: 500 });
    expect(ben.heard).toEqual(['after']);
    expect(ben.welcome.participants.map(({ client }) => client)).toEqual(['client-of-ada', 'client-of-ben']);
  });

  it('[RO35] neither gap nor repetition for those who join while others write', async () => {
    const lab = new RoomLab();
    const ada = await lab.enter('ada');
    const joiners = [];
    for (let word = 1; word <= 40; word += 1) {
      ada.type(`a${word}`);
      if (word % 4 === 0) joiners.push(await lab.enter(`joiner-${word}`));
    }
    await lab.time.advance(100);
    for (const joiner of joiners) {
      expect(joiner.operations.map(({ sequence }) => sequence)).toEqual(
        Array.from({ length: 40 }, (_, at) => at + 1),
      );
    }
  });

  it('[RO36] one who comes back gets only what is missing, from the log where memory has let go of it', async () => {
    const lab = new RoomLab();
    const ada = await lab.enter('ada');
    ada.typeMany(510);
    await settle();
    const ben = await lab.enter('ben', { lastSequence: 100, epoch: 1 });
    expect(ben.welcome.snapshot).toBeNull();
    expect(ben.operations.map(({ sequence }) => sequence)).toEqual(
      Array.from({ length: 410 }, (_, at) => at + 101),
    );
  });

  it('[RO36] another epoch, a future that never was and a long absence begin at the snapshot', async () => {
    const lab = new RoomLab();
    const ada = await lab.enter('ada');
    ada.typeMany(2_010);
    await settle();
    const far = await lab.enter('far', { lastSequence: 1, epoch: 1 });
    const other = await lab.enter('other', { lastSequence: 2_000, epoch: 2 });
    const future = await lab.enter('future', { lastSequence: 5_000, epoch: 1 });
    for (const client of [far, other, future]) expect(client.welcome.snapshot?.sequence).toBe(2_010);
  });

  it('[RO20] comings and goings are told once, with name and colour', async () => {
    const lab = new RoomLab();
    const ada = await lab.enter('ada');
    const ben = await lab.enter('ben');
    expect(ada.socket.all('joined').map(({ participant }) => participant)).toEqual([ben.welcome.self]);
    expect(ben.welcome.self).toMatchObject({ userId: 'user-of-ben', displayName: 'Name of ben' });
    ben.send({ t: 'bye' });
    expect(ada.socket.all('left')).toEqual([{ t: 'left', client: 'client-of-ben' }]);
    expect(ben.socket.closed?.code).toBe(1000);
  });

  it('[RO46] a page of another version is told to load again', async () => {
    const lab = new RoomLab();
    await lab.enter('ada');
    for (const change of [{ engine: '2.34.0' }, { protocol: 2 }]) {
      const page = lab.open('ada');
      page.greet({ client: 'client-old', ...change });
      await settle();
      expect(page.socket.all('reload')).toEqual([{ t: 'reload', reason: 'version' }]);
      expect(page.socket.closed?.code).toBe(4403);
    }
  });

  it('[RO60] the welcome says what the application has and whether there is more', async () => {
    const lab = new RoomLab();
    const ada = await lab.enter('ada');
    ada.type('new');
    await settle();
    lab.saves.confirmed = { version: 3, deliveredSequence: 1 };
    expect((await lab.enter('ben')).welcome.saved).toEqual({ version: 3, unsaved: false });
    ada.type('newer');
    await settle();
    expect((await lab.enter('cleo')).welcome.saved).toEqual({ version: 3, unsaved: true });
  });
});
