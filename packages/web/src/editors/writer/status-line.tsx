import { useSyncExternalStore } from 'react';
import { Icon, type IconName } from '../../kit/icon.js';
import { type Status, type StatusTone, statusOf } from './session/status-words.js';
import type { WriterSession } from './session/writer-session.js';

const ICONS: Readonly<Record<StatusTone, IconName>> = {
  calm: 'cloud',
  busy: 'cloud',
  good: 'check',
  warn: 'offline',
  bad: 'warning',
};

interface StatusProps {
  readonly session: WriterSession;
  /** Whether there is anywhere to save to. */
  readonly canSave: boolean;
}

/** Where the work is, in words that change as it goes. */
export function StatusLine({ session, canSave }: StatusProps) {
  const status = useStatus(session, canSave);
  return (
    <div className="ow-status" data-tone={status.tone} title={status.detail} data-testid="status">
      <Icon name={ICONS[status.tone]} size={16} />
      <span>{status.words}</span>
      {status.detail !== undefined && <span className="ow-status-detail">{status.detail}</span>}
    </div>
  );
}

/** The same for a screen reader, without the flicker of every burst of typing. */
export function StatusAnnouncer({ session, canSave }: StatusProps) {
  const status = useStatus(session, canSave);
  return (
    <div className="of-hidden" aria-live="polite">
      {status.tone === 'busy' ? '' : `${status.words}. ${status.detail ?? ''}`}
    </div>
  );
}

function useStatus(session: WriterSession, canSave: boolean): Status {
  return statusOf(useSyncExternalStore(session.subscribe, session.room), formatTime, canSave);
}

function formatTime(at: number): string {
  return new Date(at).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
}
