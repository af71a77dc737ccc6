import type { LibraryView } from '@officina/protocol';
import { type MouseEvent, useCallback, useEffect, useState } from 'react';
import type { IconName } from '../kit/icon.js';

/** What the address names: a view, or the documents with a tag. */
export interface Place {
  view: LibraryView;
  tag: string | null;
}

export const PLACES: readonly { view: Exclude<LibraryView, 'tag'>; name: string; icon: IconName }[] = [
  { view: 'mine', name: 'My documents', icon: 'home' },
  { view: 'shared', name: 'Shared with me', icon: 'people' },
  { view: 'public', name: 'Public', icon: 'globe' },
  { view: 'trash', name: 'Trash', icon: 'trash' },
];

export interface PlaceLink {
  href: string;
  onClick(event: MouseEvent): void;
}

/** Where the person is, and links that go elsewhere without loading the page anew. */
export function usePlace(base: string): { place: Place; link: (place: Place) => PlaceLink } {
  const [place, setPlace] = useState(() => placeOf(window.location.pathname));
  useEffect(() => {
    const follow = () => setPlace(placeOf(window.location.pathname));
    window.addEventListener('popstate', follow);
    return () => window.removeEventListener('popstate', follow);
  }, []);
  const link = useCallback(
    (to: Place): PlaceLink => {
      const href = `${base}${pathOf(to)}`;
      return {
        href,
        onClick(event) {
          // A click that asks for a new tab or window is the browser's.
          if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
          event.preventDefault();
          window.history.pushState(null, '', href);
          setPlace(to);
        },
      };
    },
    [base],
  );
  return { place, link };
}

export function placeOf(path: string): Place {
  const tag = /\/library\/tags\/([^/]+)\/?$/.exec(path)?.[1];
  if (tag !== undefined) return { view: 'tag', tag: decode(tag) };
  const name = /\/library\/([a-z]+)\/?$/.exec(path)?.[1];
  return { view: PLACES.find(({ view }) => view === name)?.view ?? 'mine', tag: null };
}

export function pathOf({ view, tag }: Place): string {
  if (view === 'tag') return `/library/tags/${encodeURIComponent(tag ?? '')}`;
  return view === 'mine' ? '/library' : `/library/${view}`;
}

export function nameOf({ view, tag }: Place): string {
  return PLACES.find((each) => each.view === view)?.name ?? `Tag “${tag ?? ''}”`;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
