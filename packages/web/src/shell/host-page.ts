import type { EndReason, SaveProgress } from '@officina/protocol';

/** What a framed editor tells the page around it, by `postMessage`. */
export type HostEvent =
  /** The document is on screen and, where permitted, takes input. */
  | { type: 'officina:ready'; sessionId: string }
  /** A save that this person asked for has reached the application, or there was nothing to save. */
  | { type: 'officina:saved'; sessionId: string; version: number; message: string }
  | { type: 'officina:save-failed'; sessionId: string; code: string; reason: string }
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

/** The event that a step of a save is worth, if any. */
export function saveEvent(sessionId: string, progress: SaveProgress): HostEvent | null {
  switch (progress.state) {
    case 'delivered':
    case 'unchanged':
      return {
        type: 'officina:saved',
        sessionId,
        version: progress.version,
        message: progress.message,
      };
    case 'failed':
      return { type: 'officina:save-failed', sessionId, code: progress.code, reason: progress.reason };
    case 'accepted':
    case 'delivering':
    case 'retrying':
      return null;
    default:
      return progress satisfies never;
  }
}
