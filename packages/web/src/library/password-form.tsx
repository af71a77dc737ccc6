import type { LibrarySignIn } from '@officina/protocol';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { Button } from '../kit/button.js';
import type { LibraryApi } from './library-api.js';

export interface PasswordFormProps {
  api: LibraryApi;
  email: string;
  onSignedIn(signIn: LibrarySignIn): void;
  onSignedOut(): void;
}

/** Another password for who knows the one that they have. */
export function PasswordForm({ api, email, onSignedIn, onSignedOut }: PasswordFormProps) {
  const form = useRef<HTMLFormElement>(null);
  const [outcome, setOutcome] = useState<{ words: string; isBad: boolean } | null>(null);
  useEffect(() => {
    form.current?.querySelector<HTMLElement>('input[type=password]')?.focus();
  }, []);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const typed = new FormData(event.currentTarget);
    const answer = await api.changePassword(String(typed.get('current')), String(typed.get('next')));
    if (answer.state === 'signed_out') return onSignedOut();
    if (answer.state === 'refused') return setOutcome({ words: answer.message, isBad: true });
    form.current?.reset();
    setOutcome({ words: 'Your password is changed, and you are signed out everywhere else.', isBad: false });
    onSignedIn(answer.value);
  };
  return (
    <form ref={form} className="lb-password" onSubmit={(event) => void submit(event)}>
      {/* For those who keep passwords, programs among them: whose it is. */}
      <input type="hidden" autoComplete="username" value={email} readOnly />
      <label>
        The password that you have
        <input className="of-field" type="password" name="current" autoComplete="current-password" required />
      </label>
      <label>
        A new one, of at least 8 characters
        <input
          className="of-field"
          type="password"
          name="next"
          autoComplete="new-password"
          minLength={8}
          required
        />
      </label>
      <p role="status" data-bad={outcome?.isBad || undefined}>
        {outcome?.words ?? ''}
      </p>
      <Button type="submit" tone="accent">
        Change it
      </Button>
    </form>
  );
}
