import './compare.css';
import type { Comparison } from '@officina/engine/writer';
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import { Button } from '../../../kit/button.js';
import { Icon } from '../../../kit/icon.js';
import { ComparisonView } from './comparison-view.js';
import { addressOf, type HistoryEntry, titleOf } from './history-entries.js';
import { type ComparisonState, useComparison } from './use-comparison.js';

export interface CompareDialogProps {
  readonly entry: HistoryEntry;
  /** Everything that it can be compared with. */
  readonly entries: readonly HistoryEntry[];
  readonly onClose: () => void;
}

/** What changed from one state to another or to the document as it stands, over the editor, read-only. */
export function CompareDialog({ entry, entries, onClose }: CompareDialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const text = useRef<HTMLDivElement>(null);
  const title = useId();
  const [to, setTo] = useState('now');
  const { pagePath } = entry.kind === 'version' ? entry.version : entry.state;
  const found = useComparison(pagePath, to);
  useEffect(() => {
    const opened = dialog.current;
    opened?.showModal();
    // Else the list of versions has it, where N and P pick an entry.
    text.current?.focus();
    return () => opened?.close();
  }, []);
  const go = (step: 1 | -1) => text.current && goToChange(text.current, step);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.target instanceof HTMLSelectElement || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'n' || event.key === 'p') {
      event.preventDefault();
      go(event.key === 'n' ? 1 : -1);
    }
  };
  return (
    <dialog
      ref={dialog}
      className="oc-dialog"
      aria-labelledby={title}
      onClose={onClose}
      onKeyDown={onKeyDown}
    >
      <header className="oc-head">
        <h2 id={title}>What changed since {titleOf(entry)}</h2>
        <label>
          Compared with{' '}
          <select value={to} onChange={(event) => setTo(event.target.value)}>
            <option value="now">the document now</option>
            {entries
              .filter((other) => other.key !== entry.key)
              .map((other) => (
                <option key={other.key} value={addressOf(other)}>
                  {titleOf(other)}
                </option>
              ))}
          </select>
        </label>
        <Button tone="plain" title="Previous change (P)" onClick={() => go(-1)}>
          Previous change
        </Button>
        <Button tone="plain" title="Next change (N)" onClick={() => go(1)}>
          Next change
        </Button>
        <Button
          tone="plain"
          className="ow-icon-button"
          aria-label="Close"
          onClick={() => dialog.current?.close()}
        >
          <Icon name="close" />
        </Button>
      </header>
      <p className="oc-sum" role="status">
        {wordsOf(found)}
      </p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the keyboard has to scroll it. */}
      <div ref={text} className="oc-text" tabIndex={0}>
        {found.state === 'here' && <ComparisonView comparison={found.comparison} />}
      </div>
    </dialog>
  );
}

function wordsOf(found: ComparisonState): string {
  if (found.state === 'working') return 'Comparing…';
  if (found.state === 'here') return sumOf(found.comparison);
  return found.isBusy
    ? 'The server has too much to do at this moment. Try again soon.'
    : 'The comparison did not come. Try again in a moment.';
}

function sumOf({ counts, stories }: Comparison): string {
  if (stories.every(({ change }) => change === 'same')) return 'Nothing has changed.';
  const count = (number: number, word: string) => `${number} ${word}${number === 1 ? '' : 's'}`;
  return `${count(counts.insertedWords, 'word')} added, ${count(counts.deletedWords, 'word')} removed, in ${count(counts.paragraphs, 'paragraph')}.`;
}

/** Brings the next or the former change into sight and gives it the focus, round and round. */
function goToChange(text: HTMLElement, step: 1 | -1): void {
  const places = [...text.querySelectorAll<HTMLElement>('[data-place]')];
  const at = places.indexOf(document.activeElement as HTMLElement);
  const next = at < 0 ? (step > 0 ? 0 : places.length - 1) : (at + step + places.length) % places.length;
  places[next]?.focus({ preventScroll: true });
  places[next]?.scrollIntoView({ block: 'center' });
}
