import type { ConsoleSignIn } from '@officina/protocol';
import { useState } from 'react';
import { useSignIn } from '../front/use-sign-in.js';
import { Button } from '../kit/button.js';
import { Icon } from '../kit/icon.js';
import { signIn } from './console-api.js';

export interface SignInProps {
  base: string;
  onSignedIn(signIn: Extract<ConsoleSignIn, { signedIn: true }>): void;
}

/** The only thing that is shown to who has not signed in. */
export function SignIn({ base, onSignedIn }: SignInProps) {
  const [password, setPassword] = useState('');
  const { submit, refusal, isHeldUp, buttonWords } = useSignIn(() => signIn(base, password), onSignedIn);

  return (
    <main className="pg-locked">
      <Icon name="key" size={34} />
      <h1>Console</h1>
      <p>For whoever runs this server.</p>
      <form className="oc-sign-in" onSubmit={submit}>
        <label>
          Password
          <input
            className="of-field"
            type="password"
            autoComplete="current-password"
            // biome-ignore lint/a11y/noAutofocus: the page is this one field
            autoFocus
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
          {refusal ??
            'The password is OFFICINA_ADMIN_PASSWORD, or the one that the server printed when it started for the first time.'}
        </p>
      </form>
    </main>
  );
}
