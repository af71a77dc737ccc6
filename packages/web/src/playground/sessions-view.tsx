import { Icon } from '../kit/icon.js';
import { RIGHTS } from './people.js';
import type { Ending, PlaygroundState, Seat } from './playground-state.js';

/** The answer of the sessions call as a table that follows it, and what each person may do. */
export function SessionsView({ state }: { state: PlaygroundState }) {
  const { sessions, seats, endings } = state;
  const ended = seats.flatMap((seat) => {
    const ending = seat.state === 'waiting' ? undefined : endings[seat.session.session_id];
    return ending ? [{ person: seat.person, ending }] : [];
  });
  return (
    <>
      <h3>Sessions of this document</h3>
      {!sessions && <p className="pg-hint">Asking the server …</p>}
      {sessions && (
        <>
          <ul className="pg-sessions" aria-live="polite">
            {sessions.sessions.map(({ status, user_info, info }) => (
              <li key={info.session_url}>
                <span className="pg-dot" data-active={status === 'active' || undefined} />
                <span className="pg-what">
                  {user_info.display_name}
                  <small>
                    {user_info.user_id} · until {info.expires_on.replace('T', ' ').replace('Z', ' UTC')}
                  </small>
                </span>
                <span className="pg-pill" data-tone={status === 'active' ? 'good' : 'calm'}>
                  {status}
                </span>
              </li>
            ))}
            {ended.map(({ person, ending }) => (
              <li key={`ended ${person.userId}`}>
                <span className="pg-dot" />
                <span className="pg-what">
                  {person.name}
                  <small>
                    {person.userId} · {ENDING_WORDS[ending]}
                  </small>
                </span>
                <span className="pg-pill" data-tone="bad">
                  {ending}
                </span>
              </li>
            ))}
          </ul>
          {sessions.sessions.length === 0 && <p className="pg-hint">Nobody has a session any more.</p>}
          <p className="pg-facts">
            From <code>GET …/documents/{'{id}'}/sessions</code>, asked for every three seconds. A session is
            inactive until its address is opened, and again when its window is closed. One that ended is not
            in the list: <code>GET …/sessions/{'{id}'}</code> says how it did.
          </p>
        </>
      )}
      <h3>Permissions in force</h3>
      <p className="pg-facts">
        As the server’s answer says in <code>X-Officina-Permissions</code>: a session may have others than
        were sent.
      </p>
      {seats.map((seat) => seat.state === 'open' && <Rights key={seat.person.userId} seat={seat} />)}
    </>
  );
}

const ENDING_WORDS: Readonly<Record<Ending, string>> = {
  expired: 'its time was over (code 1834)',
  deleted: 'ended through the API (status invalid)',
};

function Rights({ seat }: { seat: Extract<Seat, { state: 'open' }> }) {
  const { person, rights, inForce } = seat;
  return (
    <div className="pg-rights">
      <strong>{person.name}</strong>
      <ul>
        {Object.entries(inForce ?? RIGHTS[rights].permissions).map(([name, isGiven]) => (
          <li key={name} data-given={isGiven || undefined}>
            <Icon name={isGiven ? 'check' : 'close'} size={13} />
            <code>{name}</code>
            <span className="of-hidden">{isGiven ? 'granted' : 'not granted'}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
