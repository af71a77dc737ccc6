import { Icon, type IconName } from '../kit/icon.js';
import type { Place } from './places.js';

const WORDS: Readonly<Record<Place['view'], { icon: IconName; title: string; text: string }>> = {
  mine: {
    icon: 'document',
    title: 'No documents yet',
    text: 'Make a new one, or drop files here to upload them.',
  },
  shared: {
    icon: 'people',
    title: 'Nobody shares a document with you yet',
    text: 'When somebody does, it appears here by itself.',
  },
  public: {
    icon: 'globe',
    title: 'No document is public',
    text: 'Open a document to everybody from its share dialog.',
  },
  trash: {
    icon: 'trash',
    title: 'The trash is empty',
    text: 'What you delete stays here until you delete it for good.',
  },
  tag: { icon: 'tag', title: 'No document has this tag', text: 'Tag documents from their menu.' },
};

/** What a view without documents says. */
export function EmptyPlace({ place, search }: { place: Place; search: string }) {
  const { icon, title, text } =
    search === ''
      ? WORDS[place.view]
      : {
          icon: 'search' as const,
          title: `Nothing found for “${search}”`,
          text: 'Every word is looked for in names and texts.',
        };
  return (
    <div className="lb-empty" tabIndex={-1}>
      <Icon name={icon} size={34} />
      <h2>{title}</h2>
      <p>{text}</p>
    </div>
  );
}
