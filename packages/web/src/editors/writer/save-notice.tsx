import { useState, useSyncExternalStore } from 'react';
import { Button } from '../../kit/button.js';
import { Notice } from '../../kit/notice.js';
import { formatMoment } from './format-time.js';
import { saveTroubleOf } from './session/save-trouble.js';
import type { Keeper } from './session/status-words.js';
import type { WriterSession } from './session/writer-session.js';

export interface SaveNoticeProps {
  readonly session: WriterSession;
  /** Null where this person may not take a copy. */
  readonly downloadPath: string | null;
  readonly keeper: Keeper;
}

/** A band for a save that has not reached the application: what happened, what happens next, what can be done. */
export function SaveNotice({ session, downloadPath, keeper }: SaveNoticeProps) {
  const save = useSyncExternalStore(session.subscribe, () => session.room().save);
  const isOnline = useSyncExternalStore(session.subscribe, () => session.room().link.state === 'open');
  const [hidden, setHidden] = useState('');
  const trouble = saveTroubleOf(save, formatMoment, keeper);
  if (trouble === null || trouble.key === hidden) return null;
  return (
    <Notice
      tone={trouble.tone}
      actions={
        <>
          {trouble.canSendAgain && (
            <Button tone="accent" disabled={!isOnline} onClick={() => session.save()}>
              {keeper === 'library' ? 'Save again' : 'Send again'}
            </Button>
          )}
          {downloadPath !== null && (
            <a className="of-button" href={downloadPath} download="">
              Download a copy
            </a>
          )}
          <Button tone="plain" onClick={() => setHidden(trouble.key)}>
            Hide
          </Button>
        </>
      }
    >
      {trouble.what} {trouble.next}
    </Notice>
  );
}
