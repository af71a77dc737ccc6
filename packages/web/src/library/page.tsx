import type { LibraryPerson, LibrarySignIn } from '@officina/protocol';
import { useCallback, useEffect, useMemo, useState } from 'react';
import { TopBar } from '../front/top-bar.js';
import { LibraryApi, readSignIn } from './library-api.js';
import { Shelves } from './shelves.js';
import { SignIn } from './sign-in.js';

type Entrance =
  | { state: 'asking' }
  | { state: 'out'; signUp: boolean }
  | { state: 'in'; csrf: string; person: LibraryPerson }
  | { state: 'failed'; message: string };

export function LibraryPage({ base }: { base: string }) {
  const root = `${base}/library/api`;
  const [entrance, setEntrance] = useState<Entrance>({ state: 'asking' });
  const enter = useCallback((signIn: LibrarySignIn) => {
    if (!signIn.signedIn) return setEntrance({ state: 'out', signUp: signIn.signUp ?? false });
    setEntrance({ state: 'in', csrf: signIn.csrf, person: signIn.person });
  }, []);

  const ask = useCallback(async () => {
    const answer = await readSignIn(root);
    if (answer.state === 'good') enter(answer.value);
    else setEntrance({ state: 'failed', message: answer.state === 'refused' ? answer.message : '' });
  }, [root, enter]);
  const look = useCallback(() => void ask(), [ask]);
  useEffect(look, [look]);
  useEffect(() => {
    if (entrance.state === 'in') openWanted(base);
  }, [entrance.state, base]);

  switch (entrance.state) {
    case 'asking':
      return <TopBar home={`${base}/`} />;
    case 'failed':
      return (
        <>
          <TopBar home={`${base}/`} />
          <main className="pg-locked" role="alert">
            <h1>The library cannot be opened</h1>
            <p>{entrance.message}</p>
          </main>
        </>
      );
    case 'out':
      return (
        <>
          <TopBar home={`${base}/`} />
          <SignIn root={root} signUpPath={entrance.signUp ? `${base}/sign-up` : null} onSignedIn={enter} />
        </>
      );
    case 'in':
      return (
        <SignedIn
          base={base}
          csrf={entrance.csrf}
          person={entrance.person}
          onSignedIn={enter}
          onSignedOut={look}
          onStanding={look}
        />
      );
    default:
      return entrance satisfies never;
  }
}

interface SignedInProps {
  base: string;
  csrf: string;
  person: LibraryPerson;
  onSignedIn(signIn: LibrarySignIn): void;
  onSignedOut(): void;
  onStanding(): void;
}

function SignedIn({ base, csrf, ...rest }: SignedInProps) {
  const api = useMemo(() => new LibraryApi(`${base}/library/api`, csrf), [base, csrf]);
  return <Shelves base={base} api={api} {...rest} />;
}

/** Somebody came by a link to a document and had to sign in first. */
function openWanted(base: string): void {
  const id = new URLSearchParams(window.location.search).get('open');
  if (id !== null && /^\d{1,18}$/.test(id)) window.location.replace(`${base}/library/documents/${id}`);
}
