import type { VersionName } from '@officina/protocol';
import { useRef, useState, useSyncExternalStore } from 'react';
import { Button } from '../../../kit/button.js';
import type { WriterSession } from '../session/writer-session.js';

export interface RestoreButtonProps {
  /** The state in the middle of a sentence. */
  readonly name: string;
  readonly wanted: VersionName;
  readonly session: WriterSession;
}

/** Asks once more, since it is for everybody; the answer is given by keyboard as well. */
export function RestoreButton({ name, wanted, session }: RestoreButtonProps) {
  const [isAsking, setAsking] = useState(false);
  const opener = useRef<HTMLButtonElement>(null);
  const canAsk = useSyncExternalStore(session.subscribe, () => {
    const { link, restoring } = session.room();
    return link.state === 'open' && restoring?.state !== 'asked';
  });
  const leave = () => {
    setAsking(false);
    opener.current?.focus();
  };
  return (
    <>
      <Button
        ref={opener}
        tone="plain"
        disabled={!canAsk}
        aria-expanded={isAsking}
        aria-label={`Restore ${name}`}
        onClick={() => setAsking(!isAsking)}
      >
        Restore
      </Button>
      {isAsking && (
        <fieldset
          className="ow-version-ask"
          aria-label={`Restore ${name}?`}
          onKeyDown={(event) => {
            if (event.key === 'Escape') leave();
          }}
        >
          <p>Everybody goes on from {name}. What is there now is kept in this list.</p>
          <Button
            tone="accent"
            autoFocus
            disabled={!canAsk}
            onClick={() => {
              leave();
              session.restore(wanted);
            }}
          >
            Restore for everybody
          </Button>
          <Button tone="plain" onClick={leave}>
            Cancel
          </Button>
        </fieldset>
      )}
    </>
  );
}
