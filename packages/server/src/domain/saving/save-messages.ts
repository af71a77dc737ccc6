import type { ErrorCode, SaveProgress } from '@officina/protocol';
import type { DeliveryAttempt, Save } from './save.js';

/** The texts that the wire's documentation names; an application's own `message` takes their place. */
export const SAVE_IN_PROGRESS = 'Save in Progress';
export const SAVED_SUCCESSFULLY = 'Document Saved Successfully';
export const ALREADY_SAVED = 'Document already saved';

const REFUSED = 'Unable to save the document from remote client end.';
const UNREACHABLE =
  'Unable to save: an error occurred while posting the content to the storage server of the application.';

/** Which code of the catalogue a failed attempt has: the application answered, or nothing did. */
export function failureCode(outcome: DeliveryAttempt['outcome']): ErrorCode {
  switch (outcome) {
    case 'refused':
      return 'save_refused';
    case 'egress_refused':
      return 'egress_refused';
    case 'unreachable':
    case 'timed_out':
      return 'save_unreachable';
    case 'delivered':
      return 'internal';
    default:
      return outcome satisfies never;
  }
}

/** What a person is told about a failed attempt: the application's own words, or what we saw. */
export function failureReason(attempt: DeliveryAttempt & { message: string | null }): string {
  if (attempt.message !== null) return attempt.message;
  switch (attempt.outcome) {
    case 'refused':
      return `${REFUSED} The application answered ${attempt.status ?? 'without a status'}.`;
    case 'timed_out':
      return `${UNREACHABLE} No answer came in time.`;
    case 'egress_refused':
      return attempt.answer;
    case 'unreachable':
    case 'delivered':
      return `${UNREACHABLE} ${attempt.answer}`.trim();
    default:
      return attempt.outcome satisfies never;
  }
}

/** How far a save has come, as far as its row tells. */
export function progressOf(save: Save, now: number): SaveProgress {
  const { id: deliveryId, version } = save;
  switch (save.state) {
    case 'accepted':
    case 'built':
      if (save.message === null) return { state: 'accepted', deliveryId, version };
      // What went wrong before is no outcome while the next attempt runs, or waits for nothing but its turn.
      if ((save.leasedUntil ?? 0) > now)
        return { state: 'delivering', deliveryId, version, attempt: save.attempts + 1 };
      if (save.nextAttemptAt <= now) return { state: 'accepted', deliveryId, version };
      return {
        state: 'retrying',
        deliveryId,
        version,
        attempt: save.attempts,
        reason: save.message,
        nextAt: save.nextAttemptAt,
        code: 'save_unreachable',
      };
    case 'delivered':
      if (save.attempts === 0) return { state: 'unchanged', version, message: ALREADY_SAVED };
      return {
        state: 'delivered',
        deliveryId,
        version,
        message: save.message ?? SAVED_SUCCESSFULLY,
        at: save.settledAt ?? save.createdAt,
        sequence: save.sequence,
      };
    case 'superseded':
    case 'conflict':
      return {
        state: 'failed',
        deliveryId,
        version,
        code: 'conflict',
        reason: save.message ?? 'A newer version of the document takes the place of this save.',
      };
    case 'parked':
      return {
        state: 'failed',
        deliveryId,
        version,
        code: save.sha256 === null ? 'engine_missing' : 'save_refused',
        reason: save.message ?? REFUSED,
      };
    default:
      return save.state satisfies never;
  }
}

/** Whether nothing more is to be waited for. A `retrying` save has used up the caller's own attempts. */
export function isOutcome(progress: SaveProgress): boolean {
  return progress.state !== 'accepted' && progress.state !== 'delivering';
}
