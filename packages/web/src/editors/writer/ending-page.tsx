import { useEffect } from 'react';
import { Button } from '../../kit/button.js';
import { FullPage } from '../../kit/full-page.js';
import type { IconName } from '../../kit/icon.js';
import type { Ending } from './session/room-state.js';

interface Words {
  readonly icon: IconName;
  readonly title: string;
  readonly text: string;
  readonly canReload: boolean;
}

const WORDS: Readonly<Record<Ending, Words>> = {
  session_deleted: {
    icon: 'end',
    title: 'This session was ended',
    text: 'The application that opened this document has ended your session. Everything that was shown as safe is on the server.',
    canReload: false,
  },
  document_deleted: {
    icon: 'end',
    title: 'This document was removed',
    text: 'The application that opened this document has removed it here. Ask there for the current version.',
    canReload: false,
  },
  session_expired: {
    icon: 'clock',
    title: 'This session has expired',
    text: 'Open the document again from the application to go on. Everything that was shown as safe is on the server.',
    canReload: false,
  },
  access_withdrawn: {
    icon: 'end',
    title: 'You cannot open this document any more',
    text: 'Its owner no longer shares it with you, or has put it into the trash. Everything that was shown as safe is on the server.',
    canReload: false,
  },
  server_stopping: {
    icon: 'clock',
    title: 'The server is restarting',
    text: 'Your work is safe. Reload in a moment to go on.',
    canReload: true,
  },
  misbehaved: {
    icon: 'warning',
    title: 'This window was disconnected',
    text: 'It sent what the server could not accept. Reload to go on with the document as it is on the server.',
    canReload: true,
  },
  unknown_session: {
    icon: 'warning',
    title: 'There is no such session',
    text: 'It may have ended, or the address is not complete. Open the document again from the application.',
    canReload: false,
  },
  must_reload: {
    icon: 'clock',
    title: 'Catching up',
    text: 'This window was away for long and has to load the document anew. What you typed here is kept and sent.',
    canReload: true,
  },
  failed: {
    icon: 'warning',
    title: 'The document could not be opened',
    text: 'Something went wrong on the way. What was shown as safe is on the server.',
    canReload: true,
  },
};

export interface EndingPageProps {
  readonly ending: Ending;
  readonly downloadPath: string | null;
  /** What was typed and never reached the server. */
  readonly unsentText: string;
}

export function EndingPage({ ending, downloadPath, unsentText }: EndingPageProps) {
  const { icon, title, text, canReload } = WORDS[ending];
  useEffect(() => {
    if (ending === 'must_reload') reloadOnce();
  }, [ending]);
  return (
    <FullPage
      icon={icon}
      title={title}
      actions={
        <>
          {canReload && (
            <Button tone="accent" onClick={() => window.location.reload()}>
              Reload
            </Button>
          )}
          {unsentText !== '' && (
            <Button onClick={() => void navigator.clipboard.writeText(unsentText)}>
              Copy what you typed last
            </Button>
          )}
          {canReload && downloadPath !== null && (
            <a className="of-button" href={downloadPath} download="">
              Download
            </a>
          )}
        </>
      }
    >
      <p>{text}</p>
      {unsentText !== '' && !canReload && (
        <p>Your very last words did not reach it; you can still copy them.</p>
      )}
    </FullPage>
  );
}

const RELOADED_KEY = 'officina:reloaded-at';
const RELOAD_PAUSE_MS = 60_000;

/** Reloads by itself, but never in a circle: if that did not help, the person decides. */
function reloadOnce(): void {
  try {
    const last = Number(sessionStorage.getItem(RELOADED_KEY) ?? 0);
    if (Date.now() - last < RELOAD_PAUSE_MS) return;
    sessionStorage.setItem(RELOADED_KEY, String(Date.now()));
    window.location.reload();
  } catch {
    // No storage in this frame: the button is there.
  }
}
