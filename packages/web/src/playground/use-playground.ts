import type { Arrival } from '@officina/protocol';
import { useCallback, useEffect, useMemo, useReducer, useRef } from 'react';
import { problemOf } from './api-call.js';
import { ApiClient, type Outcome } from './api-client.js';
import { PEOPLE, type Person, RIGHTS, type RightsName } from './people.js';
import { advance, type Ending, findMissing, type PlaygroundState, START } from './playground-state.js';

export interface PlaygroundKit {
  /** Path before every one of ours, without a trailing slash. */
  base: string;
  apiKey: string;
  receiver: { token: string; url: string };
}

export interface Playground {
  state: PlaygroundState;
  /** Opens a document for everybody: a blank one, or the file. */
  open(file: File | null): Promise<void>;
  /** Seats one person (again), with these rights. */
  seat(person: Person, rights: RightsName): Promise<void>;
  end(person: Person): Promise<void>;
  /** Back to the start page; the document stays until it expires. */
  close(): void;
  deleteDocument(): Promise<void>;
  dismiss(): void;
}

/** Often enough to see somebody come and go, rarely enough to leave the log readable. */
const LIST_EVERY_MS = 3_000;

/** Codes of the API. */
const DOCUMENT_UNKNOWN = '1844';
const SESSION_EXPIRED = '1834';

export function usePlayground(kit: PlaygroundKit): Playground {
  const [state, tell] = useReducer(advance, START);
  const api = useMemo(
    () => new ApiClient(kit.base, kit.apiKey, (call) => tell({ type: 'called', call })),
    [kit],
  );
  const documentId = state.document?.id ?? null;
  const latest = useRef(state);
  latest.current = state;

  useEffect(() => {
    const events = new EventSource(`${kit.base}/playground/api/receivers/${kit.receiver.token}/events`);
    events.onmessage = ({ data }) => tell({ type: 'arrived', arrival: JSON.parse(data) as Arrival });
    return () => events.close();
  }, [kit]);

  useEffect(() => {
    if (documentId === null) return;
    // A document that is gone does not come back under this page's sessions.
    let isOver = false;
    const look = async () => {
      if (document.hidden || isOver) return;
      const listed = await api.listSessions(documentId);
      const isGone = !listed.good && problemOf(listed.answer).code === DOCUMENT_UNKNOWN;
      if (!listed.good && !isGone) return;
      const event = { type: 'listed', sessions: listed.good ? listed.value : null } as const;
      tell(event);
      for (const { person, session } of findMissing(advance(latest.current, event))) {
        const ending = endingOf(await api.describeSession(person, session.session_id));
        if (ending) tell({ type: 'ended', sessionId: session.session_id, ending });
        else return;
      }
      isOver = isGone;
    };
    void look();
    const timer = setInterval(look, LIST_EVERY_MS);
    return () => clearInterval(timer);
  }, [api, documentId]);

  const take = useCallback(<T>(outcome: Outcome<T>): T | null => {
    if (outcome.good) return outcome.value;
    tell({ type: 'failed', problem: problemOf(outcome.answer) });
    return null;
  }, []);

  const place = useCallback(
    async (
      person: Person,
      rights: RightsName,
      target: { documentId: string | null; name: string; file: File | null },
    ) => {
      const { permissions } = RIGHTS[rights];
      const { documentId: id, name: documentName, file } = target;
      const saveUrl = kit.receiver.url;
      const outcome = await api.open({ person, permissions, saveUrl, documentId: id, documentName, file });
      const session = take(outcome);
      if (session) tell({ type: 'seated', person, rights, session, inForce: outcome.answer.permissions });
      return session;
    },
    [api, kit, take],
  );

  return {
    state,
    async open(file) {
      tell({ type: 'opening' });
      const name = file ? nameOf(file) : 'Untitled';
      const [first, ...others] = PEOPLE;
      const made = await place(first, 'edit', { documentId: null, name, file });
      if (!made) return;
      tell({ type: 'opened', documentId: made.document_id, documentName: name });
      for (const person of others)
        await place(person, 'edit', { documentId: made.document_id, name, file: null });
    },
    async seat(person, rights) {
      if (documentId === null) return;
      const former = state.seats.find((seat) => seat.person === person);
      const taken = await place(person, rights, { documentId, name: state.document?.name ?? '', file: null });
      if (taken && former?.state === 'open') take(await api.endSession(person, former.session.session_id));
    },
    async end(person) {
      const seat = state.seats.find((one) => one.person === person);
      if (seat?.state !== 'open') return;
      if (take(await api.endSession(person, seat.session.session_id)) !== null)
        tell({ type: 'left', person });
    },
    close: () => tell({ type: 'closed' }),
    async deleteDocument() {
      if (documentId !== null && take(await api.deleteDocument(documentId)) !== null)
        tell({ type: 'closed' });
    },
    dismiss: () => tell({ type: 'dismissed' }),
  };
}

/** Null: it lives after all, or the server did not say. */
function endingOf(outcome: Outcome<{ status: string }>): Ending | null {
  if (outcome.good) return outcome.value.status === 'invalid' ? 'deleted' : null;
  return problemOf(outcome.answer).code === SESSION_EXPIRED ? 'expired' : null;
}

/** Without its extension: that is how a document is called. */
function nameOf(file: File): string {
  return file.name.replace(/\.[^.]+$/, '') || file.name;
}
