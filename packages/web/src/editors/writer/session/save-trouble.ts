import type { SaveStep } from './room-state.js';
import type { Keeper } from './status-words.js';

/** A save that the application has not got: what happened, and what happens next. */
export interface SaveTrouble {
  /** The same for the same trouble, so that a band that was hidden comes back with the next one. */
  readonly key: string;
  readonly tone: 'warn' | 'bad';
  readonly what: string;
  readonly next: string;
  /** Whether asking again can help. */
  readonly canSendAgain: boolean;
}

type Failed = Extract<SaveStep, { state: 'failed' }>;

/** The trouble of a save in words; null while there is none (rule SA35). */
export function saveTroubleOf(
  save: SaveStep | null,
  formatTime: (at: number) => string,
  keeper: Keeper = 'application',
): SaveTrouble | null {
  if (save?.state === 'retrying') {
    return {
      key: `${save.deliveryId} ${save.attempt}`,
      tone: 'warn',
      what: `Version ${save.version} has not reached the application: ${sentence(save.reason)}`,
      next: `The server has it and tries again by itself, next at ${formatTime(save.nextAt)}, also when you close this window.`,
      canSendAgain: true,
    };
  }
  if (save?.state !== 'failed') return null;
  if (keeper === 'library') {
    return {
      key: `${save.deliveryId} failed`,
      tone: 'bad',
      what: `No version was made: ${sentence(save.reason)}`,
      next: 'Everything you typed is safe on the server.',
      canSendAgain: save.code !== 'permission_denied',
    };
  }
  if (save.code === 'save_url_missing') {
    return {
      key: 'nowhere',
      tone: 'warn',
      what: 'There is nowhere to save to: the application that opened this document takes no saves.',
      next: 'Everything you typed is safe on the server.',
      canSendAgain: false,
    };
  }
  const { next, canSendAgain } = sequel(save);
  return {
    key: `${save.deliveryId} failed`,
    tone: 'bad',
    what: `${nameOf(save)} was not delivered: ${sentence(save.reason)}`,
    next,
    canSendAgain,
  };
}

function nameOf({ deliveryId, version }: Failed): string {
  return deliveryId === null ? 'The document' : `Version ${version}`;
}

/** What follows a failure that no attempt follows by itself. */
function sequel({ deliveryId, code }: Failed): Pick<SaveTrouble, 'next' | 'canSendAgain'> {
  switch (code) {
    case 'permission_denied':
      return { next: 'Everything you typed is safe on the server.', canSendAgain: false };
    case 'session_expired':
    case 'session_unknown':
      return { next: 'Open the document again from the application and save there.', canSendAgain: false };
    case 'conflict':
      return {
        next: 'Nothing was overwritten. The version is kept on the server for people to look at.',
        canSendAgain: true,
      };
    case 'engine_missing':
      return {
        next: 'The server does not try again by itself. The document is kept there as docx.',
        canSendAgain: true,
      };
    default:
      return deliveryId === null
        ? { next: 'Nothing was sent. Everything you typed is safe on the server.', canSendAgain: true }
        : {
            next: 'The server does not try again by itself. The version is kept there and can be sent again.',
            canSendAgain: true,
          };
  }
}

/** Reasons come from many places, the application among them; some end without a full stop. */
function sentence(reason: string): string {
  const text = reason.trim();
  return /[.!?。…]$/.test(text) ? text : `${text}.`;
}
