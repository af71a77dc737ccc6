import { describe, expect, it } from 'vitest';
import { decideOpening, type Former, type Offer, type Opening } from './reopening.js';

type Edits = Extract<Former, { state: 'living' }>['edits'];

const living = (isConnected: boolean, edits: Edits): Former => ({ state: 'living', isConnected, edits });

const TABLE: readonly (readonly [string, Former, Offer, Opening])[] = [
  ['[SE27] begins blank for an id never seen', { state: 'never' }, 'nothing', 'blank'],
  ['[SE27] imports for an id never seen', { state: 'never' }, 'other', 'import'],
  ['[SE26] refuses an id whose content is gone', { state: 'ended' }, 'nothing', 'gone'],
  ['[SE26] begins again with a file', { state: 'ended' }, 'other', 'reimport'],
  ['[SE20] joins people, whatever the file', living(true, 'delivered'), 'other', 'join'],
  ['[SE20] joins people who edit', living(true, 'undelivered'), 'same', 'join'],
  ['[SE21] joins without a file', living(false, 'undelivered'), 'nothing', 'join'],
  ['[SE21] joins without a file when nothing was changed', living(false, 'none'), 'nothing', 'join'],
  ['[SE22] imports afresh what was delivered', living(false, 'delivered'), 'other', 'reimport'],
  [
    '[SE22] imports the first file again after delivered edits',
    living(false, 'delivered'),
    'same',
    'reimport',
  ],
  ['[SE22] imports afresh what nobody changed', living(false, 'none'), 'other', 'reimport'],
  ['[SE23] keeps a life that holds the file already', living(false, 'none'), 'same', 'same'],
  ['[SE24] goes on with undelivered edits of the same file', living(false, 'undelivered'), 'same', 'join'],
  ['[SE25] keeps both for another file', living(false, 'undelivered'), 'other', 'conflict'],
];

describe('posting an id', () => {
  it.each(TABLE)('%s', (_title, former, offer, opening) => {
    expect(decideOpening(former, offer)).toBe(opening);
  });
});
