import type { LibraryItem, LibraryVersion } from '@officina/protocol';
import { useEffect, useState } from 'react';
import { Button } from '../kit/button.js';
import { Icon } from '../kit/icon.js';
import { Dialog } from './dialog.js';
import { FormatList } from './item-menu.js';
import type { LibraryApi } from './library-api.js';
import { canChange, exactMoment } from './words.js';

export interface VersionsDialogProps {
  item: LibraryItem;
  api: LibraryApi;
  onClose(): void;
}

/** Every saved version of a document. */
export function VersionsDialog({ item, api, onClose }: VersionsDialogProps) {
  const [versions, setVersions] = useState<readonly LibraryVersion[] | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    void api.versions(item.id).then((answer) => {
      if (answer.state === 'good') setVersions(answer.value.versions);
      else if (answer.state === 'refused') setProblem(answer.message);
    });
  }, [api, item.id, turn]);
  const restore = async (version: string) => {
    const answer = await api.act(item.id, 'versions/restore', { version });
    setProblem(answer.state === 'refused' ? answer.message : null);
    setTurn(turn + 1);
  };
  return (
    <Dialog title={`Versions of “${item.name}”`} onClose={onClose}>
      <p className="lb-hint">
        Every save makes a version. Bringing one back makes it the newest, and keeps all others.
      </p>
      <p role="status" data-bad={problem !== null || undefined}>
        {problem ?? ''}
      </p>
      <ol className="lb-versions" aria-label="Versions">
        {versions?.map(({ version, savedAt, by }, index) => (
          <li key={version}>
            <span className="lb-person">
              Version {version}
              <small>
                {exactMoment(savedAt)}
                {by === null ? '' : `, ${by}`}
              </small>
            </span>
            <a
              className="of-button"
              href={api.downloadPath(item.id, 'docx', version)}
              download=""
              aria-label={`Download version ${version}`}
            >
              <Icon name="download" size={16} />
            </a>
            {index > 0 && canChange(item) && (
              <Button onClick={() => void restore(version)} aria-label={`Bring back version ${version}`}>
                Bring back
              </Button>
            )}
          </li>
        ))}
      </ol>
    </Dialog>
  );
}

/** The formats that the newest version can be had in. */
export function DownloadDialog({ item, api, onClose }: VersionsDialogProps) {
  return (
    <Dialog title={`Download “${item.name}”`} onClose={onClose}>
      <FormatList api={api} id={item.id} />
    </Dialog>
  );
}
