import type { RoomState, SaveStep } from './room-state.js';

export type StatusTone = 'calm' | 'busy' | 'good' | 'warn' | 'bad';

/** The one sentence in the header about where the person's work is. */
export interface Status {
  readonly tone: StatusTone;
  readonly words: string;
  /** Longer, for the tooltip; absent where the words say all. */
  readonly detail?: string;
}

/** Who gets the saves of a document: the application that opened it, or the library that it belongs to. */
export type Keeper = 'application' | 'library';

const WORDS: Readonly<
  Record<Keeper, Record<'unsaved' | 'onItsWay' | 'done' | 'doneAlready' | 'failed', string>>
> = {
  application: {
    unsaved: 'Press Save to send it',
    onItsWay: 'Safe on the server, on its way to the application.',
    done: 'Delivered',
    doneAlready: 'Delivered already',
    failed: 'Not delivered to the application',
  },
  library: {
    unsaved: 'Press Save to make a version',
    onItsWay: 'Safe on the server, the version is being made.',
    done: 'Saved',
    doneAlready: 'Saved already',
    failed: 'No version was made',
  },
};

/**
 * Says in words how safe the work is: on this screen only, durable on the server, or with the application. Never says
 * more than is known (rule SA34).
 */
export function statusOf(
  room: RoomState,
  formatTime: (at: number) => string,
  canSave = true,
  keeper: Keeper = 'application',
): Status {
  if (!room.opened) return opening(room);
  if (room.link.state !== 'open') return unreachable(room);
  if (room.pending > 0) return { tone: 'busy', words: 'Typing…', detail: 'On this screen only so far.' };
  if (room.save !== null) {
    const status = saving(room.save, room.unsaved, formatTime, keeper);
    if (status !== null) return status;
  }
  return safe(room, formatTime, canSave, keeper);
}

function opening(room: RoomState): Status {
  if (room.link.state === 'waiting')
    return { tone: 'warn', words: 'The server cannot be reached. Trying again…' };
  return { tone: 'busy', words: 'Opening…' };
}

function unreachable(room: RoomState): Status {
  const kept =
    room.pending > 0 ? 'Your latest edits are kept in this browser.' : 'Everything so far is on the server.';
  if (room.link.state === 'waiting' && room.link.attempt > 1) {
    return {
      tone: 'warn',
      words: 'Offline – keep typing',
      detail: `${kept} They are sent when the server answers.`,
    };
  }
  return { tone: 'warn', words: 'Reconnecting…', detail: kept };
}

function safe(room: RoomState, formatTime: (at: number) => string, canSave: boolean, keeper: Keeper): Status {
  const words = 'Safe on the server';
  if (room.unsaved) return { tone: 'good', words, ...(canSave && { detail: WORDS[keeper].unsaved }) };
  if (room.confirmedVersion === 0) return { tone: 'good', words };
  const detail =
    keeper === 'application' ? `Version ${room.confirmedVersion} is delivered` : 'Every edit is in a version';
  if (room.deliveredAt === null) return { tone: 'good', words, detail };
  return { tone: 'good', words: `${WORDS[keeper].done} ${formatTime(room.deliveredAt)}`, detail };
}

/** What the save makes of it; null when it says nothing about the work, or is over and there are newer edits. */
function saving(
  save: SaveStep,
  unsaved: boolean,
  formatTime: (at: number) => string,
  keeper: Keeper,
): Status | null {
  const { onItsWay, done, doneAlready, failed } = WORDS[keeper];
  switch (save.state) {
    case 'asked':
      return { tone: 'busy', words: 'Saving…' };
    case 'accepted':
    case 'delivering':
      return { tone: 'busy', words: 'Saving…', detail: onItsWay };
    case 'delivered':
      return unsaved ? null : { tone: 'good', words: `${done} ${formatTime(save.at)}`, detail: save.message };
    case 'unchanged':
      return unsaved ? null : { tone: 'good', words: doneAlready, detail: save.message };
    case 'retrying':
      return {
        tone: 'warn',
        words: 'Safe on the server',
        detail: `Not delivered yet, next attempt at ${formatTime(save.nextAt)}`,
      };
    case 'failed':
      // Nothing went wrong with the work; the band says what there is to say.
      if (save.code === 'save_url_missing') return null;
      return { tone: 'bad', words: 'Safe on the server', detail: failed };
    default:
      return save satisfies never;
  }
}
