import type { EndReason, SaveProgress } from '@officina/protocol';

/** What a framed editor tells the page around it, by `postMessage`. */
export type HostEvent =
  /** The document is on screen and, where permitted, takes input. */
  | { type: 'officina:ready'; sessionId: string }
  /** The server has a save and brings it to the application; `attempt` is 0 until the first one begins. */
  | { type: 'officina:saving'; sessionId: string; version: number; deliveryId: string; attempt: number }
  /** A save that this person asked for has reached the application (at `at`), or there was nothing to save (null). */
  | {
      type: 'officina:saved';
      sessionId: string;
      version: number;
      message: string;
      deliveryId: string | null;
      at: number | null;
    }
  /** An attempt failed; the server tries again by itself at `nextAt`. */
  | {
      type: 'officina:save-delayed';
      sessionId: string;
      version: number;
      deliveryId: string;
      attempt: number;
      code: string;
      reason: string;
      nextAt: number;
    }
  /** A save that no further attempt follows by itself; `deliveryId` is null when it was not even accepted. */
  | {
      type: 'officina:save-failed';
      sessionId: string;
      version: number;
      deliveryId: string | null;
      code: string;
      reason: string;
    }
  /** How safe the person's work is; sent on each change. */
  | { type: 'officina:state'; sessionId: string; state: HostState; unsaved: boolean }
  | {
      type: 'officina:ended';
      sessionId: string;
      reason: EndReason | 'unknown_session' | 'must_reload' | 'failed';
    };

/**
 * `safe`: everything typed is durable on the server. `typing`: something is on its way there.
 * `offline`: the server cannot be reached; work is kept in this browser.
 */
export type HostState = 'opening' | 'safe' | 'typing' | 'offline';

export interface HostPage {
  tell(event: HostEvent): void;
}

/**
 * The page that frames the editor, if any. No event carries document content, so any parent may hear them: the
 * editor cannot know its origin, as the server alone decides who may frame.
 */
export function hostPageOf(view: Window): HostPage {
  return {
    tell(event) {
      if (view.parent !== view) view.parent.postMessage(event, '*');
    },
  };
}

/** The event that a step of a save is worth. */
export function saveEvent(sessionId: string, progress: SaveProgress): HostEvent {
  const { version } = progress;
  switch (progress.state) {
    case 'accepted':
      return { type: 'officina:saving', sessionId, version, deliveryId: progress.deliveryId, attempt: 0 };
    case 'delivering': {
      const { deliveryId, attempt } = progress;
      return { type: 'officina:saving', sessionId, version, deliveryId, attempt };
    }
    case 'delivered': {
      const { deliveryId, message, at } = progress;
      return { type: 'officina:saved', sessionId, version, message, deliveryId, at };
    }
    case 'unchanged': {
      const { message } = progress;
      return { type: 'officina:saved', sessionId, version, message, deliveryId: null, at: null };
    }
    case 'retrying': {
      const { deliveryId, attempt, reason, nextAt, code = 'save_unreachable' } = progress;
      return {
        ...{ type: 'officina:save-delayed', sessionId, version, deliveryId },
        ...{ attempt, code, reason, nextAt },
      };
    }
    case 'failed': {
      const { deliveryId, code, reason } = progress;
      return { type: 'officina:save-failed', sessionId, version, deliveryId, code, reason };
    }
    default:
      return progress satisfies never;
  }
}
