import type { LibraryItem, LibraryNews, LibrarySort, LibraryTag } from '@officina/protocol';
import { useCallback, useEffect, useRef, useState } from 'react';
import type { LibraryApi } from './library-api.js';
import type { Place } from './places.js';

export interface Documents {
  /** Null until the first answer. */
  items: readonly LibraryItem[] | null;
  problem: string | null;
  hasMore: boolean;
  more(): void;
  again(): void;
}

/** The list of a place; asked for anew when the server tells of a change, or when the person comes back to the window. */
export function useDocuments(
  api: LibraryApi,
  { place, search, sort }: { place: Place; search: string; sort: LibrarySort },
  onSignedOut: () => void,
): Documents {
  const { view, tag } = place;
  const name = JSON.stringify([view, tag, search, sort]);
  const [list, setList] = useState<{
    name: string;
    items: readonly LibraryItem[] | null;
    next: string | null;
    problem: string | null;
  }>({ name, items: null, next: null, problem: null });
  // An answer to a question that is no longer asked must not be shown.
  const latest = useRef(0);

  const fetchList = useCallback(
    async (next: string | null, before: readonly LibraryItem[]) => {
      latest.current += 1;
      const asked = latest.current;
      const answer = await api.list({ view, tag, search, sort }, next);
      if (asked !== latest.current) return;
      if (answer.state === 'signed_out') return onSignedOut();
      if (answer.state === 'refused') {
        return setList((former) => ({
          ...(former.name === name ? former : { items: null, next: null }),
          name,
          problem: answer.message,
        }));
      }
      const { items, next: following } = answer.value;
      setList({ name, items: [...before, ...items], next: following, problem: null });
    },
    [api, view, tag, search, sort, name, onSignedOut],
  );

  useEffect(() => {
    void fetchList(null, []);
  }, [fetchList]);

  const shown = list.name === name ? list : { ...list, items: null, next: null, problem: null };
  return {
    items: shown.items,
    problem: shown.problem,
    hasMore: shown.next !== null,
    more: () => void fetchList(shown.next, shown.items ?? []),
    again: useCallback(() => void fetchList(null, []), [fetchList]),
  };
}

export function useTags(api: LibraryApi, turn: unknown): readonly LibraryTag[] {
  const [tags, setTags] = useState<readonly LibraryTag[]>([]);
  useEffect(() => {
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
