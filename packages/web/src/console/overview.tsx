import type { ConsoleCheck, ConsoleOverview } from '@officina/protocol';
import { Icon } from '../kit/icon.js';
import type { ConsoleApi } from './console-api.js';
import { FetchedView } from './fetched-view.js';
import { useFetched } from './use-fetched.js';

const EVERY_MS = 5_000;

/** How the server is right now. */
export function Overview({ api, onSignedOut }: { api: ConsoleApi; onSignedOut: () => void }) {
  const { fetched } = useFetched<ConsoleOverview>(api, 'overview', { everyMs: EVERY_MS, onSignedOut });
  return (
    <FetchedView fetched={fetched}>
      {({ counts, checks, versions }) => (
        <>
          <h1>Overview</h1>
          <ul className="oc-counts">
            {counts.map(({ name, value, note }) => (
              <li key={name}>
                <strong>{value.toLocaleString()}</strong>
                <span>{name}</span>
                <small>{note}</small>
              </li>
            ))}
          </ul>
          <h2>State</h2>
          <ul className="oc-checks">
            {checks.map((check) => (
              <CheckLine key={check.name} check={check} />
            ))}
          </ul>
          <h2>Versions</h2>
          <dl className="oc-versions">
            {versions.map(([part, version]) => (
              <div key={part}>
                <dt>{part}</dt>
                <dd>{version}</dd>
              </div>
            ))}
          </dl>
        </>
      )}
    </FetchedView>
  );
}

function CheckLine({ check }: { check: ConsoleCheck }) {
  return (
    <li data-state={check.state}>
      <Icon name={check.state === 'good' ? 'check' : 'warning'} />
      <div>
        <strong>{check.name}</strong>
        <span className="of-hidden">: {STATE_WORDS[check.state]}.</span>
        <p>{check.detail}</p>
      </div>
    </li>
  );
}

const STATE_WORDS = { good: 'in order', warn: 'to be looked at', bad: 'not in order' } as const;
