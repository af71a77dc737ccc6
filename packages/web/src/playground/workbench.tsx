import { useState } from 'react';
import { TopBar } from '../front/top-bar.js';
import { Button } from '../kit/button.js';
import { Icon } from '../kit/icon.js';
import { PEOPLE } from './people.js';
import { ProblemNote } from './problem-note.js';
import type { SampleValues } from './samples.js';
import { SidePanel } from './side-panel.js';
import { Stage } from './stage.js';
import type { Playground } from './use-playground.js';

export interface WorkbenchProps {
  playground: Playground;
  home: string;
  filesPath: string;
  samples: SampleValues;
}

const VIEWS = [
  ...PEOPLE.map(({ userId, name }) => ({ id: userId, name })),
  { id: 'panel', name: 'Your app' },
];

/** Two people's windows and, beside them, the application that they work in. */
export function Workbench({ playground, home, filesPath, samples }: WorkbenchProps) {
  const { state } = playground;
  // On a narrow screen one of the three is shown at a time.
  const [view, setView] = useState(VIEWS[0]?.id ?? 'panel');
  return (
    <div className="pg-page">
      <TopBar home={home}>
        <h1 className="pg-title">{state.document?.name}</h1>
        <span className="pg-gap" />
        <Button
          tone="plain"
          onClick={() => void playground.deleteDocument()}
          aria-label="Delete the document"
        >
          <Icon name="trash" size={16} />
          <span className="pg-wide">Delete</span>
        </Button>
        <Button onClick={playground.close} aria-label="New document">
          <Icon name="plus" size={16} />
          <span className="pg-wide">New document</span>
        </Button>
      </TopBar>
      {state.problem && <ProblemNote problem={state.problem} onDismiss={playground.dismiss} />}
      <div className="pg-switch">
        {VIEWS.map(({ id, name }) => (
          <Button key={id} aria-pressed={view === id} onClick={() => setView(id)}>
            {name}
            {id === 'panel' && state.arrivals.length > 0 && ` (${state.arrivals.length})`}
          </Button>
        ))}
      </div>
      <main className="pg-bench" data-shown={view}>
        <Stage playground={playground} />
        <SidePanel state={state} filesPath={filesPath} samples={samples} />
      </main>
    </div>
  );
}
