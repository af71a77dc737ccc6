import type { EarlyDocument } from './early-document.js';
import { FirstPage } from './first-page.js';
import { useFirstLook } from './use-first-look.js';

interface OpeningProps {
  readonly name: string;
  readonly early?: EarlyDocument | null;
  readonly words?: string;
  /** For a page without toolbar and ruler, so that the paper stands where it will stay. */
  readonly isReading?: boolean;
}

/** What stands in the window until the document does: its first words where they are known, else its name. */
export function Opening({ name, early = null, words = 'Opening…', isReading = false }: OpeningProps) {
  const look = useFirstLook(early);
  if (look !== null) {
    return (
      <main className="ow-opening-desk" aria-busy="true" data-reading={isReading || undefined}>
        <div className="ow-opening-bar">{name}</div>
        <FirstPage look={look} words={words} />
      </main>
    );
  }
  return (
    <main className="of-page" aria-busy="true">
      <div role="status" className="ow-opening">
        <div className="of-spinner" aria-hidden="true" />
        <p>
          <strong>{name}</strong>
        </p>
        <p>{words}</p>
      </div>
    </main>
  );
}
