import { type MouseEvent, useCallback, useEffect, useState } from 'react';

export interface PlaceLink {
  href: string;
  onClick(event: MouseEvent): void;
}

/**
 * Which part of a page the address names, and links that go elsewhere without loading the page anew. `placeOf` reads a
 * path; `hrefOf` is the other way round, and stays the same function.
 */
export function usePlace<Place>(
  placeOf: (path: string) => Place,
  hrefOf: (place: Place) => string,
): { place: Place; link: (place: Place) => PlaceLink } {
  const [place, setPlace] = useState(() => placeOf(window.location.pathname));
  useEffect(() => {
    const follow = () => setPlace(placeOf(window.location.pathname));
    window.addEventListener('popstate', follow);
    return () => window.removeEventListener('popstate', follow);
  }, [placeOf]);
  const link = useCallback(
    (to: Place): PlaceLink => {
      const href = hrefOf(to);
      return {
        href,
        onClick(event) {
          // A click that asks for a new tab or window is the browser's.
          if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
          event.preventDefault();
          window.history.pushState(null, '', href);
          setPlace(() => to);
        },
      };
    },
    [hrefOf],
  );
  return { place, link };
}
