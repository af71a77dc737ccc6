import type { PlaygroundSetup } from '@officina/protocol';
import { useEffect, useState } from 'react';
import { TopBar } from '../front/top-bar.js';
import { Locked } from './locked.js';
import { Start } from './start.js';
import { type PlaygroundKit, usePlayground } from './use-playground.js';
import { Workbench } from './workbench.js';

type Entrance =
  | { state: 'asking' }
  | { state: 'barred'; reason: 'locked' | 'keyless' | 'unreachable' }
  | { state: 'open'; kit: PlaygroundKit };

/** The start page: the playground for whoever may see the key, an explanation for everybody else. */
export function PlaygroundPage({ base }: { base: string }) {
  const [entrance, setEntrance] = useState<Entrance>({ state: 'asking' });
  useEffect(() => {
    const asking = new AbortController();
    enter(base, asking.signal).then(setEntrance, () => {
      if (!asking.signal.aborted) setEntrance({ state: 'barred', reason: 'unreachable' });
    });
    return () => asking.abort();
  }, [base]);

  switch (entrance.state) {
    case 'asking':
      return <StartBar base={base} />;
    case 'barred':
      return (
        <>
          <StartBar base={base} />
          <Locked reason={entrance.reason} consolePath={`${base}/console`} />
        </>
      );
    case 'open':
      return <OpenPlayground kit={entrance.kit} />;
    default:
      return entrance satisfies never;
  }
}

function OpenPlayground({ kit }: { kit: PlaygroundKit }) {
  const playground = usePlayground(kit);
  const { state } = playground;
  const samples = {
    origin: window.location.origin + kit.base,
    apiKey: kit.apiKey,
    saveUrl: kit.receiver.url,
  };
  if (state.document) {
    return (
      <Workbench
        playground={playground}
        home={`${kit.base}/`}
        filesPath={`${kit.base}/playground/api/receivers/${kit.receiver.token}/arrivals`}
        samples={samples}
      />
    );
  }
  return (
    <>
      <StartBar base={kit.base} />
      <Start
        isBusy={state.isBusy}
        problem={state.problem}
        samples={samples}
        onOpen={(file) => void playground.open(file)}
        onDismiss={playground.dismiss}
      />
    </>
  );
}

function StartBar({ base }: { base: string }) {
  return (
    <TopBar home={`${base}/`}>
      <span className="pg-gap" />
      <nav aria-label="Server">
        <a href={`${base}/library`}>Library</a>
        <a href={`${base}/openapi.json`}>API description</a>
        <a href={`${base}/console`}>Console</a>
      </nav>
    </TopBar>
  );
}

async function enter(base: string, signal: AbortSignal): Promise<Entrance> {
  const response = await fetch(`${base}/playground/api/setup`, { method: 'POST', signal });
  const setup = (await response.json()) as PlaygroundSetup;
  if (setup.state !== 'ready') return { state: 'barred', reason: setup.state };
  return { state: 'open', kit: { base, apiKey: setup.apiKey, receiver: setup.receiver } };
}
