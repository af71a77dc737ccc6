import { useState, useSyncExternalStore } from 'react';
import { Button } from '../../../kit/button.js';
import { Icon } from '../../../kit/icon.js';
import type { WriterSession } from '../session/writer-session.js';
import { CompareDialog } from './compare-dialog.js';
import { HistoryCard } from './history-card.js';
import { historyEntries } from './history-entries.js';
import { useVersions, type VersionsState } from './use-versions.js';
import { automaticWords } from './version-words.js';

export interface VersionPanelProps {
  readonly session: WriterSession;
  readonly versionsPath: string;
  /** Whether this person may make an earlier state the document. */
  readonly canRestore: boolean;
  readonly onClose: () => void;
}

/** Every saved version and every state that is kept between them, newest first: who, when, why, and where it is. */
export function VersionPanel({ session, versionsPath, canRestore, onClose }: VersionPanelProps) {
  const save = useSyncExternalStore(session.subscribe, () => session.room().save);
  const delivered = useSyncExternalStore(session.subscribe, () => session.room().confirmedVersion);
  const [looks, setLooks] = useState(0);
  const versions = useVersions(versionsPath, `${looks} ${delivered} ${JSON.stringify(save)}`);
  return (
    <aside className="ow-review" aria-label="Version history">
      <div className="ow-review-head">
        <h2>Version history</h2>
        <span>
          <Button
            tone="plain"
            className="ow-icon-button"
            aria-label="Refresh"
            title="Refresh"
            onClick={() => setLooks(looks + 1)}
          >
            <Icon name="refresh" />
          </Button>
          <Button tone="plain" className="ow-icon-button" aria-label="Close" onClick={onClose}>
            <Icon name="close" />
          </Button>
        </span>
      </div>
      <Versions versions={versions} session={session} canRestore={canRestore} />
    </aside>
  );
}

interface VersionsProps extends Pick<VersionPanelProps, 'session' | 'canRestore'> {
  readonly versions: VersionsState;
}

function Versions({ versions, session, canRestore }: VersionsProps) {
  const [comparing, setComparing] = useState<string | null>(null);
  if (versions.state === 'fetching') return <p className="ow-review-empty">Fetching the versions…</p>;
  if (versions.state === 'missing') {
    return (
      <p className="ow-review-empty" role="alert">
        The versions could not be fetched. Try again in a moment.
      </p>
    );
  }
  const { list } = versions;
  const entries = historyEntries(list);
  const compared = entries.find(({ key }) => key === comparing);
  const automatic = automaticWords(list.automatic);
  return (
    <>
      {list.versions.length === 0 && (
        <p className="ow-review-empty">Nothing was saved yet. Every save makes a version.</p>
      )}
      <ol className="ow-cards" data-testid="versions">
        {entries.map((entry) => (
          <li key={entry.key}>
            <HistoryCard
              entry={entry}
              session={session}
              canRestore={canRestore}
              onCompare={() => setComparing(entry.key)}
            />
          </li>
        ))}
      </ol>
      {automatic !== null && <p className="ow-review-empty">{automatic}</p>}
      {compared && <CompareDialog entry={compared} entries={entries} onClose={() => setComparing(null)} />}
    </>
  );
}
