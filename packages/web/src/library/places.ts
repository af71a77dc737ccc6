import type { LibraryView } from '@officina/protocol';
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
