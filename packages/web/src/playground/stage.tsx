import { participantColor } from '@officina/protocol';
import { Button } from '../kit/button.js';
import { Icon } from '../kit/icon.js';
import { initialsOf } from '../kit/initials.js';
import { type Person, RIGHTS, type RightsName } from './people.js';
import type { Ending, Seat } from './playground-state.js';
import type { Playground } from './use-playground.js';

/** The two frames, each as an application would embed it, each with one person in it. */
export function Stage({ playground }: { playground: Playground }) {
  const { seats, sessions, endings } = playground.state;
  return (
    <>
      {seats.map((seat) => {
        const isActive = sessions?.sessions.some(
          ({ status, user_info }) => status === 'active' && user_info.user_id === seat.person.userId,
        );
        return (
          <SeatView
            key={seat.person.userId}
            seat={seat}
            isActive={isActive === true}
            ending={seat.state === 'open' ? endings[seat.session.session_id] : undefined}
            playground={playground}
          />
        );
      })}
    </>
  );
}

interface SeatViewProps {
  readonly seat: Seat;
  readonly isActive: boolean;
  /** How the session ended; undefined while it lives. */
  readonly ending: Ending | undefined;
  readonly playground: Playground;
}

function SeatView({ seat, isActive, ending, playground }: SeatViewProps) {
  const { person } = seat;
  const status = statusOf(seat, isActive, ending);
  return (
    <section className="pg-seat" data-view={person.userId} aria-label={`${person.name}’s window`}>
      <header>
        <PersonBadge person={person} />
        <strong>{person.name}</strong>
        <span className="pg-pill" data-tone={TONES[status] ?? 'calm'}>
          {status}
        </span>
        <select
          aria-label={`What ${person.name} may do`}
          value={seat.rights}
          disabled={seat.state === 'waiting'}
          onChange={(event) => void playground.seat(person, event.target.value as RightsName)}
        >
          {Object.entries(RIGHTS).map(([name, { label }]) => (
            <option key={name} value={name}>
              {label}
            </option>
          ))}
        </select>
        <span className="pg-gap" />
        {seat.state === 'left' && (
          <Button tone="accent" onClick={() => void playground.seat(person, seat.rights)}>
            Let {person.name} join again
          </Button>
        )}
        {seat.state === 'open' && (
          <>
            <a
              className="of-button"
              data-tone="plain"
              href={pathOf(seat.session.document_url)}
              target="_blank"
              rel="noreferrer"
              aria-label={`Open ${person.name}’s session in a tab`}
              title="Open in a tab"
            >
              <Icon name="external" size={16} />
            </a>
            <Button
              tone="plain"
              onClick={() => void playground.end(person)}
              aria-label={`End ${person.name}’s session`}
              title="End this session by the API"
            >
              <Icon name="end" size={16} />
            </Button>
          </>
        )}
      </header>
      {seat.state === 'waiting' ? (
        <div className="pg-empty" role="status">
          <span className="of-spinner" />
          {person.name} is joining …
        </div>
      ) : (
        <iframe
          key={seat.session.session_id}
          title={`${person.name}’s editor`}
          src={pathOf(seat.session.document_url)}
          allow="clipboard-read; clipboard-write; fullscreen"
        />
      )}
    </section>
  );
}

const TONES: Readonly<Record<string, string>> = { active: 'good', expired: 'bad', deleted: 'bad' };

function statusOf(seat: Seat, isActive: boolean, ending: Ending | undefined): string {
  switch (seat.state) {
    case 'waiting':
      return 'joining';
    case 'left':
      return 'ended';
    case 'open':
      return ending ?? (isActive ? 'active' : 'inactive');
    default:
      return seat satisfies never;
  }
}

export function PersonBadge({ person }: { person: Person }) {
  return (
    <svg className="pg-badge" viewBox="0 0 24 24" aria-hidden="true">
      <circle cx="12" cy="12" r="12" fill={participantColor(person.userId)} />
      <text x="12" y="16" textAnchor="middle" fill="#fff">
        {initialsOf(person.name)}
      </text>
    </svg>
  );
}

/** The address that was handed out may name another host than the one this page came from (a public URL): its path serves here. */
function pathOf(url: string): string {
  return new URL(url, window.location.href).pathname;
}
