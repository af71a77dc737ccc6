import type {
  DocumentState,
  DocumentVersion,
  DocumentVersions,
  RestoredFrom,
  VersionDelivery,
} from '@officina/protocol';
import type { Restored } from '../session/room-state.js';
import type { StatusTone } from '../session/status-words.js';

/** Who or what made a version. */
export function originOf({ by, reason }: Pick<DocumentVersion, 'by' | 'reason'>): string {
  switch (reason) {
    case 'user':
      return `Saved by ${by ?? 'somebody'}`;
    case 'leave':
      return 'Saved after the last editor had left';
    case 'expiry':
      return 'Saved before a session expired';
    case 'api':
      return 'Saved at the application’s request';
    case 'interval':
      return 'Saved while people worked';
    default:
      return reason satisfies never;
  }
}

/** How far a version has come, and the longer story where there is one. */
export function deliveryWords(
  delivery: VersionDelivery,
  formatTime: (at: number) => string,
): { tone: StatusTone; words: string; detail?: string } {
  switch (delivery.state) {
    case 'sending':
      return { tone: 'busy', words: 'On its way to the application' };
    case 'waiting':
      return {
        tone: 'warn',
        words: `Not delivered yet, next attempt at ${formatTime(delivery.nextAttemptAt)}`,
        detail: delivery.message,
      };
    case 'delivered':
      return { tone: 'good', words: `Delivered ${formatTime(delivery.at)}`, detail: delivery.message };
    case 'superseded':
      return { tone: 'calm', words: 'Not sent: a newer version took its place' };
    case 'undelivered':
      return { tone: 'bad', words: 'Not delivered', detail: delivery.message };
    case 'conflict':
      return { tone: 'bad', words: 'Not sent: something newer was there', detail: delivery.message };
    default:
      return delivery satisfies never;
  }
}

/** When versions come about without anybody's asking; null when they do not. */
export function automaticWords({ onLeave, everyMinutes }: DocumentVersions['automatic']): string | null {
  const times = [
    ...(everyMinutes === null
      ? []
      : [everyMinutes === 1 ? 'a minute after an edit' : `${everyMinutes} minutes after an edit`]),
    ...(onLeave ? ['when the last editor has left'] : []),
  ];
  return times.length === 0 ? null : `The server also saves by itself ${times.join(', and ')}.`;
}

/** What everybody reads who had the document open when somebody went back. */
export function restoredWords({ by, from }: Restored, formatTime: (at: number) => string): string {
  return `${by} restored ${earlierName(from, formatTime)}. What was here before is kept in the version history.`;
}

/** A state of the past in the middle of a sentence. */
export function earlierName({ version, at }: RestoredFrom, formatTime: (at: number) => string): string {
  return version === null
    ? `the document as of ${formatTime(at)}`
    : `version ${version} of ${formatTime(at)}`;
}

/** What stands over a state that is no version, and below it. */
export function stateWords(
  { kind, people, from }: Pick<DocumentState, 'kind' | 'people' | 'from'>,
  formatTime: (at: number) => string,
): { title: string; detail: string } {
  const names = listOf(people);
  switch (kind) {
    case 'opened':
      return { title: 'As it was opened', detail: 'Before anybody had edited it here' };
    case 'between':
      return { title: 'Not saved', detail: names === '' ? 'Kept while people worked' : `Edited by ${names}` };
    case 'before_restore':
      return { title: 'Before the restore', detail: 'What was there until then' };
    case 'restored':
      return {
        title: `Restored by ${names || 'somebody'}`,
        detail: from === undefined ? '' : `Back to ${earlierName(from, formatTime)}`,
      };
    default:
      return kind satisfies never;
  }
}

function listOf(names: readonly string[]): string {
  if (names.length > 3) return `${names.slice(0, 2).join(', ')} and ${names.length - 2} others`;
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}
