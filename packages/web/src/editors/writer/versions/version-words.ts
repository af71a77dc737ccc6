import type { DocumentVersion, DocumentVersions, VersionDelivery } from '@officina/protocol';
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
