import type { ReactNode } from 'react';
import { Notice } from '../kit/notice.js';
import type { Fetched } from './use-fetched.js';

/** What was asked for, or why it is not there. */
export function FetchedView<T>({
  fetched,
  children,
}: {
  fetched: Fetched<T>;
  children: (value: T) => ReactNode;
}) {
  switch (fetched.state) {
    case 'fetching':
      return (
        <p className="oc-empty" role="status">
          Asking the server …
        </p>
      );
    case 'failed':
      return <Notice tone="bad">{fetched.message}</Notice>;
    case 'here':
      return (
        <>
          {fetched.stale !== null && <Notice tone="warn">{fetched.stale} What you see may be old.</Notice>}
          {children(fetched.value)}
        </>
      );
    default:
      return fetched satisfies never;
  }
}
