import type { ConsoleSignIn } from '@officina/protocol';
import { useCallback, useEffect, useMemo, useState } from 'react';
import { TopBar } from '../front/top-bar.js';
import { usePlace } from '../front/use-place.js';
import { Button } from '../kit/button.js';
import { Accounts } from './accounts.js';
import { ConsoleApi, readSignIn } from './console-api.js';
import { Deliveries } from './deliveries.js';
import { Keys } from './keys.js';
import { Overview } from './overview.js';
import { pathOf, SECTIONS, type Section, sectionOf } from './sections.js';
import { SignIn } from './sign-in.js';

type Entrance =
  | { state: 'asking' }
  | { state: 'out' }
  | { state: 'in'; csrf: string }
  | { state: 'failed'; message: string };

export function ConsolePage({ base }: { base: string }) {
  const [entrance, setEntrance] = useState<Entrance>({ state: 'asking' });
  const leave = useCallback(() => setEntrance({ state: 'out' }), []);
  const enter = useCallback((signIn: ConsoleSignIn) => {
    setEntrance(signIn.signedIn ? { state: 'in', csrf: signIn.csrf } : { state: 'out' });
  }, []);

  useEffect(() => {
    void readSignIn(base).then((answer) => {
      if (answer.state === 'good') return enter(answer.value);
      setEntrance({ state: 'failed', message: answer.state === 'refused' ? answer.message : '' });
    });
  }, [base, enter]);

  switch (entrance.state) {
    case 'asking':
      return <TopBar home={`${base}/`} />;
    case 'failed':
      return (
        <>
          <TopBar home={`${base}/`} />
          <main className="pg-locked" role="alert">
            <h1>The console cannot be opened</h1>
            <p>{entrance.message}</p>
          </main>
        </>
      );
    case 'out':
      return (
        <>
          <TopBar home={`${base}/`} />
          <SignIn base={base} onSignedIn={enter} />
        </>
      );
    case 'in':
      return <SignedIn base={base} csrf={entrance.csrf} onSignedOut={leave} />;
    default:
      return entrance satisfies never;
  }
}

function SignedIn({ base, csrf, onSignedOut }: { base: string; csrf: string; onSignedOut: () => void }) {
  const api = useMemo(() => new ConsoleApi(base, csrf), [base, csrf]);
  const hrefOf = useCallback((to: Section) => `${base}${pathOf(to)}`, [base]);
  const { place: section, link } = usePlace(sectionOf, hrefOf);
  const signOut = async () => {
    await api.change('sign-out');
    onSignedOut();
  };
  return (
    <>
      <TopBar home={`${base}/`}>
        <nav className="oc-nav" aria-label="Console">
          {SECTIONS.map(({ id, name }) => (
            <a
              key={id}
              {...link(id)}
              ref={section === id ? showInNarrowBar : undefined}
              aria-current={section === id ? 'page' : undefined}
            >
              {name}
            </a>
          ))}
        </nav>
        <span className="pg-gap" />
        <Button tone="plain" onClick={() => void signOut()}>
          Sign out
        </Button>
      </TopBar>
      <main className="oc-main">
        {section === 'overview' && <Overview api={api} onSignedOut={onSignedOut} />}
        {section === 'deliveries' && <Deliveries api={api} onSignedOut={onSignedOut} />}
        {section === 'keys' && <Keys api={api} onSignedOut={onSignedOut} />}
        {section === 'accounts' && <Accounts api={api} onSignedOut={onSignedOut} />}
      </main>
    </>
  );
}

/** On a narrow screen the sections scroll sideways, and the one that is shown may lie beyond the edge. */
function showInNarrowBar(link: HTMLElement | null): void {
  link?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
}
