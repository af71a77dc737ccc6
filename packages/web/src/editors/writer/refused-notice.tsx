import { useState, useSyncExternalStore } from 'react';
import { Button } from '../../kit/button.js';
import { Notice } from '../../kit/notice.js';
import type { RefusedWork } from './session/room-state.js';
import type { WriterSession } from './session/writer-session.js';

/** Says what of this person's work the document could not take, why, and gives their words back. */
export function RefusedNotice({ session }: { session: WriterSession }) {
  const refused = useSyncExternalStore(session.subscribe, () => session.room().refused);
  const [copied, setCopied] = useState('');
  const last = refused[refused.length - 1];
  if (last === undefined) return null;
  const words = wordsOf(refused);
  // Over plain http browsers keep the clipboard to themselves: then the words are there to be marked.
  const clipboard = navigator.clipboard as Clipboard | undefined;
  const copy = () => void clipboard?.writeText(words).then(() => setCopied(words));
  return (
    <Notice
      tone="warn"
      actions={
        <>
          {words !== '' && clipboard !== undefined && (
            <Button onClick={copy}>{copied === words ? 'Copied' : 'Copy what you typed'}</Button>
          )}
          <Button tone="plain" onClick={() => session.dismissRefused()}>
            Dismiss
          </Button>
        </>
      }
    >
      {refused.length === 1 ? 'One of your edits' : `${refused.length} of your edits`} could not be kept:{' '}
      {last.reason}
      {words !== '' && <q className="ow-refused-words">{words}</q>}
    </Notice>
  );
}

/** Keys that went out one by one read as they were typed. */
function wordsOf(refused: readonly RefusedWork[]): string {
  return refused.map(({ text }) => text).join('');
}
