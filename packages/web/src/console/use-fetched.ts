import { useCallback, useEffect, useState } from 'react';
import type { Answer } from '../front/ask.js';
import type { ConsoleApi } from './console-api.js';

export type Fetched<T> =
  | { state: 'fetching' }
  /** `stale` holds what went wrong the last time, while older values are still shown. */
  | { state: 'here'; value: T; stale: string | null }
  | { state: 'failed'; message: string };

/** Asks for `path` now, again every `everyMs` while the page is seen, and when `again` is called. */
export function useFetched<T>(
  api: ConsoleApi,
  path: string,
  options: { everyMs: number; onSignedOut: () => void },
): { fetched: Fetched<T>; again: () => void } {
  const { everyMs, onSignedOut } = options;
  const [fetched, setFetched] = useState<{ path: string; value: Fetched<T> }>({
    path,
    value: { state: 'fetching' },
  });
  const look = useCallback(async () => {
    const answer = await api.read<T>(path);
    if (answer.state === 'signed_out') return onSignedOut();
    setFetched((former) => ({
      path,
      value: merge(former.path === path ? former.value : { state: 'fetching' }, answer),
    }));
  }, [api, path, onSignedOut]);

  useEffect(() => {
    void look();
    const timer = setInterval(() => {
      if (!document.hidden) void look();
    }, everyMs);
    return () => clearInterval(timer);
  }, [look, everyMs]);

  return {
    fetched: fetched.path === path ? fetched.value : { state: 'fetching' },
    again: useCallback(() => void look(), [look]),
  };
}

function merge<T>(former: Fetched<T>, answer: Exclude<Answer<T>, { state: 'signed_out' }>): Fetched<T> {
  if (answer.state === 'good') return { state: 'here', value: answer.value, stale: null };
  if (former.state === 'here') return { ...former, stale: answer.message };
  return { state: 'failed', message: answer.message };
}
