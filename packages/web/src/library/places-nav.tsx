import type { LibraryTag } from '@officina/protocol';
import type { PlaceLink } from '../front/use-place.js';
import { Icon } from '../kit/icon.js';
import { PLACES, type Place } from './places.js';

export interface PlacesNavProps {
  place: Place;
  tags: readonly LibraryTag[];
  link(place: Place): PlaceLink;
}

/** The views of the library, and the person's tags. */
export function PlacesNav({ place, tags, link }: PlacesNavProps) {
  return (
    <nav className="lb-places" aria-label="Library">
      <div>
        <ul>
          {PLACES.map(({ view, name, icon }) => (
            <li key={view}>
              <a {...link({ view, tag: null })} aria-current={place.view === view ? 'page' : undefined}>
                <Icon name={icon} />
                {name}
              </a>
            </li>
          ))}
        </ul>
        {tags.length > 0 && (
          <>
            <h2>Tags</h2>
            <ul aria-label="Tags">
              {tags.map(({ name, count }) => (
                <li key={name}>
                  <a
                    {...link({ view: 'tag', tag: name })}
                    aria-current={place.view === 'tag' && place.tag === name ? 'page' : undefined}
                  >
                    <Icon name="tag" />
                    <span className="lb-tag-name">{name}</span>
                    <small className="lb-tag-count" title={count === 1 ? '1 document' : `${count} documents`}>
                      {count}
                    </small>
                  </a>
                </li>
              ))}
            </ul>
          </>
        )}
      </div>
    </nav>
  );
}
