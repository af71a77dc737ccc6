import type { ConsoleSignIn } from '@officina/protocol';
import { type FormEvent, useEffect, useState } from 'react';
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
  const [isBusy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<string | null>(null);
  const [waitSeconds, setWaitSeconds] = useState(0);

  useEffect(() => {
    if (waitSeconds <= 0) return;
    const timer = setTimeout(() => setWaitSeconds(waitSeconds - 1), 1000);
    return () => clearTimeout(timer);
  }, [waitSeconds]);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    const answer = await signIn(base, password);
    setBusy(false);
    if (answer.state === 'good' && answer.value.signedIn) return onSignedIn(answer.value);
    if (answer.state !== 'refused') return;
    setRefusal(answer.message);
    setWaitSeconds(answer.retryAfterSeconds ?? 0);
  };

  return (
    <main className="pg-locked">
      <Icon name="key" size={34} />
      <h1>Console</h1>
      <p>For whoever runs this server.</p>
      <form className="oc-sign-in" onSubmit={(event) => void submit(event)}>
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
        <Button type="submit" tone="accent" disabled={isBusy || waitSeconds > 0}>
          {isBusy ? 'Signing in …' : waitSeconds > 0 ? `Wait ${waitSeconds} s` : 'Sign in'}
        </Button>
        <p id="sign-in-note" role="status" data-bad={refusal !== null || undefined}>
          {refusal ??
            'The password is OFFICINA_ADMIN_PASSWORD, or the one that the server printed when it started for the first time.'}
        </p>
      </form>
    </main>
  );
}
