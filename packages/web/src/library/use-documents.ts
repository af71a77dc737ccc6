import type { LibraryNews, LibrarySort, LibraryTag } from '@officina/protocol';
import { useCallback, useEffect, useRef, useState } from 'react';
import { DocumentList, type ListState, UNREAD } from './document-list.js';
import type { LibraryApi } from './library-api.js';
import type { Place } from './places.js';

export interface Documents extends ListState {
  more(): void;
  /** After a deed of the person. */
  again(): void;
  /** After a change that somebody made. */
  againSoon(): void;
}

/** The list of a place; asked for anew when the server tells of a change, or when the person comes back to the window. */
export function useDocuments(
  api: LibraryApi,
  { place, search, sort }: { place: Place; search: string; sort: LibrarySort },
  onSignedOut: () => void,
): Documents {
  const { view, tag } = place;
  const name = JSON.stringify([view, tag, search, sort]);
  const [shown, setShown] = useState<{ name: string; state: ListState }>({ name, state: UNREAD });
  const current = useRef<DocumentList | null>(null);
  useEffect(() => {
    const list = new DocumentList({
      read: (next, limit) => api.list({ view, tag, search, sort }, next, limit),
      onChange: (state) => setShown({ name, state }),
      onSignedOut,
      now: () => performance.now(),
      schedule: (task, delayMs) => {
        const timer = setTimeout(task, delayMs);
        return () => clearTimeout(timer);
      },
    });
    current.current = list;
    list.again();
    return () => list.close();
  }, [api, view, tag, search, sort, name, onSignedOut]);
  return {
    // An answer to a question that is no longer asked must not be shown.
    ...(shown.name === name ? shown.state : UNREAD),
    more: useCallback(() => current.current?.more(), []),
    again: useCallback(() => current.current?.again(), []),
    againSoon: useCallback(() => current.current?.againSoon(), []),
  };
}

/** The person's tags, asked for whenever a list was read from its beginning: `turn` is how often. */
export function useTags(api: LibraryApi, turn: number): readonly LibraryTag[] {
  const [tags, setTags] = useState<readonly LibraryTag[]>([]);
  useEffect(() => {
    if (turn === 0) return;
    void api.tags().then((answer) => {
      if (answer.state === 'good') setTags(answer.value.tags);
    });
  }, [api, turn]);
  return tags;
}

const PAUSE_MS = 150;

/**
 * Hears the server's news; several in a row are told once. Told too when the stream is back after a gap. A window that
 * nobody sees has no stream: a browser keeps only six connections to one server, and people open many documents.
 */
export function useNews(path: string, onNews: (news: readonly LibraryNews[]) => void): void {
  const listener = useRef(onNews);
  useEffect(() => {
    listener.current = onNews;
  }, [onNews]);
  useEffect(() => {
    let source: EventSource | null = null;
    let waiting: LibraryNews[] = [];
    let timer: ReturnType<typeof setTimeout> | undefined;
    let hasGap = false;
    const tellSoon = () => {
      timer ??= setTimeout(() => {
        timer = undefined;
        listener.current(waiting);
        waiting = [];
      }, PAUSE_MS);
    };
    const connect = () => {
      source = new EventSource(path);
      source.onmessage = ({ data }) => {
        waiting.push(JSON.parse(data) as LibraryNews);
        tellSoon();
      };
      source.onerror = () => {
        hasGap = true;
      };
      source.onopen = () => {
        if (hasGap) tellSoon();
        hasGap = false;
      };
    };
    const follow = () => {
      if (!document.hidden) return source === null ? connect() : undefined;
      source?.close();
      source = null;
      hasGap = true;
    };
    document.addEventListener('visibilitychange', follow);
    follow();
    return () => {
      document.removeEventListener('visibilitychange', follow);
      source?.close();
      clearTimeout(timer);
    };
  }, [path]);
}
