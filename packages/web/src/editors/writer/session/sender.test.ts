import type { Message } from '@officina/engine/writer/replica';
import type { ClientMessage } from '@officina/protocol';
import { expect, it } from 'vitest';
import { PictureRefused } from './attachments.js';
import { Sender } from './sender.js';

const message = (n: number): Message => ({ id: { client: 'c', n }, base: 0, ops: [] });

function setUp() {
  const sent: ClientMessage[][] = [];
  const told: string[] = [];
  const due: (() => void)[] = [];
  const withPictures = new Set<number>();
  let placed: { resolve: () => void; reject: (error: Error) => void } | undefined;
  let isLinked = true;
  const sender = new Sender(
    {
      schedule: (task) => {
        due.push(task);
        return () => {};
      },
      attachments: {
        payloadOf: ({ id }) => (withPictures.has(id.n) ? null : { ops: [] }),
        place: ({ id }) =>
          new Promise<void>((resolve, reject) => {
            placed = { resolve, reject };
          }).then(() => void withPictures.delete(id.n)),
      },
      send: (...messages) => {
        if (isLinked) sent.push(messages);
        return isLinked;
      },
    },
    {
      saveAsked: () => told.push('save asked'),
      pictureRefused: (n, reason) => told.push(`${n}: ${reason}`),
    },
  );
  return {
    ...{ sender, told, withPictures },
    /** What each frame held: numbers of operations, or the other kinds of message. */
    frames: () => sent.map((frame) => frame.map((each) => (each.t === 'op' ? each.n : each.t))),
    runDue: () => {
      for (const task of due.splice(0)) task();
    },
    placing: () => placed,
    breakLink: () => {
      isLinked = false;
    },
  };
}

it('sends what comes within a moment in one frame', () => {
  const { sender, frames, runDue } = setUp();
  sender.open();
  sender.add(message(1));
  sender.add(message(2));
  expect(frames()).toEqual([]);
  runDue();

  expect(frames()).toEqual([[1, 2]]);
});

it('sends a save behind all that was added before it, at once', () => {
  const { sender, frames, told } = setUp();
  sender.open();
  sender.add(message(1));
  sender.save(false);

  expect(frames()).toEqual([[1], ['save']]);
  expect(told).toEqual(['save asked']);
});

it('holds back what comes after an operation whose picture is on its way, and the save too', async () => {
  const { sender, frames, told, withPictures, placing } = setUp();
  sender.open();
  withPictures.add(2);
  for (const n of [1, 2, 3]) sender.add(message(n));
  sender.save(false);

  expect(frames()).toEqual([[1]]);
  expect(told).toEqual(['save asked']);
  placing()?.resolve();
  await expect.poll(frames).toEqual([[1], [2, 3], ['save']]);
});

it('leaves out an operation whose picture is refused, and goes on', async () => {
  const { sender, frames, told, withPictures, placing } = setUp();
  sender.open();
  withPictures.add(1);
  sender.resend([message(1), message(2)]);
  placing()?.reject(new PictureRefused('too large'));

  await expect.poll(frames).toEqual([[2]]);
  expect(told).toEqual(['1: too large']);
});

it('sends nothing before the room has let the window in, nor after the link broke', () => {
  const { sender, frames, runDue } = setUp();
  sender.add(message(1));
  runDue();
  sender.open();
  sender.close();
  sender.add(message(2));
  runDue();
  expect(frames()).toEqual([]);

  sender.open();
  sender.resend([message(1), message(2)]);
  expect(frames()).toEqual([[1, 2]]);
});

it('does not say that a save is asked for when there is no link to ask by', () => {
  const { sender, told, breakLink } = setUp();
  breakLink();
  sender.save(true);

  expect(told).toEqual([]);
});
