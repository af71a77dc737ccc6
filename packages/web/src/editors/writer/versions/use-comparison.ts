import type { Comparison } from '@officina/engine/writer';
import { useEffect, useState } from 'react';

export type ComparisonState =
  | { readonly state: 'working' }
  | { readonly state: 'here'; readonly comparison: Comparison }
  | { readonly state: 'missing'; readonly isBusy: boolean };

/** How the state at `path` became the one that `to` names (`now`, `12`, `at-345`); made by the server. */
export function useComparison(path: string, to: string): ComparisonState {
  const [found, setFound] = useState<{ key: string; state: ComparisonState }>();
  const key = `${path}/changes?to=${to}`;
  useEffect(() => {
    const abort = new AbortController();
    void fetchComparison(key, abort.signal).then((state) => {
      if (!abort.signal.aborted) setFound({ key, state });
    });
    return () => abort.abort();
  }, [key]);
  return found?.key === key ? found.state : { state: 'working' };
}

async function fetchComparison(address: string, signal: AbortSignal): Promise<ComparisonState> {
  try {
    const answer = await fetch(address, { signal });
    if (answer.ok) return { state: 'here', comparison: (await answer.json()) as Comparison };
    return { state: 'missing', isBusy: answer.status === 503 };
  } catch {
    // The network, or the dialog being closed: the dialog says that nothing came.
  }
  return { state: 'missing', isBusy: false };
}
