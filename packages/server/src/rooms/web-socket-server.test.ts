import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ROOM_PROTOCOL_VERSION } from '@officina/protocol';
import { afterEach, describe, expect, it } from 'vitest';
import { createRooms, type RoomServer } from './index.js';
import { aSession } from './testing/fake-sessions.js';
import { RawClient } from './testing/raw-client.js';
import { ENGINE, RoomLab, typed } from './testing/room-lab.js';

const servers: { server: Server; rooms: RoomServer; clients: RawClient[] }[] = [];

afterEach(async () => {
  for (const { server, rooms, clients } of servers.splice(0)) {
    for (const client of clients) client.webSocket.terminate();
    await rooms.close();
    await new Promise((resolve) => server.close(resolve));
  }
});

/** Real sockets and real time over the in-memory log. */
async function serve(lab = new RoomLab()) {
  const rooms = createRooms({
    ...lab.deps(),
    clock: Date.now,
    scheduler: {
      schedule: (at, task) => {
        const timer = setTimeout(task, Math.max(0, at - Date.now()));
        return () => clearTimeout(timer);
      },
    },
    afterTurn: setImmediate,
  });
  const server = createServer((request, response) => {
    if (!rooms.snapshotRoute(request, response)) response.writeHead(404).end();
  });
  rooms.attach(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const clients: RawClient[] = [];
  servers.push({ server, rooms, clients });
  return {
    lab,
    rooms,
    origin: `http://127.0.0.1:${port}`,
    async connect(sessionId: string) {
      const client = new RawClient(`ws://127.0.0.1:${port}/rooms/writer/${sessionId}`);
      clients.push(client);
      return client.opened();
    },
  };
}

function greet(client: RawClient, name: string, lastSequence = 0, epoch = 0): void {
  client.send({
    ...{ t: 'hello', protocol: ROOM_PROTOCOL_VERSION, client: name, lastSequence, epoch, engine: ENGINE },
  });
}

function operationsOf(client: RawClient) {
  return client.messages.flatMap((message) =>
    message.t === 'ops' || message.t === 'welcome' ? message.operations : [],
  );
}

describe('WebSocket server', () => {
  it('[RO1] two raw clients exchange durable operations', async () => {
    const { lab, connect } = await serve();
    for (const id of ['ada', 'ben']) lab.sessions.add(aSession(id));
    const ada = await connect('ada');
    const ben = await connect('ben');
    greet(ada, 'client-ada');
    greet(ben, 'client-ben');
    for (const client of [ada, ben]) {
      await client.until(({ messages }) => messages.some(({ t }) => t === 'welcome'));
    }

    for (let n = 1; n <= 50; n += 1) {
      ada.send({ t: 'op', n, base: 0, o: typed(`a${n}`) });
      ben.send({ t: 'op', n, base: 0, o: typed(`b${n}`) });
    }

    for (const client of [ada, ben]) await client.until((one) => operationsOf(one).length === 100);
    expect(operationsOf(ada)).toEqual(operationsOf(ben));
    expect(operationsOf(ada)).toEqual(await lab.log.readAfter('document-1', 0));
    expect(operationsOf(ada).map(({ sequence }) => sequence)).toEqual(
      Array.from({ length: 100 }, (_, at) => at + 1),
    );
  });

  it('[RO41] a session that nobody knows is closed with 4401', async () => {
    const { connect } = await serve();
    const stranger = await connect('nobody');
    greet(stranger, 'client-nobody');
    expect(await stranger.untilClosed()).toBe(4401);
  });

  it('[RO10] binary frames, broken JSON and frames that are too long are closed with 4400 or cut', async () => {
    const { connect } = await serve();
    const binary = await connect('ada');
    binary.webSocket.send(Buffer.from([1, 2, 3]));
    expect(await binary.untilClosed()).toBe(4400);
    const broken = await connect('ada');
    broken.webSocket.send('[{"t":');
    expect(await broken.untilClosed()).toBe(4400);
    const long = await connect('ada');
    long.webSocket.send('x'.repeat(8_000_001));
    expect([4400, 1009]).toContain(await long.untilClosed());
  });

  it('[RO41] an upgrade anywhere else is answered with 404 and not left hanging', async () => {
    const { origin } = await serve();
    const elsewhere = new RawClient(`${origin.replace('http', 'ws')}/somewhere`);
    await expect(elsewhere.opened()).rejects.toThrow('404');
  });

  it('[RO32] the snapshot of a welcome is fetched over HTTP with the session alone', async () => {
    const { lab, connect, origin } = await serve();
    lab.sessions.add(aSession('ada'));
    const ada = await connect('ada');
    greet(ada, 'client-ada');
    const url = await ada.until(({ messages }) =>
      messages.map((message) => message.t === 'welcome' && message.snapshot?.url).find(Boolean),
    );

    const answer = await fetch(`${origin}${url}`);
    expect([answer.status, await answer.text()]).toEqual([200, 'base']);
    expect((await fetch(`${origin}/rooms/writer/nobody/snapshot?sequence=0`)).status).toBe(404);
    expect((await fetch(`${origin}/rooms/writer/ada/snapshot?sequence=99`)).status).toBe(410);
    expect((await fetch(`${origin}/rooms/writer/ada/snapshot`)).status).toBe(400);
    expect((await fetch(`${origin}${url}`, { method: 'POST' })).status).toBe(405);
  });

  it('[RO45] closing the server sends everybody away with 1012', async () => {
    const { lab, connect, rooms } = await serve();
    lab.sessions.add(aSession('ada'));
    const ada = await connect('ada');
    greet(ada, 'client-ada');
    await ada.until(({ messages }) => messages.some(({ t }) => t === 'welcome'));
    ada.send({ t: 'op', n: 1, base: 0, o: typed('last word') });
    await ada.until((one) => operationsOf(one).length === 1);

    await rooms.close();
    expect(await ada.untilClosed()).toBe(1012);
  });
});
