import type { Arrival } from '@officina/protocol';
import { type ApiCall, type ApiProblem, recordCall } from './api-call.js';
import type { CreatedSession, SessionList } from './api-client.js';
import { PEOPLE, type Person, type RightsName } from './people.js';

/** What the server says that a session may do; null when it does not say. */
export type InForce = Readonly<Record<string, boolean>> | null;

/** One person's place on the stage. */
export type Seat =
  | { state: 'waiting'; person: Person; rights: RightsName }
  | { state: 'open'; person: Person; rights: RightsName; session: CreatedSession; inForce: InForce }
  /** Ended by the API; the frame stays, so that its page is seen to say so. */
  | { state: 'left'; person: Person; rights: RightsName; session: CreatedSession };

/** How a session that is in no list any more answers. */
export type Ending = 'expired' | 'deleted';

export interface PlaygroundState {
  calls: readonly ApiCall[];
  arrivals: readonly Arrival[];
  /** The document on the stage; null on the start page. */
  document: { id: string; name: string } | null;
  seats: readonly Seat[];
  sessions: SessionList | null;
  /** By the id of the session. */
  endings: Readonly<Record<string, Ending>>;
  problem: ApiProblem | null;
  isBusy: boolean;
}

export type PlaygroundEvent =
  | { type: 'called'; call: ApiCall }
  | { type: 'arrived'; arrival: Arrival }
  | { type: 'opening' }
  | { type: 'opened'; documentId: string; documentName: string }
  | { type: 'seated'; person: Person; rights: RightsName; session: CreatedSession; inForce: InForce }
  | { type: 'left'; person: Person }
  /** Null: the document lives no more. */
  | { type: 'listed'; sessions: SessionList | null }
  | { type: 'ended'; sessionId: string; ending: Ending }
  | { type: 'failed'; problem: ApiProblem }
  | { type: 'dismissed' }
  | { type: 'closed' };

const EMPTY_SEATS: readonly Seat[] = PEOPLE.map((person) => ({ state: 'waiting', person, rights: 'edit' }));

export const START: PlaygroundState = {
  calls: [],
  arrivals: [],
  document: null,
  seats: EMPTY_SEATS,
  sessions: null,
  endings: {},
  problem: null,
  isBusy: false,
};

export function advance(state: PlaygroundState, event: PlaygroundEvent): PlaygroundState {
  switch (event.type) {
    case 'called':
      return { ...state, calls: recordCall(state.calls, event.call) };
    case 'arrived': {
      // A stream that was cut tells everything again when it is back.
      const isKnown = state.arrivals.some(({ id }) => id === event.arrival.id);
      return isKnown ? state : { ...state, arrivals: [event.arrival, ...state.arrivals] };
    }
    case 'opening':
      return { ...state, isBusy: true, problem: null };
    case 'opened':
      return {
        ...state,
        isBusy: false,
        document: { id: event.documentId, name: event.documentName },
        sessions: null,
      };
    case 'seated': {
      const { person, rights, session, inForce } = event;
      return {
        ...state,
        isBusy: false,
        seats: reseat(state.seats, { state: 'open', person, rights, session, inForce }),
      };
    }
    case 'left': {
      const seat = state.seats.find(({ person }) => person === event.person);
      if (seat?.state !== 'open') return state;
      const { person, rights, session } = seat;
      return { ...state, seats: reseat(state.seats, { state: 'left', person, rights, session }) };
    }
    case 'listed':
      return {
        ...state,
        sessions: event.sessions ?? (state.sessions && { ...state.sessions, sessions: [] }),
      };
    case 'ended':
      return { ...state, endings: { ...state.endings, [event.sessionId]: event.ending } };
    case 'failed':
      return { ...state, isBusy: false, problem: event.problem };
    case 'dismissed':
      return { ...state, problem: null };
    case 'closed':
      return { ...state, document: null, seats: EMPTY_SEATS, sessions: null, problem: null, isBusy: false };
    default:
      return event satisfies never;
  }
}

function reseat(seats: readonly Seat[], taken: Seat): readonly Seat[] {
  return seats.map((seat) => (seat.person === taken.person ? taken : seat));
}

/** Seats whose session the list does not hold any more, and of which nobody has asked yet what became of it. */
export function findMissing(state: PlaygroundState): readonly Exclude<Seat, { state: 'waiting' }>[] {
  const listed = new Set(state.sessions?.sessions.map(({ info }) => info.session_url));
  return state.seats.filter(
    (seat): seat is Exclude<Seat, { state: 'waiting' }> =>
      seat.state !== 'waiting' &&
      !listed.has(seat.session.document_url) &&
      state.endings[seat.session.session_id] === undefined,
  );
}
