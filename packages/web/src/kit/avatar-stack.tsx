import type { CSSProperties } from 'react';
import { initialsOf } from './initials.js';

export interface Person {
  readonly key: string;
  readonly name: string;
  readonly color: string;
  readonly isSelf: boolean;
}

export interface AvatarStackProps {
  readonly people: readonly Person[];
  /** More people than this end in one `+n`. */
  readonly limit?: number;
}

/** The people present, oneself first. The list reads as names to a screen reader. */
export function AvatarStack({ people, limit = 5 }: AvatarStackProps) {
  const ordered = [...people].sort((a, b) => Number(b.isSelf) - Number(a.isSelf));
  const shown = ordered.length > limit ? ordered.slice(0, limit - 1) : ordered;
  const rest = ordered.slice(shown.length);
  return (
    <ul className="of-avatars" aria-label={`People here: ${people.length}`}>
      {shown.map((person) => (
        <li key={person.key}>
          <span
            className="of-avatar"
            role="img"
            aria-label={nameOf(person)}
            title={nameOf(person)}
            style={{ '--of-person': person.color } as CSSProperties}
          >
            {initialsOf(person.name)}
          </span>
        </li>
      ))}
      {rest.length > 0 && (
        <li>
          <span
            className="of-avatar"
            data-overflow=""
            role="img"
            aria-label={`and ${rest.length} more: ${rest.map(nameOf).join(', ')}`}
            title={rest.map(nameOf).join('\n')}
          >
            +{rest.length}
          </span>
        </li>
      )}
    </ul>
  );
}

function nameOf(person: Person): string {
  return person.isSelf ? `${person.name} (you)` : person.name;
}
