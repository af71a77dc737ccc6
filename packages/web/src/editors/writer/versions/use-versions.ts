import type { DocumentVersions } from '@officina/protocol';
import { useEffect, useState } from 'react';

export type VersionsState =
  | { state: 'fetching' }
  | { state: 'here'; list: DocumentVersions }
  | { state: 'missing' };

/** The saved versions, fetched anew whenever `step` is another one; what was fetched stays until then. */
export function useVersions(path: string, step: unknown): VersionsState {
  const [versions, setVersions] = useState<VersionsState>({ state: 'fetching' });
  // A step of a save changes what the server would answer.
  useEffect(() => {
    const abort = new AbortController();
    void fetchVersions(path, abort.signal).then((found) => {
      if (!abort.signal.aborted) setVersions(found);
    });
    return () => abort.abort();
  }, [path, step]);
  return versions;
}

async function fetchVersions(path: string, signal: AbortSignal): Promise<VersionsState> {
  try {
    const answer = await fetch(path, { signal });
    if (answer.ok) return { state: 'here', list: (await answer.json()) as DocumentVersions };
  } catch {
    // The network, or the panel being closed: the panel says that the list did not come.
  }
  return { state: 'missing' };
}
