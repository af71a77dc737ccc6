import { useEffect, useState, useSyncExternalStore } from 'react';
import { Button } from '../../kit/button.js';
import { Notice } from '../../kit/notice.js';
import { formatMoment } from './format-time.js';
import { RefusedNotice } from './refused-notice.js';
import { SaveNotice, type SaveNoticeProps } from './save-notice.js';
import type { WriterSession } from './session/writer-session.js';
import { restoredWords } from './versions/version-words.js';

const WARN_BEFORE_MS = 10 * 60_000;
const LOOK_EVERY_MS = 15_000;

/** Bands for what must not be missed: a save that did not arrive, work that was refused, and a session that is about to end. */
export function Notices({ session, downloadPath, keeper }: SaveNoticeProps) {
  return (
    <>
      <SaveNotice session={session} downloadPath={downloadPath} keeper={keeper} />
      <RestoredNotice session={session} />
      <RefusedNotice session={session} />
      <ExpiryNotice session={session} />
    </>
  );
}

function RestoredNotice({ session }: { session: WriterSession }) {
  const restored = useSyncExternalStore(session.subscribe, () => session.room().restored);
  const restoring = useSyncExternalStore(session.subscribe, () => session.room().restoring);
  const dismiss = (
    <Button tone="plain" onClick={() => session.dismissRestored()}>
      Dismiss
    </Button>
  );
  if (restoring?.state === 'refused') {
    return (
      <Notice tone="bad" actions={dismiss}>
        Nothing was restored: {restoring.reason}
      </Notice>
    );
  }
  if (restored === null) return null;
  return (
    <Notice tone="calm" actions={dismiss}>
      {restoredWords(restored, formatMoment)}
    </Notice>
  );
}

function ExpiryNotice({ session }: { session: WriterSession }) {
  const expiresAt = useSyncExternalStore(session.subscribe, () => session.room().expiresAt);
  const [now, setNow] = useState(() => Date.now());

  useEffect(() => {
    const timer = window.setInterval(() => setNow(Date.now()), LOOK_EVERY_MS);
    return () => window.clearInterval(timer);
  }, []);

  const left = expiresAt - now;
  if (left > WARN_BEFORE_MS || left <= 0) return null;
  const minutes = Math.max(1, Math.ceil(left / 60_000));
  return (
    <Notice
      tone="warn"
      actions={
        <Button tone="accent" onClick={() => session.extend()}>
          Extend
        </Button>
      }
    >
      This session ends in {minutes === 1 ? 'a minute' : `${minutes} minutes`}.
    </Notice>
  );
}
