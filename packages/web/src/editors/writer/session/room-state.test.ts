import type { Participant, Permissions, SaveProgress, ServerMessage } from '@officina/protocol';
import { expect, it } from 'vitest';
import { hasUnsaved, type RoomEvent, type RoomState, roomAfter, roomBefore } from './room-state.js';
import { statusOf } from './status-words.js';

const permissions = { 'document.edit': true } as Permissions;
const self: Participant = { client: 'a', userId: 'u1', displayName: 'Ada', color: '#123456' };
const other: Participant = { client: 'b', userId: 'u2', displayName: 'Ben', color: '#654321' };

function welcome(): Extract<ServerMessage, { t: 'welcome' }> {
  return {
    t: 'welcome',
    protocol: 1,
    epoch: 1,
    snapshot: null,
    operations: [],
    acknowledged: 0,
    self,
    participants: [self],
    permissions,
    expiresAt: 1000,
    saved: { version: 0, unsaved: false },
  };
}

function live(...events: readonly RoomEvent[]): RoomState {
  const start: readonly RoomEvent[] = [
    { type: 'link', link: { state: 'open' } },
    { type: 'message', message: welcome() },
    { type: 'opened' },
  ];
  return [...start, ...events].reduce(roomAfter, roomBefore({ permissions, expiresAt: 500 }));
}

const words = (room: RoomState) => statusOf(room, (at) => `at ${at}`).words;

it('lists a person once however often they are announced, and takes away who left', () => {
  const twice = live(
    { type: 'message', message: { t: 'joined', participant: other } },
    { type: 'message', message: { t: 'joined', participant: other } },
  );
  const left = roomAfter(twice, { type: 'message', message: { t: 'left', client: 'b' } });

  expect(twice.participants).toEqual([self, other]);
  expect(left.participants).toEqual([self]);
});

it('[SA34] says safe only when nothing is pending', () => {
  expect(words(live())).toBe('Safe on the server');
  expect(words(live({ type: 'pending', count: 2 }))).toBe('Typing…');
  expect(words(live({ type: 'pending', count: 2 }, { type: 'pending', count: 0 }))).toBe(
    'Safe on the server',
  );
});

it('says offline once a second attempt has failed, and where the work is', () => {
  const offline = live(
    { type: 'pending', count: 1 },
    { type: 'link', link: { state: 'waiting', attempt: 2, until: 9 } },
  );

  expect(words(offline)).toBe('Offline – keep typing');
  expect(statusOf(offline, String).detail).toContain('kept in this browser');
});

it('[SA34] follows a save from the press to the message of the application', () => {
  const asked = live({ type: 'edited' }, { type: 'saveAsked' });
  const done = roomAfter(asked, {
    type: 'message',
    message: {
      t: 'save',
      progress: { state: 'delivered', deliveryId: 'd', version: 3, message: 'Stored', at: 77 },
    },
  });

  expect(words(asked)).toBe('Saving…');
  expect(statusOf(done, (at) => `at ${at}`)).toEqual({
    tone: 'good',
    words: 'Delivered at 77',
    detail: 'Stored',
  });
  expect(done.unsaved).toBe(false);
});

it('no longer claims to be saved after another edit', () => {
  const done = live(
    { type: 'saveAsked' },
    { type: 'message', message: { t: 'save', progress: { state: 'unchanged', version: 1, message: '' } } },
    { type: 'edited' },
  );

  expect(words(done)).toBe('Safe on the server');
  expect(done.unsaved).toBe(true);
});

it('keeps showing a failed save until the next one', () => {
  const failed = live(
    { type: 'saveAsked' },
    {
      type: 'message',
      message: {
        t: 'save',
        progress: { state: 'failed', deliveryId: null, version: 1, code: 'x', reason: 'No answer' },
      },
    },
    { type: 'edited' },
  );

  expect(statusOf(failed, String)).toEqual({
    tone: 'bad',
    words: 'Safe on the server',
    detail: 'Not delivered to the application',
  });
});

it('[SA34] says typing while a save is on its way, and when its next attempt is once all is safe', () => {
  const delayed = live({
    type: 'message',
    message: {
      t: 'save',
      progress: {
        ...{
          state: 'retrying',
          deliveryId: 'd',
          version: 2,
          attempt: 3,
          reason: 'It answered 500',
          nextAt: 99,
        },
      },
    },
  });

  expect(statusOf(delayed, (at) => `at ${at}`)).toMatchObject({
    tone: 'warn',
    detail: 'Not delivered yet, next attempt at at 99',
  });
  expect(words(roomAfter(delayed, { type: 'pending', count: 1 }))).toBe('Typing…');
});

it('[SA36] learns from the welcome what became of a save meanwhile', () => {
  const ongoing: SaveProgress = {
    state: 'retrying',
    deliveryId: 'd',
    version: 2,
    attempt: 3,
    reason: 'It answered 500',
    nextAt: 99,
  };
  const stuck = roomAfter(live(), {
    type: 'message',
    message: { ...welcome(), saved: { version: 1, unsaved: true, ongoing } },
  });
  const over = roomAfter(stuck, {
    type: 'message',
    message: { ...welcome(), saved: { version: 2, unsaved: false } },
  });

  expect(stuck.save).toEqual(ongoing);
  expect(over.save).toBeNull();
  expect(statusOf(over, String).detail).toBe('Version 2 is delivered');
});

it('forgets a save whose answer was lost with the connection', () => {
  const lost = live(
    { type: 'saveAsked' },
    { type: 'link', link: { state: 'waiting', attempt: 1, until: 1 } },
  );

  expect(lost.save).toBeNull();
});

it('keeps the first reason for the end, as the close that follows says less', () => {
  const ended = live(
    { type: 'message', message: { t: 'ended', reason: 'document_deleted' } },
    { type: 'link', link: { state: 'closed', code: 4403, reason: '' } },
  );

  expect(ended.ending).toBe('document_deleted');
});

it('[SA46] a save in another window is delivered for this one too, but not what was written since', () => {
  const operation = (sequence: number) =>
    ({ t: 'ops', operations: [{ sequence }] }) as unknown as ServerMessage;
  const delivered: ServerMessage = { t: 'delivered', version: 3, sequence: 7, at: 9 };
  const upTo = (sequence: number) =>
    live({ type: 'message', message: operation(sequence) }, { type: 'message', message: delivered });

  expect(words(upTo(7))).toBe('Delivered at 9');
  expect(upTo(7)).toMatchObject({ unsaved: false, confirmedVersion: 3 });
  expect(words(upTo(8))).toBe('Safe on the server');
  expect(upTo(8)).toMatchObject({ unsaved: true, confirmedVersion: 3 });
});

it('[SA34] is delivered although the last letters still wait here for their frame, and not when there are newer ones', () => {
  const progress: SaveProgress = {
    ...{ state: 'delivered', deliveryId: 'd', version: 2, message: 'Stored', at: 5 },
    sequence: 7,
  };
  const numbered = (sequence: number): RoomEvent => ({
    type: 'message',
    message: { t: 'ops', operations: [{ sequence }] } as unknown as ServerMessage,
  });
  const delivered = live(
    { type: 'edited' },
    { type: 'pending', count: 1 },
    { type: 'saveAsked' },
    numbered(7),
    { type: 'message', message: { t: 'save', progress } },
  );
  const shown = roomAfter(delivered, { type: 'pending', count: 0 });
  const newer = [
    { type: 'edited' },
    { type: 'pending', count: 1 },
    numbered(8),
    { type: 'pending', count: 0 },
  ];

  expect(words(delivered)).toBe('Typing…');
  expect(hasUnsaved(delivered)).toBe(true);
  expect(words(shown)).toBe('Delivered at 5');
  expect(hasUnsaved(shown)).toBe(false);
  expect(words((newer as RoomEvent[]).reduce(roomAfter, delivered))).toBe('Safe on the server');
});

it('[SA34] an own save that is delivered says nothing of what others wrote meanwhile', () => {
  const progress: SaveProgress = {
    ...{ state: 'delivered', deliveryId: 'd', version: 2, message: 'Stored', at: 5 },
    sequence: 7,
  };
  const newer = { t: 'ops', operations: [{ sequence: 8 }] } as unknown as ServerMessage;
  const room = live(
    { type: 'message', message: newer },
    { type: 'message', message: { t: 'save', progress } },
  );

  expect(words(room)).toBe('Safe on the server');
  expect(room.unsaved).toBe(true);
});
