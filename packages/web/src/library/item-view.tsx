import type { LibraryItem } from '@officina/protocol';
import { type KeyboardEvent, memo } from 'react';
import type { PlaceLink } from '../front/use-place.js';
import { Icon } from '../kit/icon.js';
import { type Deed, ItemMenu } from './item-menu.js';
import { PagePicture } from './page-picture.js';
import { canOpen, exactMoment, roleWords, shortMoment } from './words.js';

export interface ItemViewProps {
  item: LibraryItem;
  /** When today began. */
  today: number;
  onDeed(deed: Deed): void;
  tagLink(tag: string): PlaceLink;
}

/** One document, as a line of the list or as a card of the grid: the style sheet decides. */
export const ItemView = memo(function ItemView({ item, today, onDeed, tagLink }: ItemViewProps) {
  const role = roleWords(item);
  return (
    // biome-ignore lint/a11y/useSemanticElements: its list is no ul
    <div role="listitem" className="lb-item" data-id={item.id}>
      <PagePicture path={item.picturePath} isReadable={canOpen(item)} />
      <div className="lb-what">
        <ItemName item={item} onDeed={onDeed} />
        <Marks item={item} />
        <small className="lb-about">
          {role === null ? '' : `${item.owner} · ${role} · `}
          Version {item.version}
        </small>
        {item.tags.length > 0 && (
          <ul className="lb-tags" aria-label="Tags">
            {item.tags.map((tag) => (
              <li key={tag}>
                <a {...tagLink(tag)}>{tag}</a>
              </li>
            ))}
          </ul>
        )}
      </div>
      <div className="lb-when">
        <time dateTime={new Date(item.modifiedAt).toISOString()} title={exactMoment(item.modifiedAt)}>
          {shortMoment(item.modifiedAt, today)}
        </time>
        <small className="lb-by">{item.editedBy === null ? '' : `by ${item.editedBy}`}</small>
      </div>
      <ItemMenu item={item} onDeed={onDeed} />
    </div>
  );
});

function ItemName({ item, onDeed }: Pick<ItemViewProps, 'item' | 'onDeed'>) {
  const act = (event: KeyboardEvent) => {
    if (event.key === 'F2' && item.role === 'owner' && !item.isTrashed) onDeed({ verb: 'rename', item });
    else if (event.key === 'Delete' && item.role === 'owner')
      onDeed({ verb: item.isTrashed ? 'delete' : 'trash', item });
    else return;
    event.preventDefault();
  };
  if (!canOpen(item))
    return (
      <span className="lb-name" dir="auto">
        {item.name}
      </span>
    );
  return (
    <a className="lb-name" href={item.pagePath} onKeyDown={act} dir="auto">
      {item.name}
    </a>
  );
}

function Marks({ item }: { item: LibraryItem }) {
  const { lock, isPublic, sharedWith, role } = item;
  const people = sharedWith.length;
  return (
    <span className="lb-marks">
      {lock && (
        <span className="pg-pill" data-tone="warn" title={`Until ${exactMoment(lock.until)}`}>
          <Icon name="lock" size={12} /> {lock.isOwn ? 'Locked by you' : `Locked by ${lock.by}`}
        </span>
      )}
      {isPublic && (
        <span className="pg-pill">
          <Icon name="globe" size={12} /> Public
        </span>
      )}
      {role === 'owner' && people > 0 && (
        <span className="pg-pill" title={sharedWith.join('\n')}>
          <Icon name="people" size={12} /> {people === 1 ? '1 person' : `${people} people`}
          {item.isSharing ? '' : ', switched off'}
        </span>
      )}
    </span>
  );
}
