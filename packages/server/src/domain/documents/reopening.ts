/** What posting an id leads to. The rules are SE20 to SE28 in docs/spec/sessions.md. */
export type Opening =
  /** An id never seen, without a file: a blank document. */
  | 'blank'
  /** An id never seen, or none: the file begins its first life. */
  | 'import'
  /** The id's document goes on; a file sent along is ignored. */
  | 'join'
  /** The file sent is what the document holds already, untouched: the life goes on. */
  | 'same'
  /** The file begins another life; everything of the former one was delivered, or it has ended. */
  | 'reimport'
  /** The file begins another life, and the former one's undelivered edits are kept for people to look at. */
  | 'conflict'
  /** Refused: a blank document must not overwrite the application's real one. */
  | 'gone';

export type Former =
  | { state: 'never' }
  | { state: 'ended' }
  | {
      state: 'living';
      /** Somebody is connected, or dropped less than the grace period ago. */
      isConnected: boolean;
      edits: 'none' | 'delivered' | 'undelivered';
    };

/** The file that came along, compared with the one that the former life was imported from. */
export type Offer = 'nothing' | 'same' | 'other';

export function decideOpening(former: Former, offer: Offer): Opening {
  switch (former.state) {
    case 'never':
      return offer === 'nothing' ? 'blank' : 'import';
    case 'ended':
      return offer === 'nothing' ? 'gone' : 'reimport';
    case 'living':
      return former.isConnected || offer === 'nothing' ? 'join' : decideWithFile(former.edits, offer);
    default:
      return former satisfies never;
  }
}

function decideWithFile(edits: 'none' | 'delivered' | 'undelivered', offer: 'same' | 'other'): Opening {
  if (edits === 'undelivered') return offer === 'same' ? 'join' : 'conflict';
  return edits === 'none' && offer === 'same' ? 'same' : 'reimport';
}
