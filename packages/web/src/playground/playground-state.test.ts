import type { Arrival } from '@officina/protocol';
import { describe, expect, it } from 'vitest';
import type { CreatedSession } from './api-client.js';
import { AMELIA, BEN } from './people.js';
import { advance, type PlaygroundEvent, START } from './playground-state.js';

const session = { session_id: 's1', document_id: 'd1' } as CreatedSession;
const seated = (person = AMELIA): PlaygroundEvent => ({
  type: 'seated',
  person,
  rights: 'comment',
  session,
  inForce: null,
});
const play = (...events: PlaygroundEvent[]) => events.reduce(advance, START);

describe('the playground', () => {
  it('seats one person without moving the other', () => {
    const { seats } = play(seated(BEN));
    expect(seats.map(({ person, state }) => [person.name, state])).toEqual([
      ['Amelia', 'waiting'],
      ['Ben', 'open'],
    ]);
  });

  it('keeps the frame and the rights of who left', () => {
    const { seats } = play(seated(), { type: 'left', person: AMELIA });
    expect(seats[0]).toEqual({ state: 'left', person: AMELIA, rights: 'comment', session });
  });

  it('tells an arrival once, however often the stream repeats it', () => {
    const arrival = { id: 7 } as Arrival;
    const { arrivals } = play({ type: 'arrived', arrival }, { type: 'arrived', arrival });
    expect(arrivals).toHaveLength(1);
  });

  it('a new document starts with empty seats and keeps what was logged', () => {
    const after = play(
      { type: 'arrived', arrival: { id: 7 } as Arrival },
      { type: 'opened', documentId: 'd1', documentName: 'Plan' },
      seated(),
      { type: 'closed' },
    );
    expect(after.document).toBeNull();
    expect(after.seats.every(({ state }) => state === 'waiting')).toBe(true);
    expect(after.arrivals).toHaveLength(1);
  });

  it('a refusal ends the waiting and stays until it is dismissed', () => {
    const problem = { status: 400, code: '1852', message: 'No.', parameter: null };
    const refused = play({ type: 'opening' }, { type: 'failed', problem });
    expect(refused).toMatchObject({ isBusy: false, problem });
    expect(advance(refused, { type: 'dismissed' }).problem).toBeNull();
  });
});
