import type { DocumentVersion } from '@officina/protocol';
import { useState, useSyncExternalStore } from 'react';
import { Button } from '../../../kit/button.js';
import { Icon } from '../../../kit/icon.js';
import { formatMoment } from '../format-time.js';
import type { WriterSession } from '../session/writer-session.js';
import { useVersions, type VersionsState } from './use-versions.js';
import { automaticWords, deliveryWords, originOf } from './version-words.js';

export interface VersionPanelProps {
  readonly session: WriterSession;
  readonly versionsPath: string;
  readonly onClose: () => void;
}

/** Every saved version, newest first: who, when, why, and whether the application has it. */
export function VersionPanel({ session, versionsPath, onClose }: VersionPanelProps) {
  const save = useSyncExternalStore(session.subscribe, () => session.room().save);
  const [looks, setLooks] = useState(0);
  const versions = useVersions(versionsPath, `${looks} ${JSON.stringify(save)}`);
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
      <Versions versions={versions} />
    </aside>
  );
}

function Versions({ versions }: { versions: VersionsState }) {
  if (versions.state === 'fetching') return <p className="ow-review-empty">Fetching the versions…</p>;
  if (versions.state === 'missing') {
    return (
      <p className="ow-review-empty" role="alert">
        The versions could not be fetched. Try again in a moment.
      </p>
    );
  }
  const { list } = versions;
  const automatic = automaticWords(list.automatic);
  return (
    <>
      {list.versions.length === 0 && (
        <p className="ow-review-empty">Nothing was saved yet. Every save makes a version.</p>
      )}
      <ol className="ow-cards" data-testid="versions">
        {list.versions.map((version) => (
          <li key={version.number}>
            <VersionCard version={version} />
          </li>
        ))}
      </ol>
      {automatic !== null && <p className="ow-review-empty">{automatic}</p>}
    </>
  );
}

function VersionCard({ version }: { version: DocumentVersion }) {
  const { tone, words, detail } = deliveryWords(version.delivery, formatMoment);
  const name = `version ${version.number}`;
  return (
    <article className="ow-card ow-version">
      <span className="ow-card-by">
        <strong>Version {version.number}</strong>
        <time dateTime={new Date(version.savedAt).toISOString()}>{formatMoment(version.savedAt)}</time>
      </span>
      <span className="ow-card-kind">{originOf(version)}</span>
      <span className="ow-version-state" data-tone={tone}>
        {words}
      </span>
      {detail !== undefined && <span className="ow-card-text">{detail}</span>}
      <div className="ow-card-actions">
        <a
          className="of-button"
          data-tone="plain"
          href={version.pagePath}
          target="_blank"
          rel="noopener noreferrer"
          aria-label={`Open ${name} for reading, in a new window`}
        >
          Open
        </a>
        {version.downloadPath !== null && (
          <a
            className="of-button"
            data-tone="plain"
            href={version.downloadPath}
            download=""
            aria-label={`Download ${name}`}
          >
            Download
          </a>
        )}
      </div>
    </article>
  );
}
