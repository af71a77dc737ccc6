import { type FormEvent, useEffect, useState } from 'react';
import type { Answer } from './ask.js';

export interface SigningIn {
  readonly submit: (event: FormEvent) => void;
  /** Why the last try failed; null before one did. */
  readonly refusal: string | null;
  /** While a try is under way, and while the server wants no other one. */
  readonly isHeldUp: boolean;
  readonly buttonWords: string;
}

/** Tries to sign in, one try at a time, and waits as long as the server asks for after a wrong password. */
export function useSignIn<T extends { signedIn: boolean }>(
  attempt: () => Promise<Answer<T>>,
  onSignedIn: (signIn: Extract<T, { signedIn: true }>) => void,
): SigningIn {
  const [isBusy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<string | null>(null);
  const [waitSeconds, setWaitSeconds] = useState(0);

  useEffect(() => {
    if (waitSeconds <= 0) return;
    const timer = setTimeout(() => setWaitSeconds(waitSeconds - 1), 1000);
    return () => clearTimeout(timer);
  }, [waitSeconds]);

  const work = async () => {
    setBusy(true);
    const answer = await attempt();
    setBusy(false);
    if (answer.state === 'good' && isIn(answer.value)) return onSignedIn(answer.value);
    if (answer.state !== 'refused') return;
    setRefusal(answer.message);
    setWaitSeconds(answer.retryAfterSeconds ?? 0);
  };
  return {
    submit(event) {
      event.preventDefault();
      void work();
    },
    refusal,
    isHeldUp: isBusy || waitSeconds > 0,
    buttonWords: isBusy ? 'Signing in …' : waitSeconds > 0 ? `Wait ${waitSeconds} s` : 'Sign in',
  };
}

function isIn<T extends { signedIn: boolean }>(signIn: T): signIn is Extract<T, { signedIn: true }> {
  return signIn.signedIn;
}
