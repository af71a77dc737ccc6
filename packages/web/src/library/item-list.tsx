import type { LibraryItem } from '@officina/protocol';
import { type CSSProperties, memo, useCallback, useEffect, useRef } from 'react';
import type { PlaceLink } from '../front/use-place.js';
import { Button } from '../kit/button.js';
import { EmptyPlace } from './empty-place.js';
import type { Deed } from './item-menu.js';
import { ItemView, type ItemViewProps } from './item-view.js';
import { nameOf, type Place } from './places.js';
import type { Look } from './toolbar.js';
import type { Documents } from './use-documents.js';
import { useKeptFocus } from './use-kept-focus.js';
import { useListKeys } from './use-list-keys.js';

export interface ItemListProps {
  documents: Documents;
  place: Place;
  search: string;
  look: Look;
  link(place: Place): PlaceLink;
  onDeed(deed: Deed): void;
}

/** The documents of a place, as far as one has scrolled. */
export function ItemList({ documents, place, search, look, link, onDeed }: ItemListProps) {
  const keys = useListKeys(look);
  const keepFocus = useKeptFocus(documents.items);
  const today = new Date().setHours(0, 0, 0, 0);
  const tagLink = useCallback((tag: string) => link({ view: 'tag', tag }), [link]);
  const { items, problem, hasMore, more } = documents;
  if (items === null) {
    return problem === null ? <div className="lb-waiting" role="status" aria-label="Loading" /> : null;
  }
  if (items.length === 0) return <EmptyPlace place={place} search={search} />;
  return (
    <>
      {/* biome-ignore lint/a11y/useSemanticElements: an ul may have no groups between itself and its items */}
      <div
        role="list"
        className="lb-items"
        data-look={look}
        aria-label={nameOf(place)}
        onKeyDown={keys}
        onFocus={keepFocus}
      >
        {groupsOf(items).map((group, place) => (
          <ItemGroup key={place} items={group} today={today} onDeed={onDeed} tagLink={tagLink} />
        ))}
      </div>
      {hasMore && <MoreBelow key={items.length} onMore={more} />}
    </>
  );
}

/** What 2, 3, 4, 5, 6, 10 and 12 divide: whatever the columns of the grid are, only the last row of all has gaps. */
const GROUP = 60;

function groupsOf(items: readonly LibraryItem[]): readonly (readonly LibraryItem[])[] {
  const count = Math.ceil(items.length / GROUP);
  return Array.from({ length: count }, (_, place) => items.slice(place * GROUP, (place + 1) * GROUP));
}

type ItemGroupProps = Pick<ItemViewProps, 'today' | 'onDeed' | 'tagLink'> & { items: readonly LibraryItem[] };

/** Documents that are laid out and drawn only while they are near the window, and compared only as a group. */
const ItemGroup = memo(
  function ItemGroup({ items, ...rest }: ItemGroupProps) {
    return (
      <div className="lb-group" style={{ '--lb-count': items.length } as CSSProperties}>
        {items.map((item) => (
          <ItemView key={item.id} item={item} {...rest} />
        ))}
      </div>
    );
  },
  (before, after) =>
    before.today === after.today &&
    before.onDeed === after.onDeed &&
    before.tagLink === after.tagLink &&
    before.items.length === after.items.length &&
    before.items.every((item, place) => item === after.items[place]),
);

/** How far below the window the next part is asked for: it is there before one has scrolled to it. */
const AHEAD = '1200px';

/** Asks for more when one comes near the end; the button is for the time until it is there, and for trying again. */
function MoreBelow({ onMore }: { onMore: () => void }) {
  const end = useRef<HTMLParagraphElement>(null);
  useEffect(() => {
    const observer = new IntersectionObserver(
      // On a busy machine several come at once, in order; the last one is how it stands.
      (entries) => {
        if (entries.at(-1)?.isIntersecting) onMore();
      },
      { rootMargin: `0px 0px ${AHEAD} 0px` },
    );
    if (end.current) observer.observe(end.current);
    return () => observer.disconnect();
  }, [onMore]);
  return (
    <p ref={end} className="lb-more">
      <Button onClick={onMore}>Show more</Button>
    </p>
  );
}
