import type { VersionName } from '@officina/protocol';
import { Button } from '../../../kit/button.js';
import { formatMoment } from '../format-time.js';
import type { WriterSession } from '../session/writer-session.js';
import { type HistoryEntry, titleOf } from './history-entries.js';
import { RestoreButton } from './restore-button.js';
import { deliveryWords, originOf, stateWords } from './version-words.js';

export interface HistoryCardProps {
  readonly entry: HistoryEntry;
  readonly session: WriterSession;
  readonly canRestore: boolean;
  readonly onCompare: () => void;
}

/** One state of the document: what it is, and what can be done with it. */
export function HistoryCard({ entry, session, canRestore, onCompare }: HistoryCardProps) {
  const { pagePath, downloadPath } = entry.kind === 'version' ? entry.version : entry.state;
  const name = nameOf(entry);
  const wanted: VersionName =
    entry.kind === 'version' ? { version: entry.version.number } : { sequence: entry.state.sequence };
  return (
    <article className="ow-card ow-version" data-kind={entry.kind}>
      <Words entry={entry} />
      <div className="ow-card-actions">
        <a
          className="of-button"
          data-tone="plain"
          href={pagePath}
          target="_blank"
          rel="noopener noreferrer"
          aria-label={`Open ${name} for reading, in a new window`}
        >
          Open
        </a>
        {downloadPath !== null && (
          <a
            className="of-button"
            data-tone="plain"
            href={downloadPath}
            download=""
            aria-label={`Download ${name}`}
          >
            Download
          </a>
        )}
        <Button tone="plain" aria-label={`Compare ${name}`} onClick={onCompare}>
          Compare
        </Button>
        {canRestore && <RestoreButton name={name} session={session} wanted={wanted} />}
      </div>
    </article>
  );
}

function Words({ entry }: { entry: HistoryEntry }) {
  const moment = <time dateTime={new Date(entry.at).toISOString()}>{formatMoment(entry.at)}</time>;
  if (entry.kind === 'state') {
    const { title, detail } = stateWords(entry.state, formatMoment);
    return (
      <>
        <span className="ow-card-by">
          <strong>{title}</strong>
          {moment}
        </span>
        <span className="ow-card-kind">{detail}</span>
      </>
    );
  }
  const { version } = entry;
  const { tone, words, detail } = deliveryWords(version.delivery, formatMoment);
  return (
    <>
      <span className="ow-card-by">
        <strong>{version.label ?? `Version ${version.number}`}</strong>
        {moment}
      </span>
      <span className="ow-card-kind">{originOf(version)}</span>
      {version.label === undefined && (
        <span className="ow-version-state" data-tone={tone}>
          {words}
        </span>
      )}
      {detail !== undefined && version.label === undefined && <span className="ow-card-text">{detail}</span>}
    </>
  );
}

/** Short where it can be: a button's label is read often. */
function nameOf(entry: HistoryEntry): string {
  if (entry.kind === 'state') return titleOf(entry);
  const { label, number } = entry.version;
  return label === undefined ? `version ${number}` : label.toLowerCase();
}
