import { CLOSE_CODES, type ServerMessage } from '@officina/protocol';
import { expect, it } from 'vitest';
import { Connection, type Link, type RoomSocket } from './connection.js';

class FakeSocket implements RoomSocket {
  sent: string[] = [];
  closed: number | undefined;
  onopen: (() => void) | null = null;
  onmessage: ((event: { readonly data: unknown }) => void) | null = null;
  onclose: ((event: { readonly code: number; readonly reason: string }) => void) | null = null;
  send(text: string): void {
    this.sent.push(text);
  }
  close(code?: number): void {
    this.closed = code;
  }
}

function setUp() {
  const sockets: FakeSocket[] = [];
  const links: Link[] = [];
  const received: ServerMessage[] = [];
  let now = 0;
  let timers: { at: number; task: () => void }[] = [];
  let hellos = 0;
  const connection = new Connection(
    {
      openSocket: () => {
        const socket = new FakeSocket();
        sockets.push(socket);
        return socket;
      },
      now: () => now,
      random: () => 1,
      schedule: (task, delayMs) => {
        const timer = { at: now + delayMs, task };
        timers.push(timer);
        return () => {
          timers = timers.filter((other) => other !== timer);
        };
      },
    },
    {
      opened: () => {
        hellos += 1;
      },
      received: (messages) => received.push(...messages),
      linkChanged: (link) => links.push(link),
    },
  );
  const advance = (byMs: number) => {
    const end = now + byMs;
    for (;;) {
      const due = timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (due === undefined) break;
      timers = timers.filter((other) => other !== due);
      now = due.at;
      due.task();
    }
    now = end;
  };
  const socket = () => sockets[sockets.length - 1] as FakeSocket;
  return { connection, sockets, socket, links, received, advance, hellos: () => hellos };
}

it('asks for a hello on every new socket and hands on what the room says', () => {
  const { connection, socket, received, hellos } = setUp();

  connection.start();
  socket().onopen?.();
  socket().onmessage?.({ data: '[{"t":"pong"}]' });

  expect(hellos()).toBe(1);
  expect(received).toEqual([{ t: 'pong' }]);
  expect(connection.link).toEqual({ state: 'open' });
});

it('waits longer after each failure, and at most five seconds', () => {
  const { connection, socket, links, advance } = setUp();

  connection.start();
  for (let i = 0; i < 8; i++) {
    socket().onclose?.({ code: 1006, reason: '' });
    advance(5_000);
  }

  const waits = links.flatMap((link) => (link.state === 'waiting' ? [link] : []));
  expect(waits.map((wait) => wait.attempt)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  expect(waits[7]?.until).toBe(5_000 * 8);
});

it('tries at once when the network is back', () => {
  const { connection, sockets, socket } = setUp();
  connection.start();
  socket().onclose?.({ code: 1006, reason: '' });

  connection.hasten();

  expect(sockets).toHaveLength(2);
});

it.each([CLOSE_CODES.unknown_session, CLOSE_CODES.ended, CLOSE_CODES.malformed])(
  'does not come back after close code %i',
  (code) => {
    const { connection, sockets, socket, advance } = setUp();
    connection.start();
    socket().onopen?.();

    socket().onclose?.({ code, reason: 'over' });
    advance(60_000);

    expect(connection.link).toEqual({ state: 'closed', code, reason: 'over' });
    expect(sockets).toHaveLength(1);
  },
);

it('gives up a socket that has been silent, and opens another', () => {
  const { connection, sockets, socket, advance } = setUp();
  connection.start();
  socket().onopen?.();
  const first = socket();

  advance(62_000);

  expect(first.closed).toBe(4000);
  expect(sockets).toHaveLength(2);
});

it('keeps a socket that answers its pings', () => {
  const { connection, sockets, socket, advance } = setUp();
  connection.start();
  socket().onopen?.();

  for (let i = 0; i < 10; i++) {
    advance(20_000);
    socket().onmessage?.({ data: '[{"t":"pong"}]' });
  }

  expect(sockets).toHaveLength(1);
});

it('sends nothing while the room cannot be reached', () => {
  const { connection, socket } = setUp();
  connection.start();

  expect(connection.send({ t: 'ping' })).toBe(false);
  socket().onopen?.();
  expect(connection.send({ t: 'ping' }, { t: 'bye' })).toBe(true);
  expect(socket().sent).toEqual(['[{"t":"ping"},{"t":"bye"}]']);
});
