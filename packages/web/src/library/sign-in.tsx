import type { LibrarySignIn } from '@officina/protocol';
import { useEffect, useState } from 'react';
import { useSignIn } from '../front/use-sign-in.js';
import { Button } from '../kit/button.js';
import { Icon } from '../kit/icon.js';
import { signIn } from './library-api.js';

export interface SignInProps {
  root: string;
  /** Where people open an account themselves; null where they cannot. */
  signUpPath: string | null;
  onSignedIn(signIn: LibrarySignIn): void;
}

/** The only thing that is shown to who has not signed in. */
export function SignIn({ root, signUpPath, onSignedIn }: SignInProps) {
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const { submit, refusal, isHeldUp, buttonWords } = useSignIn(
    () => signIn(root, name, password),
    onSignedIn,
  );

  useEffect(() => {
    document.title = 'Sign in · Library · Officina';
  }, []);
  return (
    <main className="pg-locked">
      <Icon name="document" size={34} />
      <h1>Library</h1>
      <p>Your documents, and those that others share with you.</p>
      <form className="lb-sign-in" onSubmit={submit}>
        <label>
          Login name or e-mail address
          <input
            className="of-field"
            autoComplete="username"
            // biome-ignore lint/a11y/noAutofocus: the page is this form
            autoFocus
            required
            value={name}
            onChange={(event) => setName(event.target.value)}
            aria-invalid={refusal !== null}
          />
        </label>
        <label>
          Password
          <input
            className="of-field"
            type="password"
            autoComplete="current-password"
            required
            value={password}
            onChange={(event) => setPassword(event.target.value)}
            aria-describedby="sign-in-note"
            aria-invalid={refusal !== null}
          />
        </label>
        <Button type="submit" tone="accent" disabled={isHeldUp}>
          {buttonWords}
        </Button>
        <p id="sign-in-note" role="status" data-bad={refusal !== null || undefined}>
          {refusal ?? (signUpPath === null && 'Accounts are made by whoever runs this server.')}
        </p>
        {signUpPath !== null && <a href={signUpPath}>Open an account</a>}
      </form>
    </main>
  );
}
