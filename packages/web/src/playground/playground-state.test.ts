import type { Arrival } from '@officina/protocol';
import { describe, expect, it } from 'vitest';
import type { CreatedSession, SessionList } from './api-client.js';
import { AMELIA, BEN } from './people.js';
import { advance, findMissing, type PlaygroundEvent, START } from './playground-state.js';

const session = { session_id: 's1', document_id: 'd1', document_url: '/s1/edit' } as CreatedSession;
const list = (...urls: string[]) =>
  ({ sessions: urls.map((session_url) => ({ info: { session_url } })) }) as unknown as SessionList;
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

  it('asks once what became of a session that is in the list no more', () => {
    const listed = play(seated(), { type: 'listed', sessions: list('/s1/edit') });
    expect(findMissing(listed)).toEqual([]);
    const gone = advance(listed, { type: 'listed', sessions: null });
    expect(gone.sessions?.sessions).toEqual([]);
    expect(findMissing(gone).map(({ person }) => person)).toEqual([AMELIA]);
    const ended = advance(gone, { type: 'ended', sessionId: 's1', ending: 'expired' });
    expect(findMissing(ended)).toEqual([]);
    expect(ended.endings).toEqual({ s1: 'expired' });
  });

  it('a refusal ends the waiting and stays until it is dismissed', () => {
    const problem = { status: 400, code: '1852', message: 'No.', parameter: null };
    const refused = play({ type: 'opening' }, { type: 'failed', problem });
    expect(refused).toMatchObject({ isBusy: false, problem });
    expect(advance(refused, { type: 'dismissed' }).problem).toBeNull();
  });
});
