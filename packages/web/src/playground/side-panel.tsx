import { useId, useState } from 'react';
import { Activity } from './activity.js';
import type { PlaygroundState } from './playground-state.js';
import type { SampleValues } from './samples.js';
import { moveFocus, SamplesView } from './samples-view.js';
import { SessionsView } from './sessions-view.js';

const TABS = ['Activity', 'Sessions', 'Code'] as const;
type Tab = (typeof TABS)[number];

export interface SidePanelProps {
  state: PlaygroundState;
  filesPath: string;
  samples: SampleValues;
}

/** What an application would see: the calls it makes, what comes back, who is there, and the code for it. */
export function SidePanel({ state, filesPath, samples }: SidePanelProps) {
  const [tab, setTab] = useState<Tab>('Activity');
  const id = useId();
  const newest = state.arrivals[0];
  return (
    <aside className="pg-side" data-view="panel" aria-label="Your application">
      <div
        className="pg-tabs"
        role="tablist"
        aria-label="Your application"
        onKeyDown={(event) => moveFocus(event.key, event.currentTarget)}
      >
        {TABS.map((name) => (
          <button
            key={name}
            type="button"
            role="tab"
            id={`${id}-${name}`}
            aria-selected={name === tab}
            aria-controls={`${id}-panel`}
            tabIndex={name === tab ? 0 : -1}
            onClick={() => setTab(name)}
          >
            {name}
            {name === 'Activity' && state.arrivals.length > 0 && <em>{state.arrivals.length}</em>}
          </button>
        ))}
      </div>
      <div className="pg-side-body" role="tabpanel" id={`${id}-panel`} aria-labelledby={`${id}-${tab}`}>
        {tab === 'Activity' && (
          <Activity calls={state.calls} arrivals={state.arrivals} filesPath={filesPath} />
        )}
        {tab === 'Sessions' && <SessionsView state={state} />}
        {tab === 'Code' && <SamplesView values={samples} />}
      </div>
      <p className="of-hidden" role="status">
        {newest?.file ? `The saved file ${newest.file.fileName} arrived.` : ''}
      </p>
    </aside>
  );
}
