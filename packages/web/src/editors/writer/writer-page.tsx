import '@docx-editor.dev/react/styles.css';
import type { WriterBoot } from '@officina/protocol';
import { useEffect, useRef, useState, useSyncExternalStore } from 'react';
import { hostPageOf } from '../../shell/host-page.js';
import { EndingPage } from './ending-page.js';
import type { Panel } from './header.js';
import { openWriterSession } from './open-session.js';
import type { EarlyDocument } from './opening/early-document.js';
import { Opening } from './opening/opening.js';
import type { WriterSession } from './session/writer-session.js';
import { tellHostPage } from './tell-host-page.js';
import { Workbench } from './workbench.js';

export interface WriterPageProps {
  readonly boot: WriterBoot;
  readonly early: EarlyDocument | null;
}

/** The page of one editing session, from the first connection to its end. */
export default function WriterPage({ boot, early }: WriterPageProps) {
  const [session, setSession] = useState<WriterSession | null>(null);

  useEffect(() => {
    let isGone = false;
    let release = () => {};
    void openWriterSession(boot, window, early).then((opened) => {
      if (isGone) return;
      const stopTelling = tellHostPage(opened, boot.sessionId, hostPageOf(window));
      const leave = () => opened.leave();
      window.addEventListener('pagehide', leave);
      release = () => {
        stopTelling();
        window.removeEventListener('pagehide', leave);
        opened.leave();
      };
      setSession(opened);
      opened.start();
    });
    return () => {
      isGone = true;
      release();
    };
  }, [boot, early]);

  return session === null ? (
    <Opening name={boot.documentName} early={early} />
  ) : (
    <SessionView boot={boot} session={session} early={early} />
  );
}

/** Which panel is open outlives the document's being opened anew, when people go back to an earlier state. */
function SessionView({ boot, session, early }: WriterPageProps & { readonly session: WriterSession }) {
  const ending = useSyncExternalStore(session.subscribe, () => session.room().ending);
  const document = useSyncExternalStore(session.subscribe, session.docx);
  const [panel, setPanel] = useState<Panel | null>(null);
  // What the document began with is not what people go back to.
  const wasOpen = useRef(false);
  const isOpen = useSyncExternalStore(session.subscribe, () => session.room().opened);
  wasOpen.current ||= isOpen;
  const isReachable = useSyncExternalStore(session.subscribe, () => session.room().link.state !== 'waiting');

  if (ending !== null) {
    return <EndingPage ending={ending} downloadPath={boot.downloadPath} unsentText={session.unsentText()} />;
  }
  if (document === null) {
    return (
      <Opening
        name={boot.documentName}
        early={wasOpen.current ? null : early}
        {...(isReachable ? {} : { words: 'The server cannot be reached. Trying again…' })}
      />
    );
  }
  return (
    <Workbench
      boot={boot}
      session={session}
      document={document}
      panel={panel}
      onPanelChange={setPanel}
      early={wasOpen.current ? null : early}
    />
  );
}
