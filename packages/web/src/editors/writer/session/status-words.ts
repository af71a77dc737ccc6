import type { RoomState, SaveStep } from './room-state.js';

export type StatusTone = 'calm' | 'busy' | 'good' | 'warn' | 'bad';

/** The one sentence in the header about where the person's work is. */
export interface Status {
  readonly tone: StatusTone;
  readonly words: string;
  /** Longer, for the tooltip; absent where the words say all. */
  readonly detail?: string;
}

/** Says in words how safe the work is. Never says more than is known. */
export function statusOf(room: RoomState, formatTime: (at: number) => string, canSave = true): Status {
  if (!room.opened) return opening(room);
  if (room.link.state !== 'open') return unreachable(room);
  if (room.save !== null && saveIsRunning(room.save)) return saving(room.save, formatTime);
  if (room.pending > 0) return { tone: 'busy', words: 'Typing…', detail: 'On its way to the server.' };
  if (room.save !== null && !room.unsaved) return saving(room.save, formatTime);
  if (room.save?.state === 'failed') return saving(room.save, formatTime);
  return {
    tone: 'good',
    words: 'Safe on the server',
    ...(room.unsaved && canSave ? { detail: 'Press Save to send it' } : {}),
  };
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

function saveIsRunning(save: SaveStep): boolean {
  return (
    save.state === 'asked' ||
    save.state === 'accepted' ||
    save.state === 'delivering' ||
    save.state === 'retrying'
  );
}

function saving(save: SaveStep, formatTime: (at: number) => string): Status {
  switch (save.state) {
    case 'asked':
    case 'accepted':
    case 'delivering':
      return { tone: 'busy', words: 'Saving…' };
    case 'delivered':
      return { tone: 'good', words: `Saved ${formatTime(save.at)}`, detail: save.message };
    case 'unchanged':
      return { tone: 'good', words: 'Already saved', detail: save.message };
    case 'retrying':
      return {
        tone: 'warn',
        words: `Not saved yet, trying again at ${formatTime(save.nextAt)}`,
        detail: save.reason,
      };
    case 'failed':
      return { tone: 'bad', words: 'Not saved', detail: save.reason };
    default:
      return save satisfies never;
  }
}
