import { LIBRARY_FORMATS, type LibraryItem } from '@officina/protocol';
import { Icon } from '../kit/icon.js';
import type { LibraryApi } from './library-api.js';
import { Menu, type MenuEntry } from './menu.js';
import { canChange, canOpen, FORMAT_NAMES } from './words.js';

/** What a person chose to do with a document. */
export type Deed =
  | { verb: 'rename' | 'tags' | 'share' | 'versions' | 'download' | 'replace'; item: LibraryItem }
  | { verb: 'lock' | 'unlock' | 'trash' | 'restore' | 'delete'; item: LibraryItem };

export interface ItemMenuProps {
  item: LibraryItem;
  onDeed(deed: Deed): void;
}

/** Everything that the person may do with this document, and nothing else. */
export function ItemMenu({ item, onDeed }: ItemMenuProps) {
  return (
    <Menu
      label={`Actions for ${item.name}`}
      className="of-button lb-icon-button"
      groups={entriesOf(item, onDeed)}
    >
      <Icon name="more" />
    </Menu>
  );
}

function entriesOf(item: LibraryItem, onDeed: (deed: Deed) => void): readonly (readonly MenuEntry[])[] {
  const isOwner = item.role === 'owner';
  const entry = (name: string, verb: Deed['verb'], icon: Parameters<typeof Icon>[0]['name']): MenuEntry => ({
    name,
    icon: <Icon name={icon} size={16} />,
    onChoose: () => onDeed({ verb, item }),
  });
  if (item.isTrashed) {
    return [
      [entry('Restore', 'restore', 'refresh'), entry('Download as…', 'download', 'download')],
      [{ ...entry('Delete for good', 'delete', 'trash'), tone: 'bad' }],
    ];
  }
  const mayChange = canChange(item);
  return [
    [
      ...(isOwner ? [entry('Share…', 'share', 'people')] : []),
      ...(isOwner ? [entry('Rename…', 'rename', 'pen')] : []),
      ...(item.role !== 'visitor' && canOpen(item) ? [entry('Tags…', 'tags', 'tag')] : []),
    ],
    [
      ...(item.role !== 'visitor' ? [entry('Versions…', 'versions', 'clock')] : []),
      ...(canOpen(item) ? [entry('Download as…', 'download', 'download')] : []),
      ...(mayChange && !item.lock ? [entry('Upload a new version…', 'replace', 'upload')] : []),
    ],
    lockEntries(item, mayChange, entry),
    isOwner ? [{ ...entry('Move to the trash', 'trash', 'trash'), tone: 'bad' }] : [],
  ];
}

function lockEntries(
  item: LibraryItem,
  mayChange: boolean,
  entry: (name: string, verb: Deed['verb'], icon: 'lock' | 'unlock') => MenuEntry,
): readonly MenuEntry[] {
  if (!mayChange) return [];
  if (item.lock === null) return [entry('Lock for me', 'lock', 'lock')];
  if (item.lock.isOwn) return [entry('Unlock', 'unlock', 'unlock')];
  return item.role === 'owner' ? [entry(`Break the lock of ${item.lock.by}`, 'unlock', 'unlock')] : [];
}

/** The formats that a document, or one version of it, can be had in. */
export function FormatList({ api, id, version }: { api: LibraryApi; id: string; version?: string }) {
  return (
    <ul className="lb-formats">
      {LIBRARY_FORMATS.map((format) => (
        <li key={format}>
          <a className="of-button" href={api.downloadPath(id, format, version)} download="">
            <Icon name="download" size={16} />
            {FORMAT_NAMES[format]}
          </a>
        </li>
      ))}
    </ul>
  );
}
