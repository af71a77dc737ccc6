import type { LibraryItem } from '@officina/protocol';
import { useEffect } from 'react';

/** The server's clock and ours may differ a little. */
const MARGIN_MS = 1_000;

/** Looks again when the first of the locks that are shown has run out: nobody tells of that. */
export function useLockEnd(items: readonly Pick<LibraryItem, 'lock'>[], look: () => unknown): void {
  const soonest = Math.min(...items.map(({ lock }) => lock?.until ?? Number.POSITIVE_INFINITY));
  useEffect(() => {
    if (!Number.isFinite(soonest)) return;
    const timer = setTimeout(() => void look(), Math.max(0, soonest - Date.now()) + MARGIN_MS);
    return () => clearTimeout(timer);
  }, [soonest, look]);
}
